"""How soon a running day can be changed: `python -m bench.replan [--json]`.

The three best places for one more order among 50 running routes of 100 stops each, asked through the API of a web
process on a database of its own: travel times, exact pricing, and whose promise it touches. Floor: 100 ms at the 95th
percentile. Beside the time on the clock stands the CPU time of the web process for each question, for the machine may
have other work.

Then the vehicle of one of the routes breaks down, with its 100 open stops: seconds from the question to the proposal,
its search as long as the policy says by default, in this process as a worker would. Floor: 5 s.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from bench.positions import installation, web

ROUTES, STOPS, ASKED = 50, 5_000, 40
FLOORS = {"places_p95_ms": 100.0, "proposal_s": 5.0}
TICKS_S = os.sysconf("SC_CLK_TCK")


def main() -> int:
    """0 where the floor holds."""
    parser = argparse.ArgumentParser(prog="bench.replan", description=__doc__)
    parser.add_argument("--asked", type=int, default=ASKED, help="orders that a place is looked for")
    parser.add_argument("--json", action="store_true", help="only one JSON object")
    args = parser.parse_args()
    with running_day(args.asked) as (client, tasks, pid, owner):
        found = places(client, tasks, pid) | proposal(owner)
    missed = [name for name, most in FLOORS.items() if found[name] > most]
    told = {"bench": "replan", "routes": ROUTES, "stops": STOPS, "floors": FLOORS, "missed": missed, "results": found}
    if not args.json:
        for name, value in found.items():
            limit = f"   floor {FLOORS[name]}" if name in FLOORS else ""
            print(f"  {name:<24} {value!s:>10}{limit}")
    print(json.dumps(told))
    return 1 if missed else 0


@contextmanager
def running_day(left: int) -> Iterator[tuple[httpx.Client, list[str], int, Any]]:
    """A client of the API, the tasks that wait, the web process and the owner, while it stands."""
    with installation():
        from homestretch.wiring.django import set_up

        set_up()
        from bench.made_day import Size, made_day
        from tests.town.accounts import a_key
        from tests.town.dispatch import an_owner

        now = datetime.now(UTC)
        owner = an_owner("Bench", at=now - timedelta(days=1))
        size = Size(ROUTES, STOPS, ROUTES, left)
        made = made_day(owner, now.date(), at=now, size=size, opens=now - timedelta(hours=1), running=True)
        headers = {"Authorization": f"Bearer {a_key(owner, 'routes:read', at=now)}"}
        with web() as (port, process):
            url = f"http://127.0.0.1:{port}/api/v1"
            with httpx.Client(base_url=url, headers=headers, timeout=60) as client:
                yield client, list(made.left), process.pid, owner


def places(client: httpx.Client, tasks: list[str], pid: int) -> dict[str, Any]:
    """Milliseconds of `GET /board/places`, by the clock and of the web process's CPU, after a few to warm up."""
    for task in tasks[:5]:
        client.get("/board/places", params={"task_id": task}).raise_for_status()
    took, offered = [], 0
    before = cpu_s(pid)
    for task in tasks:
        begun = time.perf_counter()
        answer = client.get("/board/places", params={"task_id": task}).raise_for_status()
        took.append(1000 * (time.perf_counter() - begun))
        offered += len(answer.json()["items"]) == 3
    took.sort()
    return {
        "places_p50_ms": round(took[len(took) // 2], 1),
        "places_p95_ms": round(took[min(len(took) - 1, int(0.95 * len(took)))], 1),
        "places_cpu_ms": round(1000 * (cpu_s(pid) - before) / len(tasks), 1),
        "places_asked": len(tasks),
        "places_three_offered": offered,
    }


def proposal(owner: Any) -> dict[str, Any]:
    """A vehicle is down: seconds from asking to the proposal, and what it comes to."""
    from homestretch.dispatch import queries as dispatch
    from homestretch.events.clock import now
    from homestretch.events.scope import scope
    from homestretch.recovery import actions, queries
    from homestretch.recovery.jobs import propose
    from homestretch.recovery.values import Wish

    with scope(owner):
        route = dispatch.routes(state="started").order_by("id")[0]
        stops = len(dispatch.open_stops(route.id))
    begun = time.perf_counter()
    row = actions.ask(Wish("vehicle_down", route_id=route.id), by=owner, at=now())
    propose(owner.organization_id, row.id)
    took = time.perf_counter() - begun
    with scope(owner):
        made = queries.proposal(row.id)
        hunks = made.hunks.count()
    if made.state != "made":
        raise RuntimeError(f"no proposal was made: {made.state} {made.failure}")
    figures = {
        f"proposal_{name}": made.figures[name]
        for name in ("moved", "left", "broken_before", "broken_after", "cost_after")
    }
    return {"proposal_s": round(took, 2), "proposal_stops": stops, "proposal_hunks": hunks, **figures}


def cpu_s(pid: int) -> float:
    """CPU seconds of a process and those it started (Linux)."""
    total = 0.0
    for one in [pid, *_children(pid)]:
        fields = Path(f"/proc/{one}/stat").read_text().rsplit(")", 1)[1].split()
        total += (int(fields[11]) + int(fields[12])) / TICKS_S
    return total


def _children(pid: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            found += [int(child), *_children(int(child))]
    return found


if __name__ == "__main__":
    sys.exit(main())
