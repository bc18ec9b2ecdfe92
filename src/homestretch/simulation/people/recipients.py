"""Recipients: they read, follow their links, leave a word for the driver, rate, and some want no more messages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from homestretch.simulation.chance import chance
from homestretch.simulation.client import Client, Refused
from homestretch.simulation.office.desk import Desk
from homestretch.simulation.people.carrier import Carrier
from homestretch.simulation.town.names import WISHES

ROUND = timedelta(minutes=6)
LINK = re.compile(r"/t/(hst_[0-9a-f]+)")
LOOKS, INSTRUCTS, RATES, STOPS, ASKS = 0.25, 0.06, 0.5, 0.01, 0.01
STARS = (5, 5, 5, 5, 4, 4, 3, 2, 1)


@dataclass(slots=True)
class Recipients:
    """All people of the day; what each does depends on who it is, not on when."""

    desk: Desk
    carrier: Carrier
    stopped: int = 0
    asked: int = 0
    rated: set[str] = field(default_factory=set)
    greeted: set[str] = field(default_factory=set)

    def rounds(self, start: datetime, end: datetime) -> Iterator[datetime]:
        """Read what came since the last look."""
        at = start
        while at <= end:
            yield at
            letters, self.carrier.letters = self.carrier.letters, []
            for letter in letters:
                self._read(letter, at)
            at += ROUND

    def _read(self, letter: dict[str, Any], at: datetime) -> None:
        person = letter["to"]
        temper = chance(self.desk.scenario.seed, "temper", person)
        draws = {name: temper.random() for name in ("look", "instruct", "rate", "stop", "ask")}
        first = person not in self.greeted
        self.greeted.add(person)
        if letter["kind"] == "sms" and first:
            self._write_back(person, draws, at)
        found = LINK.search(letter["text"])
        if found is None:
            return
        token = found[1]
        if first and draws["look"] < LOOKS:
            self._page(token)
        if first and draws["instruct"] < INSTRUCTS:
            self._fill(token, "instructions", {"text": temper.choice(WISHES)}, person, at)
        if draws["rate"] < RATES and token not in self.rated and f"/t/{token}/rating" in self._page(token):
            self.rated.add(token)
            self._fill(token, "rating", {"score": str(temper.choice(STARS)), "comment": ""}, person, at)

    def _write_back(self, person: str, draws: dict[str, float], at: datetime) -> None:
        """At least one of each a day: the first who reads."""
        if draws["stop"] < STOPS or not self.stopped:
            self.stopped += 1
            self.carrier.reply(person, "STOP")
            self.desk.trace.note(at, "people", f"{person} wants no more SMS")
        elif draws["ask"] < ASKS or not self.asked:
            self.asked += 1
            self.carrier.reply(person, "HELP")
            self.desk.trace.note(at, "people", f"{person} asks for help")

    def _page(self, token: str) -> str:
        """What the link shows."""
        return str(self._browser().get(f"/t/{token}"))

    def _fill(self, token: str, form: str, fields: dict[str, str], person: str, at: datetime) -> None:
        """Send a form of the page, as a browser would; its nonce makes a second click one."""
        nonce = f"form_{chance(self.desk.scenario.seed, 'nonce', person, form).getrandbits(96):024x}"
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        content = urlencode({**fields, "nonce": nonce}).encode()
        try:
            self._browser().send("POST", f"/t/{token}/{form}", content=content, headers=headers)
        except Refused as refused:
            if refused.status not in (404, 409, 422):
                raise
            return
        self.desk.trace.note(at, "people", f"{person} leaves {form}")

    def _browser(self) -> Client:
        return Client(self.desk.client.line, "recipient")
