"""A company that puts every message into an inbox file, and signs what it calls back with."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, cast, get_args

from homestretch.providers import faults, inbox
from homestretch.providers.registry import adapter
from homestretch.providers.sms import (
    Callback,
    DeliveryReport,
    InboundSms,
    Receipt,
    SmsMessage,
    not_readable,
    not_signed,
)

State = Literal["queued", "sent", "delivered", "failed"]


@dataclass(frozen=True)
class FakeSmsOptions:
    """`inbox` is a file of JSON lines; `secret` signs callbacks, and without one none is believed."""

    inbox: Path
    faults: Path | None = None
    secret: str = field(default="", repr=False)


@adapter("sms", "fake", FakeSmsOptions)
class FakeSms:
    """Takes messages into the inbox: `{"kind": "sms", "provider_id", "key", "to", "text"}` a line.

    Its callbacks are forms: `id` and `state` (and `code`) for a report; `id`, `from`, `to` and `text` for a message.
    The header `X-Fake-Signature` is the hex HMAC-SHA256, by the secret, of the URL and each `name=value` in the form's
    order, joined by newlines.
    """

    def __init__(self, options: FakeSmsOptions) -> None:
        self._options = options

    def send(self, message: SmsMessage) -> Receipt:
        fault = faults.next_fault(self._options.faults, "sms", message.to)
        if fault and not fault.accepted:
            raise fault.error()
        provider_id = f"fake-{hashlib.sha256(message.key.encode()).hexdigest()[:24]}"
        entry = {"kind": "sms", "provider_id": provider_id, "key": message.key, "to": message.to, "text": message.text}
        inbox.append(self._options.inbox, entry)
        if fault:
            raise fault.error()
        return Receipt(provider_id)

    def hear(self, callback: Callback) -> DeliveryReport | InboundSms:
        lines = [callback.url, *(f"{name}={value}" for name, value in callback.form)]
        right = hmac.new(self._options.secret.encode(), "\n".join(lines).encode(), hashlib.sha256).hexdigest()
        given = callback.headers.get("x-fake-signature", "")
        if not self._options.secret or not hmac.compare_digest(right.encode(), given.encode()):
            raise not_signed()
        values = callback.values
        if not values.get("id"):
            raise not_readable("id")
        if "text" in values:
            return InboundSms(values["id"], values.get("from", ""), values.get("to", ""), values["text"])
        if values.get("state") not in get_args(State):
            raise not_readable("state")
        return DeliveryReport(values["id"], cast(State, values["state"]), values.get("code", ""))
