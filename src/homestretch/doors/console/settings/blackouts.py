"""Days on which nothing is delivered."""

from __future__ import annotations

from typing import Any

from homestretch.doors.console.settings.forms import Field, Form, options
from homestretch.doors.console.settings.page import Act, Look, Section, Shown
from homestretch.doors.console.settings.reading import ident_of
from homestretch.events.scope import scope
from homestretch.fleet import queries as fleet
from homestretch.places import actions, queries
from homestretch.places.values import BlackoutData
from homestretch.web.entry import READ, WRITE


def _show(look: Look) -> Shown:
    if look.subject:
        row = queries.blackout(ident_of("blackout", look.subject))
        remove = look.form(
            "remove",
            Field("version", kind="hidden", value=row.version),
            button="Make these days ordinary again",
            danger=True,
            quiet=True,
        )
        return "one-form", {"form": _form(look, row), "more": [remove], "title": row.reason}
    today = look.at.astimezone(look.zone).date()
    depots = {depot.id: depot.name for depot in fleet.depots()}
    rows = queries.blackouts(since=today).select_related("zone").order_by("first", "id")
    told = [(row, depots.get(row.depot_id) or (row.zone.name if row.zone else "everywhere")) for row in rows]
    return "blackouts", {"rows": told, "add": _form(look, None)}


def _form(look: Look, row: Any) -> Form:
    depots = options(fleet.depots().filter(active=True).order_by("name"), none="all depots")
    zones = options(queries.zones().order_by("name"), none="no zone in particular")
    fields = (
        Field("version", kind="hidden", value=row.version if row else ""),
        Field("first", "From", kind="date", value=row.first if row else "", needed=True),
        Field("last", "to, that day too", kind="date", value=row.last if row else "", needed=True),
        Field("reason", "Why", value=row.reason if row else "", needed=True, most=200, hint="Those who ask are told."),
        Field("depot_id", "From", kind="select", options=depots, value=(row.depot_id or "") if row else ""),
        Field("zone_id", "In", kind="select", options=zones, value=(row.zone_id or "") if row else ""),
    )
    return look.form("save", *fields, title="" if row else "Add days off", button="Save" if row else "Add")


def _save(act: Act) -> None:
    given = act.given
    depot = given.maybe_ident("depot_id")
    if depot is not None:
        with scope(act.by):
            fleet.depot(depot)
    data = BlackoutData(
        given.day("first"), given.day("last"), given.text("reason"), depot, given.maybe_ident("zone_id")
    )
    ident = ident_of("blackout", act.subject) if act.subject else None
    actions.save_blackout(data, ident=ident, version=given.whole("version"), by=act.by, at=act.at, once=act.once)


def _remove(act: Act) -> None:
    ident, version = ident_of("blackout", act.subject), act.given.whole("version")
    actions.remove_blackout(ident, version=version, by=act.by, at=act.at, once=act.once)


SECTION = Section(
    "days-off",
    "Days off",
    READ("places"),
    WRITE("places"),
    _show,
    {"save": _save, "remove": _remove},
    {"save": "Saved: plans of these days leave out what it concerns.", "remove": "Removed."},
)
