"""An endpoint that answers 200 to everything and notes what it was told in an inbox file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from homestretch.providers import faults, inbox
from homestretch.providers.registry import adapter
from homestretch.providers.webhook import Answer


@dataclass(frozen=True)
class FakeWebhookOptions:
    """A fault with a `status` answers with it; one without loses the request as its outcome says."""

    inbox: Path
    faults: Path | None = None


@adapter("webhook", "fake", FakeWebhookOptions)
class FakeWebhook:
    """Takes posts into the inbox: `{"kind": "webhook", "url", "headers", "body", "status"}` a line."""

    def __init__(self, options: FakeWebhookOptions) -> None:
        self._options = options

    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        fault = faults.next_fault(self._options.faults, "webhook", url)
        if fault and not fault.status and not fault.accepted:
            raise fault.error()
        status = fault.status if fault and fault.status else 200
        entry = {"kind": "webhook", "url": url, "headers": dict(headers), "body": body.decode(), "status": status}
        inbox.append(self._options.inbox, entry)
        if fault and not fault.status:
            raise fault.error()
        return Answer(status, "", 0.0)
