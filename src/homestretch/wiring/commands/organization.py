"""`homestretch begin`: the first organization, or one more, with its owner. No door of the web does that."""

from __future__ import annotations

import argparse
import getpass
import json
import sys

from homestretch.kernel.refusal import Refusal
from homestretch.wiring import database
from homestretch.wiring.django import set_up

NAME = "begin"
HELP = "set up an organization and its owner (asks for the password, or reads it from the input)"
SETTINGS = ("zone", "country", "currency", "language")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The organization's name, its owner, and where it is."""
    parser.add_argument("name", help="the organization's name")
    parser.add_argument("email", help="the owner's e-mail, to sign in by")
    parser.add_argument("--zone", help="time zone, such as Europe/Luxembourg (default UTC)")
    parser.add_argument("--country", help="ISO 3166, for phone numbers written without a prefix")
    parser.add_argument("--currency", help="ISO 4217 (default EUR)")
    parser.add_argument("--language", help="of what is said to recipients by default: en, fr, de")


def run(args: argparse.Namespace) -> int:
    """Set up. JSON: `{"organization", "owner"}`. Refuses `database.behind`, `password.weak`, `password.differs`."""
    with database.connected():
        set_up()
        from homestretch.accounts.actions import create_organization
        from homestretch.events.clock import now
        from homestretch.wiring import schema

        schema.require_current()
        settings = {name: getattr(args, name) for name in SETTINGS if getattr(args, name)}
        made = create_organization(args.name, args.email, _password(), at=now(), staff=True, **settings)
        answer = {"organization": str(made.id), "owner": args.email}
    print(json.dumps(answer) if args.json else f"{args.name} is set up; {args.email} signs in at HOMESTRETCH_URL")
    return 0


def _password() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    password = getpass.getpass("Password of the owner: ")
    if getpass.getpass("Once more: ") != password:
        raise Refusal("password.differs", "these were two passwords", remedy="type the same twice")
    return password
