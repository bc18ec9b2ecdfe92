"""What must be there before the doors can be used: the organization, its people, one API key. Made once, by actions."""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import asdict, dataclass, field
from datetime import datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from homestretch.simulation.office.signing_in import Person

NAME = "Saint-Aubin Vans"
ZONE = "Europe/Luxembourg"
OPENS = time(5, 0)  # local time at which the first day begins
SETTINGS: dict[str, Any] = {
    "zone": ZONE,
    "language": "en",
    "currency": "EUR",
    "country": "LU",
    "phone": "+352621000000",
}


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who can sign in."""

    role: str
    email: str
    password: str


@dataclass(frozen=True, slots=True)
class Demo:
    """The organization's key and people; kept in the demo's folder, readable by its owner only."""

    key: str
    accounts: list[Account] = field(default_factory=list)

    @property
    def dispatcher(self) -> Person | None:
        """Whom the simulation signs in."""
        return next((Person(a.email, a.password) for a in self.accounts if a.role == "dispatcher"), None)


def bootstrap(folder: Path, first_day: datetime) -> Demo:
    """The demo's organization, made if it is not there. `first_day`: any instant of the day that comes first.

    Django is set up as the app's role, and the schema is current. Safe to say twice.
    """
    kept = folder / "demo.json"
    known = _read(kept)
    if known is not None and _is_good(known):
        return known
    _start_clock(first_day)
    made = _make()
    _write(kept, made)
    return made


def _make() -> Demo:
    from homestretch.accounts import actions
    from homestretch.accounts.principals import who_is_email
    from homestretch.accounts.rules import SCOPES
    from homestretch.events.clock import now

    owner = Account("owner", _address("owner"), secrets.token_urlsafe(9))
    dispatcher = Account("dispatcher", _address("dispatcher"), secrets.token_urlsafe(9))
    at = now()
    made = actions.create_organization(
        NAME, owner.email, owner.password, at=at, owner_name="Odile Owner", staff=True, **SETTINGS
    )
    by = next(actor for actor in who_is_email(owner.email) if actor.organization_id == made.id)
    _, token = actions.invite(dispatcher.email, "dispatcher", by=by, at=at)
    actions.accept_invitation(token, dispatcher.password, "Dana Dispatcher", at=at)
    _, secret = actions.create_key("Simulation", SCOPES, by=by, at=at)
    return Demo(secret, [owner, dispatcher])


def _address(role: str) -> str:
    """Fresh words, so that a person of an earlier demo in the same database keeps the own password."""
    return f"{role}.{secrets.token_hex(2)}@saint-aubin.example"


def _start_clock(first_day: datetime) -> None:
    from homestretch.events.clock import set_clock
    from homestretch.events.models import Clock

    if not Clock.objects.filter(id=1).exists():
        local = first_day.astimezone(ZoneInfo(ZONE))
        set_clock(datetime.combine(local.date(), OPENS, ZoneInfo(ZONE)))


def _is_good(demo: Demo) -> bool:
    from homestretch.accounts.principals import who_is_key

    return who_is_key(demo.key) is not None


def _read(path: Path) -> Demo | None:
    try:
        data = json.loads(path.read_text())
    except FileNotFoundError:
        return None
    return Demo(data["key"], [Account(**row) for row in data["accounts"]])


def _write(path: Path, demo: Demo) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(asdict(demo), file, indent=1)
