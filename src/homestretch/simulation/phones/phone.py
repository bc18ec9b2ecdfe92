"""A driver's phone: an outbox of taps, pictures to upload, positions, and a route sheet that is readable offline."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any

from homestretch.kernel.ids import Mint, seeded_ids
from homestretch.kernel.units import iso
from homestretch.simulation.client import Client
from homestretch.simulation.phones.road import Track
from homestretch.simulation.phones.signal import Signal
from homestretch.simulation.trace import Trace

MOST_POSITIONS, MOST_INTENTS = 400, 200

Intent = dict[str, Any]


@dataclass(slots=True)
class Phone:
    """One phone. What the server answered leaves the outbox; what it did not answer is said again."""

    client: Client
    random: Random
    track: Track
    trace: Trace
    slip: float = 0.0
    signal: Signal = field(default_factory=Signal)
    sheet: dict[str, Any] | None = None
    outbox: list[Intent] = field(default_factory=list)
    pictures: dict[str, bytes] = field(default_factory=dict)
    unsent: list[dict[str, Any]] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)
    _counter: int = 0
    _read: int = 0
    _was_out: bool = False
    _mint: Mint = field(init=False)

    def __post_init__(self) -> None:
        self._mint = seeded_ids(self.random.getrandbits(63))

    def tap(self, at: datetime, kind: str, **body: Any) -> None:
        """Put a tap into the outbox: by the phone's own clock, counter and id."""
        self._counter += 1
        self.outbox.append({"id": str(self._mint()), "kind": kind, "counter": self._counter, "at": iso(at), **body})

    def keep(self, picture: bytes) -> str:
        """A picture that waits for its upload; returns its SHA-256, for the proof."""
        sha256 = hashlib.sha256(picture).hexdigest()
        self.pictures[sha256] = picture
        return sha256

    def speak(self, now: datetime) -> None:
        """Send what has gathered, if there is a signal."""
        self.unsent += self.track.take(now)
        if self.signal.is_out(now):
            if not self._was_out:
                self.trace.note(now, self.client.name, "loses the signal")
            self._was_out = True
            return
        slips = self._was_out and self.random.random() < self.slip
        if self._was_out:
            self.trace.note(now, self.client.name, "has a signal again")
        self._was_out = False
        self._send_pictures()
        self._sync(slips)
        self._read_changes(now)
        self._send_positions(slips)

    def _send_pictures(self) -> None:
        for sha256, picture in list(self.pictures.items()):
            headers = {"Content-Type": "image/png"}
            self.client.send("PUT", f"/api/v1/driver/blobs/{sha256}", content=picture, headers=headers)
            self.client.line.recorder.acknowledge("blob", sha256)
            del self.pictures[sha256]

    def _sync(self, slips: bool) -> None:  # noqa: FBT001
        waiting, self.outbox = self.outbox, []
        for part in self._parts(waiting, slips) or [[]]:
            self._send_part(part)

    def _read_changes(self, now: datetime) -> None:
        """A changed route is read at once, and that is said with the next call."""
        changed = (self.sheet or {}).get("changed")
        if self.sheet is None or changed is None or changed["version"] <= self._read:
            return
        self._read = changed["version"]
        self.tap(now, "read_route", route_id=self.sheet["route_id"], version=self._read)

    def _parts(self, intents: list[Intent], slips: bool) -> list[list[Intent]]:  # noqa: FBT001
        """The outbox in calls; where the network slips, out of order and one of them twice. The taps of one stop stay
        together, and nothing overtakes a tap about the whole route."""
        if not slips:
            return [intents[n : n + MOST_INTENTS] for n in range(0, len(intents), MOST_INTENTS)]
        parts: list[list[Intent]] = []
        for groups in _between_route_taps(intents):
            self.random.shuffle(groups)
            parts += groups
        return [*parts, self.random.choice(parts)] if parts else []

    def _send_part(self, part: list[Intent]) -> None:
        known = self.sheet or {}
        body = {"intents": part, "known_route_id": known.get("route_id"), "known_version": known.get("version")}
        said = self.client.post("/api/v1/driver/sync", body)
        for intent, outcome in zip(part, said["outcomes"], strict=True):
            self.client.line.recorder.acknowledge("intent", {**intent, "outcome": outcome["outcome"]})
            if outcome["outcome"] == "refused":
                self.refused[f"{intent['kind']}: {(outcome['refusal'] or {}).get('code')}"] += 1
        if said["sheet"] is not None:
            self.sheet = said["sheet"]

    def _send_positions(self, slips: bool) -> None:  # noqa: FBT001
        waiting, self.unsent = self.unsent, []
        batches = [waiting[n : n + MOST_POSITIONS] for n in range(0, len(waiting), MOST_POSITIONS)]
        if slips and batches:
            self.random.shuffle(batches)
            batches.append(batches[0])
        for batch in batches:
            said = self.client.send("POST", "/live/positions", json=batch).body
            refused = {row["index"] for row in said["refused"]}
            for index, position in enumerate(batch):
                if index not in refused:
                    self.client.line.recorder.acknowledge("position", (self.client.name, position["at"]))


def _between_route_taps(intents: Iterable[Intent]) -> list[list[list[Intent]]]:
    """Runs of taps at stops, each as a list of one stop's taps; a tap about the route is a run of its own."""
    runs: list[dict[str, list[Intent]]] = [{}]
    for intent in intents:
        stop_id = intent.get("stop_id")
        if stop_id is None and intent["kind"] != "scan":
            runs += [{"": [intent]}, {}]
        else:
            runs[-1].setdefault(stop_id or intent.get("at_stop", ""), []).append(intent)
    return [list(run.values()) for run in runs if run]
