"""A mail server that puts every message into an inbox file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from homestretch.providers import faults, inbox
from homestretch.providers.email import EmailMessage, Receipt
from homestretch.providers.registry import adapter


@dataclass(frozen=True)
class FakeEmailOptions:
    """`inbox` is a file of JSON lines; it may be the one of the SMS fake."""

    inbox: Path
    faults: Path | None = None


@adapter("email", "fake", FakeEmailOptions)
class FakeEmail:
    """Takes messages into the inbox, a line each:
    `{"kind": "email", "provider_id", "key", "to", "subject", "text", "html", "sent_at", "headers"}`.
    """

    def __init__(self, options: FakeEmailOptions) -> None:
        self._options = options

    def send(self, message: EmailMessage) -> Receipt:
        fault = faults.next_fault(self._options.faults, "email", message.to)
        if fault and not fault.accepted:
            raise fault.error()
        entry = {
            "kind": "email",
            "provider_id": message.message_id,
            "key": message.key,
            "to": message.to,
            "subject": message.subject,
            "text": message.text,
            "html": message.html,
            "sent_at": message.sent_at.isoformat(),
            "headers": dict(message.headers),
        }
        inbox.append(self._options.inbox, entry)
        if fault:
            raise fault.error()
        return Receipt(message.message_id)
