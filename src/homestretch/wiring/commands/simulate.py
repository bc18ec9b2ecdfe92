"""`homestretch simulate`: play days against an installation that runs somewhere, on its simulated clock."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from homestretch.kernel.refusal import Refusal
from homestretch.simulation.client import Client, Line, Refused, Silent
from homestretch.simulation.clock import Clock
from homestretch.simulation.day import Day
from homestretch.simulation.disruptions import DISRUPTIONS
from homestretch.simulation.recorder import Recorder
from homestretch.simulation.scenario import Scenario, disrupted, real, small
from homestretch.simulation.town.doors import read_doors
from homestretch.simulation.town.fleet import ZONE
from homestretch.wiring.options import option

NAME = "simulate"
HELP = "play simulated days against a running installation (HOMESTRETCH_CLOCK=simulated)"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where, as whom, and what."""
    parser.add_argument("--url", default=option("HOMESTRETCH_URL"), help="address of the installation")
    parser.add_argument("--key", required=True, help="an API key with every scope")
    parser.add_argument("--seed", type=int, default=7, help="seed of the days")
    parser.add_argument("--days", type=int, default=1)
    parser.add_argument("--day", type=date.fromisoformat, help="the first day (default: the clock's next)")
    parser.add_argument("--orders", type=int, help="orders of a day")
    parser.add_argument("--vans", type=int, help="vans of a day")
    parser.add_argument("--places", type=Path, help="a CSV file with lat and lon: the doors, instead of invented ones")
    parser.add_argument("--speed", type=float, default=600.0, help="simulated seconds per real one, at most")
    known = [name for name, each in DISRUPTIONS.items() if not each.down and each.closed_at is None]
    parser.add_argument("--disruption", choices=known, help="what makes the days hard")
    parser.add_argument("--small", action="store_true", help="twenty orders and two vans")
    parser.add_argument("--trace", type=Path, help="write what was done, when and by whom: JSON lines")
    parser.add_argument("--history", type=Path, help="write every HTTP request with its outcome: JSON lines")


def run(args: argparse.Namespace) -> int:
    """Play. JSON: the last day's summary. Exit 1 where an order of a day did not end. Refuses `simulation.refused`
    (what the installation said no to) and `simulation.silent`."""
    line = Line(args.url, Recorder(args.history))
    try:
        return _play(args, Client(line, "office", args.key))
    except Refused as refused:
        raise Refusal("simulation.refused", str(refused), remedy="see its code in the list of refusals") from refused
    except Silent as silent:
        raise Refusal("simulation.silent", str(silent), remedy="is the installation running there?") from silent
    finally:
        line.close()


def _play(args: argparse.Namespace, office: Client) -> int:
    clock, ended, answer = Clock(office, args.speed), True, {}
    first = args.day or clock.now.astimezone(ZoneInfo(ZONE)).date() + timedelta(days=1)
    for number in range(args.days):
        day = Day(
            office, _scenario(args, first + timedelta(days=number)), clock, _say, option("HOMESTRETCH_FAKE_SECRET")
        )
        summary = day.run()
        ended, answer = ended and summary.all_ended, summary.to_json()
        if args.trace is not None:
            with args.trace.open("a") as file:
                file.writelines(f"{text}\n" for text in day.trace.lines())
    print(json.dumps(answer, indent=None if args.json else 1))
    return 0 if ended else 1


def _scenario(args: argparse.Namespace, day: date) -> Scenario:
    if args.places is not None:
        doors = read_doors(args.places, args.orders or 1000, args.seed)
        sized = real(args.seed, day, doors, args.vans or 16)
        return disrupted(sized, DISRUPTIONS[args.disruption]) if args.disruption else sized
    scenario = small(args.seed, day) if args.small else Scenario(args.seed, day)
    sized = replace(scenario, orders=args.orders or scenario.orders, vans=args.vans or scenario.vans)
    return disrupted(sized, DISRUPTIONS[args.disruption]) if args.disruption else sized


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
