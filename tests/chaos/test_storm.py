"""`kill -9` of the web process and of the worker in the middle of a day: nothing acknowledged is lost, nothing that
reaches a person is said twice, and the doctor finds every invariant held.
"""

from __future__ import annotations

import json
import threading
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import pytest

from homestretch.kernel.units import iso
from homestretch.simulation.scenario import Scenario, small
from homestretch.wiring.demo.processes import WORKERS
from tests.journeys.stage import DAY, Stage, stage

FIRST_KILL, BETWEEN = 260, 140  # requests that were answered before the first kill, and between two


@dataclass
class Storm:
    """Kills web and worker in turns, each after so many more answered requests."""

    here: Stage
    kills: int
    every: int
    killed: list[str] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Storm:
        self.thread = threading.Thread(target=self._rage, name="storm")
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self.thread.join()

    def _rage(self) -> None:
        while len(self.killed) < self.kills and not self.over.wait(0.01):
            if self.here.recorder.counts["ok"] < FIRST_KILL + self.every * len(self.killed):
                continue
            process = self.here.crew.processes[len(self.killed) % len(self.here.crew.processes)]
            if process.is_alive:
                process.kill()
                self.killed.append(process.name)


def _lost_intents(superuser: Any, told: list[dict[str, Any]]) -> list[str]:
    """Taps that were answered and are not there with that answer, or whose fact is missing."""
    rows = superuser.execute("select phone_id::text, outcome from dispatch_intent").fetchall()
    kept = dict(rows)
    lost = [intent["id"] for intent in told if kept.get(intent["id"]) != intent["outcome"]]
    ends = {"complete": "stop.completed", "partial": "stop.partial", "fail": "stop.failed"}
    facts = set(superuser.execute("select type, subject_id::text from events_event where subject = 'stop'").fetchall())
    return lost + [
        intent["id"]
        for intent in told
        if intent["outcome"] == "applied"
        and intent["kind"] in ends
        and (ends[intent["kind"]], intent["stop_id"]) not in facts
    ]


def _lost_positions(superuser: Any, told: list[tuple[str, str]], intents: list[dict[str, Any]]) -> set[tuple[str, str]]:
    """Positions that were acknowledged, taken between start and end tap, and are not there."""
    rows = superuser.execute(
        "select f.external_id, p.at from tracking_position p join accounts_device d on d.id = p.device_id"
        " join fleet_driver f on f.id = d.driver_id"
    ).fetchall()
    spans = superuser.execute(
        "select f.external_id, r.started_at, r.finished_at from dispatch_route r"
        " join fleet_driver f on f.id = r.driver_id"
    ).fetchall()
    on_duty = {name: (iso(start), iso(end)) for name, start, end in spans}
    wanted = {(name, at) for name, at in told if on_duty[name][0] < at < on_duty[name][1]}
    return wanted - {(name, iso(at)) for name, at in rows}


@pytest.mark.chaos
@pytest.mark.timeout(3600)
@pytest.mark.parametrize(
    ("kills", "scenario", "every"),
    [
        pytest.param(3, small(7, DAY), BETWEEN, id="3"),
        pytest.param(
            20, Scenario(11, DAY, orders=60, vans=4, evening_vans=2, plan_s=2), 90, id="20", marks=pytest.mark.prove
        ),
    ],
)
def test_nothing_acknowledged_is_lost_and_nobody_hears_a_thing_twice(
    committed, superuser, tmp_path, settings, kills, scenario, every
):
    with stage(committed, tmp_path, settings) as here:
        day = here.day(scenario, patience_s=120)
        with Storm(here, kills, every) as storm:
            summary = day.run()
        found = here.doctor()
    told = here.recorder.acknowledged
    assert len(storm.killed) == kills and set(storm.killed) == {"web", *WORKERS}
    assert here.crew.restarts >= kills
    assert here.recorder.counts["failed"] + here.recorder.counts["unknown"] > 0
    assert summary.all_ended, summary.orders

    assert _lost_intents(superuser, told["intent"]) == []
    assert _lost_positions(superuser, told["position"], told["intent"]) == set()
    orders = {ident for (ident,) in superuser.execute("select id::text from orders_order").fetchall()}
    assert set(told["order"]) <= orders
    blobs = {sha256 for (sha256,) in superuser.execute("select sha256 from dispatch_blob").fetchall()}
    assert set(told["blob"]) <= blobs

    inbox = [json.loads(line) for line in (tmp_path / "inbox.jsonl").read_text().splitlines()]
    assert [key for key, times in Counter(entry["key"] for entry in inbox).items() if times > 1] == []
    assert set(found["invariants"].values()) == {"held"}, found["findings"]
    events = superuser.execute("select count(*) from events_event").fetchone()[0]
    assert events >= (2000 if kills == 20 else 300)
