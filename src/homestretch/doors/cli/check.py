"""`homestretch check`: is this plan a true answer to that file, and what does it cost?"""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict

from homestretch.doors.cli.asked import CONVENTION_HELP, read_asked
from homestretch.doors.cli.files import read_file
from homestretch.planner.formats.conventions import CONVENTIONS
from homestretch.planner.formats.plans import read_plan

NAME = "check"
HELP = "judge a plan against its file, by code that shares nothing with any engine"

BREACHED = 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="the file that was solved")
    parser.add_argument("plan", metavar="PLAN", help="what `solve` wrote or printed, or a .sol file (customers "
                        "counted from 1, the depot being 0)")  # fmt: skip
    parser.add_argument("--convention", choices=CONVENTIONS, help=CONVENTION_HELP)


def run(args: argparse.Namespace) -> int:
    """Judge. JSON: `{"ok": bool, "cost": n, "vehicles": n, "unassigned": [ids], "breaches": [...]}`; 1 on a breach."""
    asked = read_asked(args.file, args.convention)
    plan = read_plan(read_file(args.plan), asked.given)
    verdict = asked.judged(plan)
    if args.json:
        body = {
            "ok": not verdict.breaches,
            "cost": verdict.cost,
            "vehicles": verdict.vehicles,
            "unassigned": list(plan.unassigned),
            "breaches": [asdict(breach) for breach in verdict.breaches],
        }
        print(json.dumps(body))
    else:
        for breach in verdict.breaches:
            where = f" route {breach.route}:" if breach.route else ""
            print(f"{breach.code}:{where} {breach.cause}")
        unit = f" ({asked.convention})" if asked.convention else ""
        said = f"{len(verdict.breaches)} breaches" if verdict.breaches else "no breach"
        print(f"{said}, cost {verdict.cost}{unit}, {verdict.vehicles} routes, {len(plan.unassigned)} unassigned")
    return BREACHED if verdict.breaches else 0
