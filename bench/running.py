"""How soon a running plan answers: insertion, quotes, repair, explanation: `python -m bench.running [--json]`.

A made-up day of 50 vans: 5,000 visits for the live questions, 1,000 for explain; places around a depot, windows of two
hours at two visits of five, loads, a break of half an hour with `--breaks`. The plan is built by the live insertion
itself, visit by visit. CPU seconds of one process (`time.process_time`), for the machine may have other work.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from homestretch.planner import (
    Break,
    Costs,
    Legs,
    Live,
    Matrix,
    Plan,
    Problem,
    Shift,
    Travel,
    Visit,
    Window,
    answers,
    check,
)

HOUR = 3600
ASKED = 200  # questions of each kind
FLOORS = {"insert_p99": 5.0, "repair_p99": 100.0, "changed_percent": 0.5, "broken": 0, "explain": 300.0}


def day(visits: int, vans: int, *, breaks: bool, hours: int, seed: int = 1) -> Problem:
    """Visits around a depot (place 0), vans that are just large enough for most of them."""
    dice = random.Random(seed)
    points = np.array([(0.0, 0.0), *((dice.gauss(0, 6000), dice.gauss(0, 6000)) for _ in range(visits))])
    meters = 1.3 * np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1))
    made = []
    for number in range(1, visits + 1):
        opens = dice.randrange(0, hours - 2) * HOUR
        windows = (Window(opens, opens + 2 * HOUR),) if dice.random() < 0.4 else ()
        load = {"kg": dice.randint(1, 20)}
        made.append(Visit(f"v{number}", number, windows, dice.choice([120, 180, 240]), load, prize=10_000_000))
    rest = (Break(1800, 3 * HOUR, 5 * HOUR),) if breaks else ()
    costs = Costs(fixed=5000, per_hour=2400, per_km=40)
    room = {"kg": round(visits / vans * 10.5)}
    shifts = [Shift(f"s{number}", 0, 0, 0, hours * HOUR, room, costs=costs, breaks=rest) for number in range(vans)]
    travel = Travel({"van": Matrix((meters / 8.3).astype(np.int64), meters.astype(np.int64))})
    return Problem(made, shifts, travel, dimensions=("kg",))


def filled(problem: Problem, keep: int) -> Live:
    """All but the last `keep` visits put in, one after the other; those that fit nowhere stay out."""
    live = Live(problem, Plan((), tuple(visit.id for visit in problem.visits)))
    for visit in problem.visits[: len(problem.visits) - keep]:
        for option in live.insert(visit.id, limit=1):
            live.accept(option)
    return live


def timed(ask: Callable[[str], Any], names: list[str]) -> Iterator[tuple[float, Any]]:
    """(CPU milliseconds, answer) of each question."""
    for name in names:
        begun = time.process_time()
        answer = ask(name)
        yield 1000 * (time.process_time() - begun), answer


def spread(name: str, milliseconds: list[float]) -> dict[str, float]:
    """Median and 99th percentile."""
    return {
        f"{name}_p50": round(float(np.percentile(milliseconds, 50)), 2),
        f"{name}_p99": round(float(np.percentile(milliseconds, 99)), 2),
    }


def live_day(*, breaks: bool) -> dict[str, float]:
    """Questions to 50 routes of 100 stops."""
    live = filled(day(5000, 50, breaks=breaks, hours=30), ASKED)
    new = [visit.id for visit in live.problem.visits[-ASKED:]]
    windows = [Window(hour * HOUR, (hour + 2) * HOUR) for hour in range(0, 10, 2)]
    result: dict[str, float] = {"stops": len(live.shift_of)}
    result |= spread("insert", [spent for spent, _ in timed(live.insert, new)])
    result |= spread("quote_5_windows", [spent for spent, _ in timed(lambda name: live.quote(name, windows), new)])
    result |= spread("admit", [spent for spent, _ in timed(lambda name: admit(live, f"x{name}", name), new)])
    changed, spent_on = [], []
    for spent, made in timed(lambda name: live.repair([name]), new):
        spent_on.append(spent)
        changed.append(len(made.changed))
    result |= spread("repair", spent_on)
    result["changed_percent"] = round(100 * max(changed) / len(live.shift_of), 3)
    for name in new:
        live.accept(live.repair([name]))
    result["broken"] = len([each for each in check(live.problem, live.plan) if each.shift])
    return result


def admit(live: Live, name: str, like: str) -> None:
    """A new visit at a new place, which lies where another one's does."""
    place, matrix = live.problem.visit[like].place, live.problem.travel.profiles["van"]
    seconds, meters = matrix.durations, matrix.distances
    legs = Legs(seconds[:, place], meters[:, place], seconds[place], meters[place])
    live.admit(Visit(name, live.problem.travel.places, prize=1), {"van": legs})


def explained(*, breaks: bool) -> dict[str, float]:
    """All answers about a plan of 1,000 visits on 50 shifts."""
    problem = day(1000, 50, breaks=breaks, hours=9)
    plan = filled(problem, 0).plan
    spent = []
    for _ in range(5):
        begun = time.process_time()
        said = answers(problem, plan)
        spent.append(1000 * (time.process_time() - begun))
    ways = sum(bool(ways) for ways in said.relaxations.values())
    return {"explain": round(min(spent)), "unassigned": len(plan.unassigned), "with_a_way_in": ways}


def machine() -> dict[str, Any]:
    """Where it was measured."""
    return {
        "system": platform.platform(),
        "cpus": os.cpu_count(),
        "load": os.getloadavg()[0],
        "python": platform.python_version(),
        "numpy": np.__version__,
    }


def main() -> int:
    """0 where all floors hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--breaks", action="store_true", help="every van has a break to take")
    parser.add_argument("--json", action="store_true", help="no table, only one JSON object")
    args = parser.parse_args()
    result = live_day(breaks=args.breaks) | explained(breaks=args.breaks)
    held = all(result[name] <= most for name, most in FLOORS.items())
    if not args.json:
        print(", ".join(f"{name}: {value}" for name, value in machine().items()))
        for name, value in result.items():
            floor = f"   (floor {FLOORS[name]:g})" if name in FLOORS else ""
            print(f"{name:<22}{value:>12g}{floor}")
    print(json.dumps({"machine": machine(), "breaks": args.breaks, "held": held, **result}))
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
