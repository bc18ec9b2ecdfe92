"""Who changed what: these settings' part of the log, newest first."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from homestretch.accounts import queries
from homestretch.doors.console.forms import maybe_ident
from homestretch.doors.console.settings.page import Look, Section, Shown
from homestretch.events import log
from homestretch.fleet import queries as fleet
from homestretch.kernel.actor import Kind
from homestretch.kernel.refusal import not_found
from homestretch.web.entry import OWN

SHOWN = 100
SUBJECTS = (
    *("organization", "member", "invitation", "key", "merchant", "device", "endpoint"),
    *("depot", "vehicle", "driver", "shift", "zone", "service_area", "blackout", "closure", "recipient"),
)

NOT_CHANGED = (
    "vehicle.silent",
    "vehicle.heard",
    "shift.started",
    "shift.ended",
    "shift.break_started",
    "shift.break_ended",
)


def _show(look: Look) -> Shown:
    if look.subject:
        raise not_found("page", look.subject)
    about = look.query.get("about", "")
    wanted = [about] if about in SUBJECTS else list(SUBJECTS)
    before = look.query.get("before", "")
    found = log.latest(wanted, without=NOT_CHANGED, before=maybe_ident(before), limit=SHOWN + 1)
    names = _names(found)
    rows = [(event, _who(event.actor, names), _what(event), names.get(event.subject_id, "")) for event in found[:SHOWN]]
    more = found[SHOWN - 1].id if len(found) > SHOWN else None
    return "changes", {"rows": rows, "subjects": SUBJECTS, "about": about, "more": more}


def _names(events: Iterable[Any]) -> dict[UUID, str]:
    """What people call those who acted, and what it was about."""
    names = {row.id: row.user.name or row.user.email for row in queries.members().select_related("user")}
    names |= {row.id: f"key “{row.name}”" for row in queries.keys().order_by("id")}
    for rows in (queries.merchants(), fleet.depots(), fleet.vehicles(), fleet.drivers()):
        names |= {row.id: row.name for row in rows}
    return names


def _who(actor: str, names: dict[UUID, str]) -> str:
    kind, _, ident = actor.partition(":")
    found = maybe_ident(ident)
    known = names.get(found, "") if found else ""
    if kind == Kind.SYSTEM:
        return "Homestretch"
    return known or kind


def _what(event: Any) -> str:
    """The verb, and which fields where the fact says so; ids are left out."""
    verb = event.type.partition(".")[2].replace("_", " ")
    plain = {name: value for name, value in event.data.items() if not name.endswith("_id")}
    told = [_say(name, value) for name, value in plain.items() if value not in ("", None, [])]
    return f"{verb}: {'; '.join(told)}" if told else verb


def _say(name: str, value: Any) -> str:
    said = ", ".join(str(part).replace("_", " ") for part in value) if isinstance(value, list) else str(value)
    return said if name in ("fields", "scopes") else f"{name.replace('_', ' ')} {said}"


SECTION = Section("changes", "Who changed what", OWN("organization"), OWN("organization"), _show, {})
