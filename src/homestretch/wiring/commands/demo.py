"""`homestretch demo`: a delivery business in a box, with days that are simulated through the doors."""

from __future__ import annotations

import argparse
import os
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any

from homestretch.kernel.refusal import Refusal
from homestretch.wiring import database, embedded
from homestretch.wiring.demo.show import Show
from homestretch.wiring.home import home
from homestretch.wiring.options import option

NAME = "demo"
HELP = "run an invented business through simulated days, with everything that belongs to it"
PORT = 8000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to play, how fast, and whether to leave at the end."""
    parser.add_argument("--headless", action="store_true", help="end when the days are over; exit 1 if one went wrong")
    parser.add_argument("--days", type=int, default=1, help="simulated days to play (default 1)")
    parser.add_argument("--speed", type=float, help="simulated seconds per real one, at most (60; headless 600)")
    parser.add_argument("--seed", type=int, default=7, help="seed of the days")
    parser.add_argument("--day", type=date.fromisoformat, help="the first day of a new demo (default today)")
    parser.add_argument("--small", action="store_true", help="a town of twenty orders and two vans")
    parser.add_argument("--no-map", action="store_true", help="without the town's map: times by great circle")
    parser.add_argument("--fresh", action="store_true", help="forget an earlier demo")
    parser.add_argument("--port", type=int, default=PORT)


def run(args: argparse.Namespace) -> int:
    """Play. JSON: the summary of the last day. Refuses `demo.days_invalid` and `demo.fresh_refused`."""
    began = time.monotonic()
    if args.days < 1 or (args.speed is not None and args.speed <= 0):
        raise Refusal(
            "demo.days_invalid", "there is nothing to play", remedy="give one day or more, and a speed above 0"
        )
    folder = _own_installation()
    if args.fresh:
        _forget(folder)
    with database.connected():
        return Show(args, folder, began, _say(args)).run()


def _own_installation() -> Path:
    """A home of the demo's own, on the simulated clock. Said before any setting is read."""
    folder = home() / "demo"
    folder.mkdir(parents=True, exist_ok=True, mode=0o711 if os.geteuid() == 0 else 0o700)
    os.environ["HOMESTRETCH_HOME"] = str(folder)
    os.environ["HOMESTRETCH_MODE"] = "demo"
    os.environ["HOMESTRETCH_CLOCK"] = "simulated"
    return folder


def _forget(folder: Path) -> None:
    if option("DATABASE_URL"):
        raise Refusal(
            "demo.fresh_refused",
            "DATABASE_URL is given, and what is in there is not ours to drop",
            remedy="empty that database yourself, or leave DATABASE_URL out",
        )
    import psycopg
    from psycopg import sql

    with embedded.start(folder) as server, psycopg.connect(server.dsn(), autocommit=True) as connection:
        name = sql.Identifier(database.DATABASE)
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
    for file in ("demo.json", "inbox.jsonl", "logs/web.log", "logs/worker.log"):
        (folder / file).unlink(missing_ok=True)


def _say(args: argparse.Namespace) -> Any:
    """Progress: to people on stdout, with --json on stderr, so that stdout ends in one object."""

    def say(text: str) -> None:
        print(text, file=sys.stderr if args.json else sys.stdout, flush=True)

    return say
