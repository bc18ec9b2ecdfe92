"""`homestretch manage ...`: Django's own commands for developers, as the owner of the tables."""

from __future__ import annotations

import argparse

from homestretch.wiring import database
from homestretch.wiring.django import set_up

NAME = "manage"
HELP = "run one of Django's commands as the tables' owner, such as makemigrations"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.prefix_chars = "\0"  # nothing is an option of ours
    parser.add_argument("words", nargs="*", metavar="command ...", help="the command and its arguments")


def run(args: argparse.Namespace) -> int:
    """Pass everything on; Django prints and exits as it does."""
    with database.connected(as_owner=True):
        set_up()
        from django.core.management import execute_from_command_line

        execute_from_command_line(["homestretch manage", *args.words])
    return 0
