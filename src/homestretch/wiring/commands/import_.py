"""`homestretch import`: the door's command, with the database behind it."""

from __future__ import annotations

import argparse

from homestretch.doors.cli import import_
from homestretch.wiring import database
from homestretch.wiring.django import set_up

NAME, HELP, add_arguments = import_.NAME, import_.HELP, import_.add_arguments


def run(args: argparse.Namespace) -> int:
    """Import a file, as the app's role."""
    with database.connected():
        set_up()
        from django.db import connection

        database.refuse_unsafe_role(connection)
        return import_.run(args)
