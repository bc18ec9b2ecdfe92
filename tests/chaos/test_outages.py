"""A day in which the database, then a worker, and the weather's provider go away and come back: it ends as any other.

While it is away the database ends all connections and takes none; the worker is stopped in the middle of what it does
and wakes up when others have long done its work. Both for real seconds: in `make prove` for ten minutes.
"""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

from homestretch.simulation.scenario import small
from homestretch.wiring import embedded
from tests.chaos.kept import assert_nothing_lost
from tests.databases import Clone
from tests.journeys.stage import DAY, Stage, stage

DATABASE_AFTER, WORKER_AFTER = 260, 400  # requests that were answered before
WEATHER_AWAY = timedelta(minutes=10)  # of the simulated day, from the first time that it is asked


@dataclass
class Outages:
    """Takes the database away after so many answered requests, later a worker; `answered` while either was away."""

    here: Stage
    database: Clone
    seconds: float
    answered: dict[str, int] = field(default_factory=dict)
    over: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Outages:
        self.thread = threading.Thread(target=self._happen, name="outages")
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self.thread.join()

    def _happen(self) -> None:
        for name, after, away in (
            ("database", DATABASE_AFTER, self._without_database),
            ("worker", WORKER_AFTER, self._without_worker),
        ):
            while self.here.recorder.counts["ok"] < after:
                if self.over.wait(0.01):
                    return
            with away():
                self.over.wait(1)  # answers that were on their way
                before = self.here.recorder.counts["ok"]
                time.sleep(self.seconds)  # to its end, also where the day ends without the worker
                self.answered[name] = self.here.recorder.counts["ok"] - before

    @contextmanager
    def _without_database(self) -> Iterator[None]:
        allow = sql.SQL("alter database {} allow_connections {}").format
        name = sql.Identifier(self.database.name)
        address = self.database.server.dsn(embedded.SUPERUSER, "postgres")
        with psycopg.connect(address, autocommit=True) as outside:
            outside.execute(allow(name, sql.SQL("false")))
            try:
                outside.execute(
                    "select pg_terminate_backend(pid) from pg_stat_activity where datname = %s", [self.database.name]
                )
                yield
            finally:
                outside.execute(allow(name, sql.SQL("true")))

    @contextmanager
    def _without_worker(self) -> Iterator[None]:
        worker = next(one for one in self.here.crew.processes if one.name == "worker")
        assert worker.process
        os.killpg(worker.process.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.killpg(worker.process.pid, signal.SIGCONT)


@contextmanager
def without_weather(folder: Path, simulated: Callable[[], Any]) -> Iterator[list[Any]]:
    """Nobody tells the weather from now on until ten minutes of the day after it was first asked. Yields when it was
    seen to be away, and when it came back."""
    faults = folder / "faults.json"
    faults.write_text(json.dumps({"weather": [{"match": "*", "outcome": "lost"}]}))
    seen: list[Any] = []
    over = threading.Event()

    def look() -> None:
        while not over.wait(0.02):
            if not seen and any("the weather was not told" in log.read_text() for log in folder.glob("*worker.log")):
                seen.append(simulated())
            if seen and simulated() >= seen[0] + WEATHER_AWAY:
                faults.unlink()
                seen.append(simulated())
                return

    thread = threading.Thread(target=look, name="weather")
    thread.start()
    try:
        yield seen
    finally:
        over.set()
        thread.join()


@pytest.mark.chaos
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("seconds", [12, pytest.param(600, marks=pytest.mark.prove)])
def test_what_goes_away_and_comes_back_leaves_a_whole_day(
    committed: Clone, tmp_path: Path, settings: Any, seconds: int
) -> None:
    options = {"HOMESTRETCH_WEATHER": "fake", "HOMESTRETCH_FAULTS": str(tmp_path / "faults.json")}
    with stage(committed, tmp_path, settings, **options) as here:
        day = here.day(small(7, DAY), patience_s=seconds + 120)
        day.clock.patience_s = seconds + 180
        began = time.monotonic()
        with (
            without_weather(tmp_path, lambda: day.clock.now) as weather,
            Outages(here, committed, seconds) as outages,
        ):
            summary = day.run()
        time.sleep(3)  # the worker, awake again, looks for what it did last
        found = here.doctor()
    assert time.monotonic() - began > 2 * seconds
    assert set(outages.answered) == {"database", "worker"}
    assert outages.answered["database"] == 0 < outages.answered["worker"]
    assert len(weather) == 2
    assert summary.all_ended, summary.orders
    assert set(found["invariants"].values()) == {"held"}, found["findings"]
    with psycopg.connect(committed.superuser, autocommit=True) as superuser:
        assert_nothing_lost(superuser, here.recorder.acknowledged, tmp_path / "inbox.jsonl")
        told = superuser.execute("select min(created_at) from travel_weatherspan").fetchone()
        assert told and told[0] >= weather[1]
