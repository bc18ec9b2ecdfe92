"""Zones and service areas: drawn on the map, as corners, or as GeoJSON."""

from __future__ import annotations

import json
from typing import Any

from homestretch.doors.console.settings.forms import Field, Form, options
from homestretch.doors.console.settings.onmap import drawing
from homestretch.doors.console.settings.page import Act, Look, Section, Shown
from homestretch.doors.console.settings.reading import ident_of
from homestretch.fleet import queries as fleet
from homestretch.kernel.refusal import not_found
from homestretch.places import actions, queries
from homestretch.places.values import AreaData, ZoneData
from homestretch.web.entry import READ, WRITE

HINT = "Draw it on the map; or a corner a line, as 49.6117, 6.1300; or paste GeoJSON."


def _show(look: Look) -> Shown:
    if look.subject:
        return _one(look)
    zones, areas = list(queries.zones().order_by("name")), list(queries.service_areas().order_by("name"))
    depots = {depot.id: depot.name for depot in fleet.depots()}
    context = {
        "zones": [(zone, depots.get(zone.depot_id, "")) for zone in zones],
        "areas": areas,
        "add_zone": _zone_form(look, None),
        "add_area": _area_form(look, None),
        "drawn": drawing([*zones, *areas]),
    }
    return "areas", context


def _zone_form(look: Look, row: Any) -> Form:
    depots = options(fleet.depots().filter(active=True).order_by("name"), none="of all")
    more = (
        Field(
            "priority",
            "Priority",
            kind="number",
            value=row.priority if row else 0,
            least=0,
            most=100,
            hint="Of zones that overlap the highest counts.",
        ),
        Field(
            "depot_id",
            "For plans of the depot",
            kind="select",
            options=depots,
            value=(row.depot_id or "") if row else "",
        ),
    )
    return _form(look, "zone", row, more, "Add a zone")


def _area_form(look: Look, row: Any) -> Form:
    return _form(look, "area", row, (), "Add a service area")


def _form(look: Look, act: str, row: Any, more: tuple[Field, ...], title: str) -> Form:
    fields = (
        Field("version", kind="hidden", value=row.version if row else ""),
        Field("name", "Name", value=row.name if row else "", needed=True, most=120),
        *more,
        Field(
            "geometry",
            "Where",
            kind="drawing",
            value=json.dumps(row.geometry) if row else "",
            needed=True,
            hint=HINT,
            wide=True,
        ),
    )
    return look.form(act, *fields, title="" if row else title, button="Save" if row else "Add")


def _read(subject: str) -> tuple[str, Any]:
    kind, _, ident = subject.partition("/")
    if kind == "zone":
        return kind, queries.zone(ident_of("zone", ident))
    if kind == "area":
        return kind, queries.service_area(ident_of("service_area", ident))
    raise not_found("zone", subject)


def _one(look: Look) -> Shown:
    kind, row = _read(look.subject)
    form = _zone_form(look, row) if kind == "zone" else _area_form(look, row)
    remove = look.form(
        f"remove-{kind}",
        Field("version", kind="hidden", value=row.version),
        button="Remove it",
        danger=True,
        quiet=True,
    )
    return "one-form", {"form": form, "more": [remove], "title": row.name, "drawn": drawing([row])}


def _save_zone(act: Act) -> None:
    given = act.given
    data = ZoneData(
        given.text("name"),
        given.geometry("geometry"),
        priority=given.whole("priority") or 0,
        depot_id=given.maybe_ident("depot_id"),
    )
    ident = ident_of("zone", act.subject.partition("/")[2]) if act.subject else None
    actions.save_zone(data, ident=ident, version=given.whole("version"), by=act.by, at=act.at, once=act.once)


def _save_area(act: Act) -> None:
    data = AreaData(act.given.text("name"), act.given.geometry("geometry"))
    ident = ident_of("service_area", act.subject.partition("/")[2]) if act.subject else None
    version = act.given.whole("version")
    actions.save_service_area(data, ident=ident, version=version, by=act.by, at=act.at, once=act.once)


def _remove_zone(act: Act) -> None:
    ident, version = ident_of("zone", act.subject.partition("/")[2]), act.given.whole("version")
    actions.remove_zone(ident, version=version, by=act.by, at=act.at, once=act.once)


def _remove_area(act: Act) -> None:
    ident, version = ident_of("service_area", act.subject.partition("/")[2]), act.given.whole("version")
    actions.remove_service_area(ident, version=version, by=act.by, at=act.at, once=act.once)


SECTION = Section(
    "areas",
    "Zones and areas",
    READ("places"),
    WRITE("places"),
    _show,
    {"zone": _save_zone, "area": _save_area, "remove-zone": _remove_zone, "remove-area": _remove_area},
    {"zone": "Saved.", "area": "Saved.", "remove-zone": "Removed.", "remove-area": "Removed."},
)
