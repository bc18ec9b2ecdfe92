"""The phone company: reports what became of messages, and brings the replies. Posts what it signs to the hooks."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from homestretch.simulation.chance import chance
from homestretch.simulation.client import Client
from homestretch.simulation.trace import Trace

ROUND = timedelta(minutes=3)
HOOK = "/hooks/sms/fake"
UNREACHABLE = 0.01  # of messages
OUR_NUMBER = "+352621000000"


@dataclass(slots=True)
class Carrier:
    """Reads the inbox of what was accepted, once. `letters` are what people have to read: the new entries by kind."""

    office: Client
    seed: int
    trace: Trace
    secret: str = ""
    letters: list[dict[str, Any]] = field(default_factory=list)
    waiting: list[dict[str, Any]] = field(default_factory=list)
    _read: int | None = None
    _replies: int = 0

    def rounds(self, start: datetime, end: datetime) -> Iterator[datetime]:
        """Report each message in the round after it was accepted."""
        self._skip_old()
        at = start
        while at <= end:
            yield at
            for entry in self.waiting:
                self._report(entry)
            self.waiting = []
            self._fetch()
            at += ROUND

    def reply(self, sender: str, text: str) -> None:
        """Somebody wrote back."""
        self._replies += 1
        ident = hashlib.sha256(f"{self.seed}/{sender}/{self._replies}/{text}".encode()).hexdigest()[:24]
        self._post([("id", f"in-{ident}"), ("from", sender), ("to", OUR_NUMBER), ("text", text)])

    def _skip_old(self) -> None:
        while self._fetch():
            pass
        self.letters, self.waiting = [], []

    def _fetch(self) -> int:
        page = self.office.get("/simulation/inbox", after=self._read or 0)
        self._read = page["next"]
        self.letters += page["items"]
        self.waiting += [entry for entry in page["items"] if entry["kind"] == "sms"]
        return len(page["items"])

    def _report(self, entry: dict[str, Any]) -> None:
        lost = chance(self.seed, "reach", entry["to"]).random() < UNREACHABLE
        form = [("id", entry["provider_id"]), ("state", "failed" if lost else "delivered")]
        self._post([*form, ("code", "unreachable")] if lost else form)

    def _post(self, form: list[tuple[str, str]]) -> None:
        if not self.secret:
            return  # nobody told it: then no report is believed
        url = self.office.line.url + HOOK
        lines = [url, *(f"{name}={value}" for name, value in form)]
        signature = hmac.new(self.secret.encode(), "\n".join(lines).encode(), hashlib.sha256).hexdigest()
        headers = {"Content-Type": "application/x-www-form-urlencoded", "X-Fake-Signature": signature}
        company = Client(self.office.line, "carrier")
        company.send("POST", HOOK, content=urlencode(form).encode(), headers=headers)
