"""`homestretch twin DAY`: a past day, played again under other policies, with other vans, with wider windows."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable
from datetime import date, timedelta
from functools import partial
from typing import Any

from homestretch.doors.cli.whose import organization_named
from homestretch.kernel.actor import system

NAME = "twin"
HELP = "play a past day again as it was driven, under other policies, with other vans or wider windows; writes nothing"
POLICIES = ("none", "greedy", "full", "ours")
COLUMNS = ("on_time", "broken_promises", "unreached", "km", "stops_moved", "messages", "seen")
TITLES = ("on time", "broken", "unreached", "km", "moved", "messages", "drives seen")
DONE = 0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The day, and what is to be different."""
    parser.add_argument("day", type=date.fromisoformat, help="the day, as YYYY-MM-DD")
    parser.add_argument("--organization", metavar="SLUG", default="", help="whose day (default: the only one)")
    parser.add_argument("--policy", nargs="+", choices=POLICIES, default=list(POLICIES), help="which (default: all)")
    parser.add_argument("--vans", type=int, metavar="N", help="so many vehicles; the morning is planned anew")
    parser.add_argument("--without", action="append", default=[], metavar="VEHICLE", help="by name; may be repeated")
    parser.add_argument("--wider", type=int, default=0, metavar="MINUTES", help="all windows, on either side")
    parser.add_argument("--search-s", type=float, default=0.1, metavar="SECONDS", help="CPU of each search")


def run(args: argparse.Namespace) -> int:
    """JSON: `{"day", "vans", "tasks", "came_in", "left_out", "apart_s": {"median", "p90"}, "rows": [{"row", "promises",
    "broken_promises", "on_time", "km", "stops_moved", "messages", "unreached", "changes", "seen"}]}`: the first row is
    what happened (`stops_moved` and `seen` are null), the second the day played as it was driven, then the policies.
    Refuses `twin.no_routes`, `twin.day_running`, `twin.vehicle_unknown`, `twin.no_vans`, `twin.wider_invalid`,
    `organization.not_found`, `organization.unclear`."""
    from homestretch.events.clock import now
    from homestretch.events.scope import scope
    from homestretch.insights.queries import past
    from homestretch.insights.twin.comparing import Other, compared
    from homestretch.planner.stopping import Seconds
    from homestretch.recovery import queries as recovery

    other = Other(args.vans, tuple(args.without), timedelta(minutes=args.wider), tuple(args.policy))
    with scope(system(organization_named(args.organization))):
        day, prices = past(args.day, now()), recovery.prices()
    answer = compared(day, other, prices, partial(Seconds, args.search_s))
    print(json.dumps(answer) if args.json else "\n".join(_lines(answer)))
    return DONE


def _lines(answer: dict[str, Any]) -> Iterable[str]:
    yield (
        f"{answer['day']}: {answer['tasks']} tasks on {answer['vans']} vehicles, "
        f"{answer['came_in']} came in by day, {answer['left_out']} called off"
    )
    yield f"{'':<18}" + "".join(f"{title:>13}" for title in TITLES)
    for row in answer["rows"]:
        yield f"{row['row']:<18}" + "".join(f"{_cell(name, row[name]):>13}" for name in COLUMNS)
    apart = answer["apart_s"]
    yield (
        f"Played as it was driven, half of the arrivals are within {apart['median'] / 60:.1f} minutes of the real "
        f"ones, nine of ten within {apart['p90'] / 60:.1f}."
    )


def _cell(name: str, value: float | None) -> str:
    if value is None:
        return "-"
    return f"{100 * value:.1f} %" if name in ("on_time", "seen") else f"{value:.1f}" if name == "km" else str(value)
