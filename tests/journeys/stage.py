"""An installation for a journey: a web process and a worker on a database of the test's own, on the simulated clock."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from homestretch.simulation.client import Client, Line
from homestretch.simulation.clock import Clock
from homestretch.simulation.day import Day
from homestretch.simulation.recorder import Recorder
from homestretch.simulation.scenario import Scenario
from homestretch.wiring.demo.bootstrap import Demo, bootstrap
from homestretch.wiring.demo.doctor import examine
from homestretch.wiring.demo.processes import Crew, crew, free_port
from tests.databases import Clone

SECRET = "what only the phone company knows"
DAY = date(2026, 3, 2)


@dataclass(slots=True)
class Stage:
    """What a journey plays on."""

    url: str
    demo: Demo
    crew: Crew
    environment: dict[str, str]
    folder: Path
    recorder: Recorder
    said: list[str]
    lines: list[Line] = field(default_factory=list)

    def day(self, scenario: Scenario, *, speed: float = 1e6, patience_s: float = 60.0) -> Day:
        """A day to be played here."""
        line = Line(self.url, self.recorder, patience_s=patience_s)
        self.lines.append(line)
        office = Client(line, "office", self.demo.key)
        return Day(office, scenario, Clock(office, speed), self.said.append, SECRET, self.demo.dispatcher)

    def doctor(self) -> dict[str, Any]:
        """What it finds."""
        return examine(self.environment)

    def logs(self) -> str:
        """What the processes said, for a failed test."""
        return "\n".join(file.read_text()[-4000:] for file in sorted(self.folder.glob("*.log")))


@contextmanager
def stage(database: Clone, folder: Path, settings: Any, first: date = DAY, **options: str) -> Iterator[Stage]:
    """Set it up, with more `options`, and take it down. `settings` is pytest-django's: this process sets the simulated
    clock once."""
    from django.db import connection

    settings.HOMESTRETCH_SIMULATED_CLOCK = True
    port = free_port(0)
    url = f"http://127.0.0.1:{port}"
    environment = {
        **database.environment,
        "HOMESTRETCH_HOME": str(folder),
        "HOMESTRETCH_MODE": "demo",
        "HOMESTRETCH_CLOCK": "simulated",
        "HOMESTRETCH_URL": url,
        "HOMESTRETCH_FAKE_SECRET": SECRET,
        **options,
    }
    demo = bootstrap(folder, datetime(first.year, first.month, first.day, 12, tzinfo=UTC))
    connection.close()
    said: list[str] = []
    with crew(port, folder, environment, say=said.append) as players:
        here = Stage(url, demo, players, environment, folder, Recorder(), said)
        try:
            yield here
        finally:
            for line in here.lines:
                line.close()
