"""Closed roads: a street by its name, or all that passes an area, for a span."""

from __future__ import annotations

from typing import Any

from homestretch.doors.console.settings.areas import HINT
from homestretch.doors.console.settings.forms import Field
from homestretch.doors.console.settings.onmap import drawing
from homestretch.doors.console.settings.page import Act, Look, Section, Shown
from homestretch.kernel.refusal import not_found
from homestretch.travel import actions, queries
from homestretch.travel.values import ClosureData
from homestretch.web.entry import READ, WRITE

SHOWN = 100


def _show(look: Look) -> Shown:
    if look.subject:
        raise not_found("closure", look.subject)
    add = look.form(
        "add",
        Field("name", "Name", most=120, hint="As drivers call it: Market day."),
        Field("street", "Street", most=200, hint="As the map writes it."),
        Field("lat", "near latitude", hint="Which of several streets of that name."),
        Field("lon", "and longitude"),
        Field("starts_at", "From", kind="datetime-local", hint="Empty: now."),
        Field("ends_at", "to", kind="datetime-local", hint="Empty: until it is ended here."),
        Field("reason", "Why", most=500, wide=True),
        Field("area", "or an area instead of a street", kind="drawing", hint=HINT, wide=True),
        title="Close a road",
        button="Close it",
    )
    rows: list[Any] = list(queries.closures(at=look.at).order_by("starts_at", "id")[:SHOWN])
    return "closures", {"rows": rows, "add": add, "drawn": drawing([]), "now": look.at}


def _add(act: Act) -> None:
    given = act.given
    area = given.geometry("area") if given.text("area") else None
    starts, ends = given.moment("starts_at", act.zone) or act.at, given.moment("ends_at", act.zone)
    told = ClosureData(
        given.text("name"), given.text("street"), given.point(), area, starts, ends, reason=given.text("reason")
    )
    actions.close_road(told, by=act.by, at=act.at, once=act.once)


def _end(act: Act) -> None:
    actions.open_road(act.given.ident("id"), by=act.by, at=act.at, once=act.once)


SECTION = Section(
    "closures",
    "Closed roads",
    READ("plans"),
    WRITE("plans"),
    _show,
    {"add": _add, "remove": _end},
    {"add": "Closed: plans and forecasts from now on go round it.", "remove": "Open again."},
)
