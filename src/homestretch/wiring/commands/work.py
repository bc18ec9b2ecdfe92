"""`homestretch work`: the worker. Any number may run; a killed one's jobs are taken over by the others."""

from __future__ import annotations

import argparse
import asyncio

from homestretch.wiring import database
from homestretch.wiring.django import set_up

NAME = "work"
HELP = "run the background jobs"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--concurrency", type=int, default=4, help="jobs at the same time (default 4)")


def run(args: argparse.Namespace) -> int:
    """Work until told to stop."""
    with database.connected():
        set_up()
        from django.db import connection

        from homestretch.events.worker import work

        database.refuse_unsafe_role(connection)
        connection.close()
        asyncio.run(work(concurrency=args.concurrency))
    return 0
