"""`homestretch migrate`: bring the database to this version, making it and its roles where that is ours to do."""

from __future__ import annotations

import argparse
import json
import time

from homestretch.wiring import database
from homestretch.wiring.django import set_up

NAME = "migrate"
HELP = "bring the database to this version (makes it, and its roles, when they are missing)"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--check", action="store_true", help="change nothing; exit 1 when migrations are missing")


def run(args: argparse.Namespace) -> int:
    """Migrate, or with `--check` say what is missing. JSON: `{"applied": n, "pending": n, "seconds": s}`."""
    began = time.monotonic()
    with database.connected(as_owner=True) as address:
        database.prepare(address)
        set_up()
        from homestretch.wiring import schema

        pending = schema.pending()
        if not args.check:
            schema.migrate()
    answer = {
        "applied": 0 if args.check else len(pending),
        "pending": len(pending) if args.check else 0,
        "seconds": round(time.monotonic() - began, 1),
    }
    if args.json:
        print(json.dumps(answer))
    elif args.check:
        print(f"{len(pending)} migrations are missing" if pending else "the database is of this version")
    else:
        print(f"{len(pending)} migrations applied in {answer['seconds']} s")
    return 1 if answer["pending"] else 0
