"""Electronic mail: one message to one person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class EmailMessage:
    """`key` is our id of the message; `message_id` the `<...@...>` that we give it and by which it is known from then
    on. `sent_at` has a zone. `html` may be empty. `headers` are further ones, such as `List-Unsubscribe`."""

    key: str
    to: str
    subject: str
    text: str
    html: str
    message_id: str
    sent_at: datetime
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Receipt:
    """The mail server took the message; `provider_id` is its Message-ID."""

    provider_id: str


class Email(Protocol):
    def send(self, message: EmailMessage) -> Receipt:
        """Hand one message to the mail server, once. Raises `ProviderError`."""
        ...
