"""`homestretch solve`: a plan for a file, in a given time."""

from __future__ import annotations

import argparse
import json
import math
import sys
import time
from typing import Any

from homestretch.doors.cli.asked import CONVENTION_HELP, Asked, read_asked
from homestretch.doors.cli.files import read_file, refuse_unwritable, write_file
from homestretch.doors.cli.plot import coordinates_of, drawn
from homestretch.doors.cli.progress import ProgressLine
from homestretch.kernel.refusal import Refusal
from homestretch.planner.formats.conventions import CONVENTIONS
from homestretch.planner.formats.plans import read_plan, written_plan
from homestretch.planner.problem import Plan, Problem
from homestretch.planner.search.engine import solve
from homestretch.planner.stopping import Iterations, Seconds, Until

NAME = "solve"
HELP = "plan routes for a file: Solomon, VRPLIB, Li & Lim, or a problem in our JSON"

BAD_ANSWER = 1
LAST_WORK = 0.03, 0.00006  # CPU seconds for judging and writing: at least, and for each visit


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="the format is guessed from the text")
    parser.add_argument("--time", type=_seconds, default=10.0, help="CPU seconds of all threads divided by threads, "
                        "from reading the file to the answer (default 10)")  # fmt: skip
    parser.add_argument(
        "--iterations", type=_count, help="stop after so many rounds of 100 steps; equal seeds, equal plans"
    )
    parser.add_argument("--seed", type=_seed, default=1, help="0 to 4294967295 (default 1)")
    parser.add_argument("--threads", type=_count, default=1, help="that search side by side (default 1); equal plans "
                        "only for equal numbers")  # fmt: skip
    parser.add_argument("--convention", choices=CONVENTIONS, help=CONVENTION_HELP)
    parser.add_argument("--start", metavar="PLAN", help="a plan to begin from")
    parser.add_argument("--out", metavar="PLAN", help="write the plan to this file, as JSON")
    parser.add_argument("--plot", metavar="SVG", help="draw the routes into this file; the file must have coordinates")


def run(args: argparse.Namespace) -> int:
    """Solve. JSON: `{"cost": n, "vehicles": n, "routes": [[ids]], "unassigned": [ids], "seconds": s}`.

    Exit code 1 and the breaches on stderr if the judge found any beyond visits left out; then nothing is written.
    """
    begun = time.process_time()
    for name in filter(None, (args.out, args.plot)):
        refuse_unwritable(name)
    asked = read_asked(args.file, args.convention)
    coordinates = coordinates_of(asked) if args.plot else ()
    start = read_plan(read_file(args.start), asked.given) if args.start else None
    problem = asked.problem()
    if start is not None:
        _refuse_unfit(asked, start)
    plan = _searched(args, problem, _until(args, problem, begun), start)
    verdict = asked.judged(plan)
    left_out = set(plan.unassigned)
    wrong = [breach for breach in verdict.breaches if breach.visit not in left_out]
    if wrong:
        for breach in wrong:
            print(f"{breach.code}: route {breach.route}: {breach.cause}", file=sys.stderr)
        return BAD_ANSWER
    if args.out:
        write_file(args.out, written_plan(plan))
    if args.plot:
        write_file(args.plot, drawn(args.file, problem, plan, coordinates))
    answer = _answer(asked, plan, verdict.cost, (time.process_time() - begun) / args.threads)
    print(json.dumps(answer) if args.json else _for_people(answer, asked))
    return 0


def _searched(args: argparse.Namespace, problem: Problem, until: Until, start: Plan | None) -> Plan:
    """The plan found, with a line of progress where a terminal shows it."""
    if not sys.stderr.isatty():
        return solve(problem, seed=args.seed, until=until, start=start, threads=args.threads)
    line, threads = ProgressLine(problem, sys.stderr), args.threads
    try:
        until = line.until(until)
        return solve(problem, seed=args.seed, until=until, start=start, watch=line.watch, threads=threads)
    finally:
        line.close()


def _until(args: argparse.Namespace, problem: Problem, begun: float) -> Until:
    if args.iterations is not None:
        return Iterations(args.iterations)
    least, each = LAST_WORK
    last = (least + each * len(problem.visits)) / args.threads  # by one thread
    return Seconds(args.time - last, threads=args.threads, since=begun)


def _refuse_unfit(asked: Asked, start: Plan) -> None:
    """A plan to begin from must name visits of this file. Refuses `plan.unknown`."""
    wrong = [breach for breach in asked.judged(start).breaches if "unknown" in breach.code or "twice" in breach.code]
    if wrong:
        raise Refusal("plan.unknown", wrong[0].cause, remedy="give a plan for this file", field="--start")


def _answer(asked: Asked, plan: Plan, cost: int, seconds: float) -> dict[str, Any]:
    routes = [[asked.ident(visit) for visit in route.visits] for route in plan.routes if route.visits]
    return {
        "cost": cost,
        "vehicles": len(routes),
        "routes": routes,
        "unassigned": [asked.ident(visit) for visit in plan.unassigned],
        "seconds": round(seconds, 3),
    }


def _for_people(answer: dict[str, Any], asked: Asked) -> str:
    lines = [f"route {number}: {' '.join(map(str, ids))}" for number, ids in enumerate(answer["routes"], 1)]
    if answer["unassigned"]:
        lines.append(f"unassigned: {' '.join(map(str, answer['unassigned']))}")
    unit = f" ({asked.convention})" if asked.convention else ""
    lines.append(f"cost {answer['cost']}{unit}, {answer['vehicles']} routes, "
                 f"{len(answer['unassigned'])} unassigned, {answer['seconds']:.2f} CPU seconds")  # fmt: skip
    return "\n".join(lines)


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not (math.isfinite(value) and value > 0):
        raise argparse.ArgumentTypeError(f"must be a number of seconds above 0, not {text!r}")
    return value


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"must be a whole number from 1, not {text!r}")
    return int(text)


def _seed(text: str) -> int:
    if not text.isdecimal() or int(text) >= 2**32:
        raise argparse.ArgumentTypeError(f"must be a whole number from 0 to {2**32 - 1}, not {text!r}")
    return int(text)
