"""`homestretch serve`: answer people and programs."""

from __future__ import annotations

import argparse
import json
from urllib.parse import urlsplit

from homestretch.wiring import database
from homestretch.wiring.django import set_up
from homestretch.wiring.options import option

NAME = "serve"
HELP = "answer people and programs (until SIGTERM or Ctrl-C)"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where to listen; by default where HOMESTRETCH_URL points, on this machine only."""
    parser.add_argument("--address", default="127.0.0.1", help="address to listen on (0.0.0.0: all of them)")
    parser.add_argument("--port", type=int, default=urlsplit(option("HOMESTRETCH_URL")).port or 8000)


def run(args: argparse.Namespace) -> int:
    """Serve. JSON, once it listens: `{"address", "port"}`. Refuses `database.behind` where migrations are missing."""
    with database.connected():
        set_up()
        _require_current()
        from homestretch.wiring.serve import server

        if args.json:
            print(json.dumps({"address": args.address, "port": args.port}), flush=True)
        server(args.address, args.port, quiet=args.json).serve()
    return 0


def _require_current() -> None:
    """And leave nothing open: the worker is forked, and a pool does not survive that."""
    from django.db import connection

    from homestretch.wiring import schema

    try:
        schema.require_current()
    finally:
        connection.close()
        connection.close_pool()
