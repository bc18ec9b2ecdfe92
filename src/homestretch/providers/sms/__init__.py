"""Short messages: sent to a phone, and what comes back about them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from homestretch.kernel.refusal import Refusal


@dataclass(frozen=True)
class SmsMessage:
    """`key` is our id of the message, `to` E.164."""

    key: str
    to: str
    text: str


@dataclass(frozen=True)
class Receipt:
    """The company took the message and knows it by `provider_id`."""

    provider_id: str


@dataclass(frozen=True)
class Callback:
    """What a company posted to us: the public URL that it was told to call, headers, the form's fields in
    order, those without a value too (they are signed as well)."""

    url: str
    headers: Mapping[str, str]
    form: Sequence[tuple[str, str]]
    values: Mapping[str, str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "headers", {name.lower(): value for name, value in self.headers.items()})
        object.__setattr__(self, "values", dict(self.form))


@dataclass(frozen=True)
class DeliveryReport:
    """What became of a message. `code` is the company's reason for a failure, empty otherwise."""

    provider_id: str
    state: Literal["queued", "sent", "delivered", "failed"]
    code: str = ""


@dataclass(frozen=True)
class InboundSms:
    """What a person wrote to us. `provider_id` is the same when a company repeats itself; numbers as it gives them."""

    provider_id: str
    sender: str
    to: str
    text: str


class Sms(Protocol):
    def send(self, message: SmsMessage) -> Receipt:
        """Hand one message to the company, once. Raises `ProviderError`."""
        ...

    def hear(self, callback: Callback) -> DeliveryReport | InboundSms:
        """Read what the company posted. Refuses `callback.forbidden` (not signed by it) and `callback.malformed`."""
        ...


def not_signed() -> Refusal:
    return Refusal("callback.forbidden", "the signature is not the provider's", remedy="check the secret and the URL")


def not_readable(name: str) -> Refusal:
    return Refusal(
        "callback.malformed",
        f"the field {name} is missing or not understood",
        remedy="send the callback as documented",
        field=name,
    )
