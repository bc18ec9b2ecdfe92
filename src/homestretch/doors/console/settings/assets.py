"""Forms of depots, vehicles and drivers, and how they are saved."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from homestretch.doors.console.settings.forms import Field, Form, Given, options
from homestretch.doors.console.settings.page import Act, Look
from homestretch.doors.console.settings.reading import ident_of
from homestretch.fleet import actions, queries
from homestretch.fleet.rules import PROFILES
from homestretch.fleet.values import DepotData, DriverData, VehicleData
from homestretch.kernel.refusal import Refusal
from homestretch.places.values import PlaceData

TITLES = {"depot": "Add a depot", "vehicle": "Add a vehicle", "driver": "Add a driver"}
PROFILE_WORDS = {"van": "Van", "truck": "Truck", "bike": "Cargo bike", "foot": "On foot"}


def _asset(look: Look, kind: str, row: Any, *fields: Field) -> Form:
    shared = (
        Field("version", kind="hidden", value=row.version if row else ""),
        Field("name", "Name", value=row.name if row else "", needed=True, most=120),
        *fields,
        Field("external_id", "As another system calls it", value=row.external_id if row else "", most=120),
    )
    if row is None:
        return look.form(kind, *shared, title=TITLES[kind], button="Add")
    return look.form(kind, *shared, Field("active", "In service", kind="check", value=row.active))


def depot_form(look: Look, row: Any) -> Form:
    """A depot: where routes start and end."""
    place = row.place if row else None
    return _asset(
        look,
        "depot",
        row,
        Field("address", "Address", value=place.address if place else "", most=500, wide=True),
        Field("lat", "Latitude", value=place.lat if place else "", hint="With longitude it needs no looking up."),
        Field("lon", "Longitude", value=place.lon if place else ""),
        Field("zone", "Time zone", value=row.zone if row else look.zone.key, hint="In which its shifts are read."),
    )


def vehicle_form(look: Look, row: Any) -> Form:
    """A vehicle with its capacities and costs; money in whole units of the currency."""
    depots = options(queries.depots().filter(active=True).order_by("name"))
    load = ", ".join(f"{name} {size}" for name, size in row.capacity.items()) if row else ""
    costs = (row.cost_fixed, row.cost_per_hour, row.cost_per_km) if row else (0, 0, 0)
    names = (
        ("cost_fixed", "Cost of a day"),
        ("cost_per_hour", "Cost of an hour"),
        ("cost_per_km", "Cost of a kilometer"),
    )
    money = [Field(name, label, value=f"{cost / 100:.2f}") for (name, label), cost in zip(names, costs, strict=True)]
    return _asset(
        look,
        "vehicle",
        row,
        Field("plate", "Plate", value=row.plate if row else "", most=20),
        Field("depot_id", "Depot", kind="select", value=row.depot_id if row else "", options=depots),
        Field(
            "profile",
            "Moves as",
            kind="select",
            value=row.profile if row else "van",
            options=[(p, PROFILE_WORDS[p]) for p in PROFILES],
        ),
        Field(
            "capacity",
            "Holds at most",
            value=load,
            hint="As: weight 800000, pieces 120. Weight in grams. What is not named is not limited.",
        ),
        Field("skills", "Skills", value=", ".join(row.skills) if row else "", hint="With commas between: cold, lift."),
        *money,
    )


def driver_form(look: Look, row: Any) -> Form:
    """A driver."""
    return _asset(
        look,
        "driver",
        row,
        Field("phone", "Phone", value=row.phone if row else "", most=20),
        Field("language", "Language of the app", value=row.language if row else "", most=12, hint="en, fr, de, ar"),
        Field("skills", "Skills", value=", ".join(row.skills) if row else "", hint="With commas between."),
    )


def pair_form(look: Look, kind: str) -> Form:
    """A new device for a driver or a vehicle."""
    words = ("Let a phone in", "Phone") if kind == "driver" else ("Let a tracker in", "Tracker")
    return look.form(
        "pair", Field("name", "Name", most=120, hint="To tell several apart."), title=words[0], button="Make a code"
    )


def _common(given: Given, act: Act, kind: str) -> tuple[dict[str, Any], UUID | None, int | None]:
    ident = ident_of(kind, act.subject.partition("/")[2]) if act.subject else None
    active = given.ticked("active") if ident else True
    whole = {"name": given.text("name"), "external_id": given.maybe("external_id"), "active": active}
    return whole, ident, given.whole("version")


def save_depot(act: Act) -> None:
    """Make a depot, or save the one that the address names."""
    given = act.given
    whole, ident, version = _common(given, act, "depot")
    data = DepotData(place=PlaceData(given.text("address"), given.point()), zone=given.text("zone"), **whole)
    actions.save_depot(data, ident=ident, version=version, by=act.by, at=act.at, once=act.once)


def save_vehicle(act: Act) -> None:
    """Make a vehicle, or save the one that the address names."""
    given = act.given
    whole, ident, version = _common(given, act, "vehicle")
    costs: dict[str, Any] = {
        name: given.scaled(name, 100) or 0 for name in ("cost_fixed", "cost_per_hour", "cost_per_km")
    }
    data = VehicleData(
        depot_id=given.ident("depot_id"),
        plate=given.text("plate"),
        profile=given.text("profile"),
        capacity=_capacity(given),
        skills=given.words("skills"),
        **costs,
        **whole,
    )
    actions.save_vehicle(data, ident=ident, version=version, by=act.by, at=act.at, once=act.once)


def _capacity(given: Given) -> dict[str, int]:
    """`weight 800000, pieces 120` by name. Refuses `form.load_unreadable`."""
    found = {}
    for words in given.words("capacity"):
        name, _, size = words.replace("=", " ").replace(":", " ").rpartition(" ")
        if not name.strip() or not size.isdecimal():
            cause = f"{words[:40]!r} is no name and number"
            raise Refusal("form.load_unreadable", cause, remedy="write weight 800000, pieces 120", field="capacity")
        found[name.strip()] = int(size)
    return found


def save_driver(act: Act) -> None:
    """Make a driver, or save the one that the address names."""
    given = act.given
    whole, ident, version = _common(given, act, "driver")
    data = DriverData(phone=given.text("phone"), language=given.text("language"), skills=given.words("skills"), **whole)
    actions.save_driver(data, ident=ident, version=version, by=act.by, at=act.at, once=act.once)
