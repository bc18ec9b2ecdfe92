"""`homestretch doctor`: whether what we promise holds, in every organization."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING

from homestretch.kernel.refusal import Refusal
from homestretch.wiring import database
from homestretch.wiring.django import set_up

if TYPE_CHECKING:
    from homestretch.wiring.doctor import Report

SHOWN = 5
NAME = "doctor"
HELP = "check the invariants on the data as it stands (exit 1 when one is broken)"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--only", action="append", default=[], metavar="I1", help="check this one alone; may be repeated"
    )


def run(args: argparse.Namespace) -> int:
    """Examine. JSON: `{"invariants": {"I1": "held" | "broken"}, "findings": [...], "notes": [...], "system": {...}}`.

    Refuses `database.behind`, `doctor.invariant_unknown`.
    """
    with database.connected() as address:
        set_up()
        from django.db import connection

        from homestretch.wiring import doctor, schema

        unknown = sorted(set(args.only) - set(doctor.CHECKS))
        if unknown:
            raise Refusal("doctor.invariant_unknown", f"there is no {unknown[0][:10]}", remedy="I1 to I16")
        database.refuse_unsafe_role(connection)
        schema.require_current()
        report = doctor.examine(address.owner, only=args.only)
    if args.json:
        print(json.dumps(asdict(report), default=str))
    else:
        _tell(report, doctor.titles())
    return 0 if report.healthy else 1


def _tell(report: Report, titles: Mapping[str, str]) -> None:
    for name, state in report.invariants.items():
        print(f"{name:4} {state:7} {titles[name]}")
        mine = [finding for finding in report.findings if finding.invariant == name]
        for finding in mine[:SHOWN]:
            print(f"       {finding.subject}: {finding.what}")
        if len(mine) > SHOWN:
            print(f"       and {len(mine) - SHOWN} more (--json)")
    figures = ", ".join(f"{name} {value}" for name, value in report.system.items() if value not in ({}, []))
    print(f"\n{figures}")
    for note in report.notes:
        print(f"note: {note}")
