"""What it costs to say how sure a plan is: `python -m bench.odds [--routes 300] [--stops 33] [--samples 500] [--json]`.

A made-up day: each route serves a part of a town of its own, every second stop has a window of an hour and a quarter
around its planned begin, every van a break of half an hour, and may set out up to an hour earlier. The widths are the
built-in ones. CPU seconds of one process (`time.process_time`), for the machine may have other work.
"""

from __future__ import annotations

import argparse
import json
import time
from dataclasses import replace

import numpy as np

from homestretch.planner import Break, Globe, Plan, Problem, Route, Shift, Travel, Visit, Window, schedule
from homestretch.planner.odds import odds
from homestretch.plans.rules.odds import doubt_of
from homestretch.travel.rules.timing import built_in

HOUR = 3600
BEFORE, AFTER = 1800, 2700  # of a window, around the planned begin


def main() -> int:
    """Make the day up, ask, print."""
    parser = argparse.ArgumentParser(prog="bench.odds", description=__doc__.splitlines()[0])
    for name, usual in (("routes", 300), ("stops", 33), ("samples", 500), ("seed", 1)):
        parser.add_argument(f"--{name}", type=int, default=usual)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    problem, plan = a_day(args.routes, args.stops, args.seed)
    begin = time.process_time()
    found = odds(problem, plan, doubt_of(built_in()), samples=args.samples, seed=args.seed)
    seconds = time.process_time() - begin
    said = {"routes": args.routes, "stops": found.stops, "samples": args.samples, "cpu_s": round(seconds, 2)}
    said["kept"] = round(found.kept, 1)
    print(json.dumps(said) if args.json else "  ".join(f"{name} {value}" for name, value in said.items()))
    return 0


def a_day(routes: int, stops: int, seed: int) -> tuple[Problem, Plan]:
    """A plan that is on time where all takes what is planned."""
    random = np.random.default_rng(seed)
    parts = np.repeat(random.random((routes, 2)) * 0.3, stops, axis=0)
    spots = np.vstack([[0.15, 0.15], parts + random.random((routes * stops, 2)) * 0.02])
    lat, lon = spots[:, 0] + 48, spots[:, 1] + 11
    visits = [Visit(f"v{number}", number, service=180) for number in range(1, routes * stops + 1)]
    rest = (Break(1800, 11 * HOUR, 13 * HOUR),)
    shifts = [Shift(f"s{number}", 0, 0, 7 * HOUR, 20 * HOUR, breaks=rest) for number in range(routes)]
    made = [
        Route(f"s{number}", tuple(visit.id for visit in visits[number * stops : (number + 1) * stops]))
        for number in range(routes)
    ]
    problem = Problem(visits, shifts, Travel({"van": Globe(lat, lon, 40_000, 130, "made up")}))
    begins = [stop.start for route in made for stop in schedule(problem, route).stops]
    bound = [
        replace(visit, windows=(Window(begin - BEFORE, begin + AFTER),)) if number % 2 else visit
        for number, (visit, begin) in enumerate(zip(visits, begins, strict=True))
    ]
    early = [replace(shift, start=shift.start - HOUR) for shift in shifts]
    return replace(problem, visits=tuple(bound), shifts=tuple(early)), Plan(tuple(made))


if __name__ == "__main__":
    raise SystemExit(main())
