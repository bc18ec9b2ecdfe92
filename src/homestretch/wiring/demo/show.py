"""The demo from curtain to curtain: schema, organization, processes, days, summary."""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from homestretch.kernel.refusal import Refusal
from homestretch.simulation.client import Client, Line
from homestretch.simulation.clock import Clock
from homestretch.simulation.day import Day, Summary
from homestretch.simulation.office.signing_in import Person
from homestretch.simulation.recorder import Recorder
from homestretch.simulation.scenario import Scenario, small
from homestretch.simulation.town.directory import Directory, read_directory
from homestretch.wiring.demo.bootstrap import ZONE, Demo, bootstrap
from homestretch.wiring.demo.doctor import invariants
from homestretch.wiring.demo.processes import crew, free_port
from homestretch.wiring.demo.town import settle
from homestretch.wiring.django import set_up
from homestretch.wiring.home import secret_key

WATCHED_SPEED, HEADLESS_SPEED = 60.0, 600.0
START_S = 60.0


@dataclass(slots=True)
class Show:
    """One run of the demo. The database is known, the settings are not read yet."""

    args: argparse.Namespace
    folder: Path
    began: float
    say: Callable[[str], None]
    directory: Directory | None = None

    def run(self) -> int:
        """Exit code: 0, or 1 where a day went wrong."""
        port = free_port(self.args.port)
        os.environ["HOMESTRETCH_URL"] = f"http://127.0.0.1:{port}"
        os.environ["HOMESTRETCH_FAKE_SECRET"] = hook_secret()
        self._bring_schema()
        demo = bootstrap(self.folder, self._first_day())
        self.directory = None if self.args.no_map else read_directory(settle(self.folder, self.say))
        _leave_database()
        with crew(port, self.folder / "logs", os.environ, say=self.say):
            line = Line(os.environ["HOMESTRETCH_URL"], Recorder(), patience_s=START_S)
            try:
                return self._play(Client(line, "office", demo.key), demo)
            finally:
                line.close()

    def _play(self, office: Client, demo: Demo) -> int:
        clock = Clock(office, self.args.speed or (HEADLESS_SPEED if self.args.headless else WATCHED_SPEED))
        self._greet(office, demo)
        summaries = []
        for _ in range(self.args.days):
            summaries.append(self._play_day(office, clock, demo.dispatcher))
        whole = {**summaries[-1], "days": len(summaries), "seconds": round(time.monotonic() - self.began, 1)}
        if self.args.json:
            print(json.dumps(whole), flush=True)
        else:
            self.say(json.dumps(whole, indent=1))
        if not self.args.headless:
            self.say(f"The day is over; {office.line.url} goes on answering. Ctrl-C ends it.")
            threading.Event().wait()
        return 0 if all(summary["ok"] for summary in summaries) else 1

    def _play_day(self, office: Client, clock: Clock, dispatcher: Person | None) -> dict[str, Any]:
        scenario = self._scenario(next_day(clock.now))
        self.say(f"{scenario.day}: {scenario.orders} orders, {scenario.vans + scenario.evening_vans} shifts")
        summary: Summary = Day(office, scenario, clock, self.say, hook_secret(), dispatcher).run()
        held = invariants()
        ok = summary.all_ended and all(state == "held" for state in held.values())
        return {**summary.to_json(), "invariants": held, "ok": ok}

    def _scenario(self, day: date) -> Scenario:
        scenario = small(self.args.seed, day) if self.args.small else Scenario(self.args.seed, day)
        return replace(scenario, directory=self.directory)

    def _first_day(self) -> datetime:
        if self.args.day is None:
            return datetime.now(UTC)
        return datetime(self.args.day.year, self.args.day.month, self.args.day.day, 12, tzinfo=ZoneInfo(ZONE))

    def _bring_schema(self) -> None:
        """Migrate where something is missing: in a process of its own, for it connects as the tables' owner."""
        if not _is_current():
            self.say("Making the database ...")
            environment = {k: v for k, v in os.environ.items() if k != "DATABASE_URL" or _given_from_outside()}
            command = [sys.executable, "-m", "homestretch.wiring.main", "migrate", "--json"]
            done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
            if done.returncode:
                raise Refusal("demo.migration_failed", done.stderr[-2000:], remedy="see above")

    def _greet(self, office: Client, demo: Demo) -> None:
        self.say(f"Homestretch answers at {office.line.url} after {time.monotonic() - self.began:.1f} s")
        for account in demo.accounts:
            self.say(f"  {account.role:<11} {account.email}  {account.password}")


def hook_secret() -> str:
    """By which the fake phone company signs: this installation's own."""
    return hashlib.sha256(f"fake company/{secret_key()}".encode()).hexdigest()


def next_day(now: datetime) -> date:
    """The day that can still be played from its morning on: today until five past five, else tomorrow."""
    local = now.astimezone(ZoneInfo(ZONE))
    return (local - timedelta(hours=5, minutes=5)).date() + timedelta(days=1)


def _is_current() -> bool:
    set_up()
    from django.db import connection
    from django.db.utils import OperationalError, ProgrammingError

    from homestretch.wiring import schema

    try:
        return not schema.pending()
    except (OperationalError, ProgrammingError):
        return False
    finally:
        connection.close()


def _given_from_outside() -> bool:
    return bool(os.environ.get("DATABASE_OWNER_URL"))


def _leave_database() -> None:
    """Nothing of ours stays open beside the processes."""
    from django.db import connection

    connection.close()
    connection.close_pool()
