"""`kill -9` of the web process and of the worker in the middle of a day: nothing acknowledged is lost, nothing that
reaches a person is said twice, and the doctor finds every invariant held.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

import pytest

from homestretch.simulation.scenario import Scenario, small
from homestretch.wiring.demo.processes import WORKERS
from tests.chaos.kept import assert_nothing_lost
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

    assert_nothing_lost(superuser, told, tmp_path / "inbox.jsonl")
    assert set(found["invariants"].values()) == {"held"}, found["findings"]
    events = superuser.execute("select count(*) from events_event").fetchone()[0]
    assert events >= (2000 if kills == 20 else 300)
