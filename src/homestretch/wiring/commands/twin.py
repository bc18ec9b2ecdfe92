"""`homestretch twin`: the door's command, with the database behind it."""

from __future__ import annotations

import argparse

from homestretch.doors.cli import twin
from homestretch.wiring import database
from homestretch.wiring.django import set_up

NAME, HELP, add_arguments = twin.NAME, twin.HELP, twin.add_arguments


def run(args: argparse.Namespace) -> int:
    """Play, as the app's role."""
    with database.connected():
        set_up()
        from django.db import connection

        from homestretch.wiring import schema

        database.refuse_unsafe_role(connection)
        schema.require_current()
        return twin.run(args)
