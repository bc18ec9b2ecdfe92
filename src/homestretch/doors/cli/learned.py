"""`homestretch models list | train | rollback`: the models of how long drives and services take."""

from __future__ import annotations

import argparse
import json
from typing import Any

from homestretch.doors.cli.whose import organization_named
from homestretch.kernel.actor import Actor, system
from homestretch.kernel.units import iso

NAME = "models"
HELP = "list the models of arrival times, train one now, or go back to the one before"
VERBS = ("list", "train", "rollback")
DONE = 0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("verb", choices=VERBS, help="list, train, rollback")
    parser.add_argument("--organization", metavar="SLUG", default="", help="whose models (default: the only one)")


def run(args: argparse.Namespace) -> int:
    """JSON of `list` and `rollback`: `{"serving": version, "models": [{version, source, trained_at, adopted_at,
    withdrawn_at, report}]}`, version 0 is the plan's own times; of `train`: `{"trained": {version, adopted, days,
    routes, newcomer, incumbent}}`, version null where there are too few days. Refuses `times.none_adopted`,
    `organization.not_found`, `organization.unclear`."""
    from homestretch.events.clock import now
    from homestretch.insights import trained
    from homestretch.travel import actions

    by = system(organization_named(args.organization))
    if args.verb == "train":
        done = trained.train(by, now()).plain()
        print(json.dumps({"trained": done}) if args.json else _told(done))
        return DONE
    if args.verb == "rollback":
        actions.withdraw_times(by=by, at=now())
    _say(_models(by), as_json=args.json)
    return DONE


def _models(by: Actor) -> dict[str, Any]:
    from homestretch.events.scope import scope
    from homestretch.travel import queries

    with scope(by):
        serving = queries.serving_times()
        rows = list(queries.times_models())
    instants = ("trained_at", "adopted_at", "withdrawn_at")
    shown = [
        {
            "version": row.version,
            "source": row.source,
            **{name: None if getattr(row, name) is None else iso(getattr(row, name)) for name in instants},
            "report": row.report,
        }
        for row in rows
    ]
    return {"serving": serving.version if serving else 0, "models": shown}


def _say(answer: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(answer))
        return
    for row in answer["models"]:
        state = "serves" if row["version"] == answer["serving"] else "withdrawn" if row["withdrawn_at"] else ""
        state = state or ("adopted" if row["adopted_at"] else "not better")
        print(f"{row['version']:>4}  {row['trained_at']}  {state:<10}  {row['source']}")
    if not answer["serving"]:
        print("   0  the plan's own times serve, with wide intervals")


def _told(done: dict[str, Any]) -> str:
    if done["version"] is None:
        return f"{done['routes']} routes of {done['days']} days: too little to train from"
    new, old = done["newcomer"], done["incumbent"]
    word = "it serves from now on" if done["adopted"] else "it is no better, and was not adopted"
    return (
        f"version {done['version']} from {done['routes']} routes of {done['days']} days: {word}. On the days held "
        f"out it errs by {new['mae_s'] / 60:.1f} minutes, what served by {old['mae_s'] / 60:.1f}"
    )
