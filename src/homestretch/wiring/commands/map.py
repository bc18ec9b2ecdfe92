"""`homestretch map`: the door's command, with this installation's home folder."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

from homestretch.doors.cli import map as door
from homestretch.wiring.home import home

NAME, HELP, add_arguments = door.NAME, door.HELP, door.add_arguments


def run(args: argparse.Namespace) -> int:
    """Add, list or remove."""
    return door.run(args, home(), datetime.now(UTC))
