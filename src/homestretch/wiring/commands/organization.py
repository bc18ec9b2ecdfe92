"""`homestretch organization`: the first organization, or one more, with its owner. No door of the web does that."""

from __future__ import annotations

import argparse
import json
import secrets
import sys

from homestretch.kernel.refusal import Refusal
from homestretch.wiring import database
from homestretch.wiring.django import set_up
from homestretch.wiring.options import option

NAME = "organization"
HELP = "set up an organization and its owner, whose first password is read from the input, or made and shown once"
SETTINGS = ("zone", "country", "currency", "language")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The organization's name, its owner, and where it is."""
    parser.add_argument("name", help="the organization's name")
    parser.add_argument("--owner", required=True, metavar="EMAIL", help="the owner's e-mail, to sign in by")
    parser.add_argument("--password-stdin", action="store_true", help="read the owner's password: one line")
    parser.add_argument("--zone", help="time zone, such as Europe/Luxembourg (default UTC)")
    parser.add_argument("--country", help="ISO 3166, for phone numbers written without a prefix (default DE)")
    parser.add_argument("--currency", help="ISO 4217 (default EUR)")
    parser.add_argument("--language", help="of what is said to recipients by default: en, fr, de (default en)")


def run(args: argparse.Namespace) -> int:
    """Set up. JSON: `{"organization", "slug", "owner", "password"}`; the password is null where it was given.

    Refuses `organization.name_taken` and `organization.owner_taken`, so that a repetition changes nothing;
    `contact.email_invalid`, `password.weak`, `organization.setting_invalid`, `database.behind`.
    """
    with database.connected():
        set_up()
        from django.db import connection

        from homestretch.accounts.actions import create_organization
        from homestretch.events.clock import now
        from homestretch.kernel.contact import read_email
        from homestretch.wiring import schema

        database.refuse_unsafe_role(connection)
        schema.require_current()
        owner = read_email(args.owner or "-").lower()  # an empty one is none either
        _require_new(args.name, owner)
        password = sys.stdin.readline().rstrip("\r\n") if args.password_stdin else secrets.token_urlsafe(15)
        settings = {name: getattr(args, name) for name in SETTINGS if getattr(args, name)}
        made = create_organization(args.name, owner, password, at=now(), staff=True, **settings)
    shown = None if args.password_stdin else password
    if args.json:
        print(json.dumps({"organization": str(made.id), "slug": made.slug, "owner": owner, "password": shown}))
    else:
        print(f"{made.name} is set up. {owner} signs in at {option('HOMESTRETCH_URL')}", end="")
        print(f" with {shown}\nThis password is shown once: change it after signing in." if shown else "")
    return 0


def _require_new(name: str, owner: str) -> None:
    """Refuses a name or an owner that is known: a second run of the same command must not make a second one."""
    from homestretch.accounts.models import User
    from homestretch.accounts.queries import organization
    from homestretch.accounts.rules import slug_of
    from homestretch.events.scope import scope
    from homestretch.events.subscribe import known_organizations
    from homestretch.kernel.actor import system

    for ident in known_organizations():
        with scope(system(ident)):
            if organization().slug == slug_of(name):
                raise Refusal(
                    "organization.name_taken",
                    "there is an organization of this name",
                    remedy="sign in as its owner, or give another name",
                    organization=str(ident),
                )
    if User.objects.filter(email=owner).exists():
        raise Refusal(
            "organization.owner_taken",
            "somebody signs in by this e-mail already",
            remedy="give another e-mail for the owner; people are invited into an organization by its owner",
        )
