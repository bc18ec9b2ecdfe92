"""The fleet: depots, vehicles, drivers, and the phones and trackers that are let in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from homestretch.accounts import actions as accounts
from homestretch.accounts import queries as devices
from homestretch.doors.console.settings import assets
from homestretch.doors.console.settings.page import Act, Look, Secret, Section, Shown
from homestretch.doors.console.settings.reading import ident_of
from homestretch.events.scope import scope
from homestretch.fleet import queries
from homestretch.kernel.refusal import Refusal, not_found
from homestretch.web.entry import READ, WRITE
from homestretch.web.qr import code_of, phone_address

READERS: dict[str, Callable[[UUID], Any]] = {
    "depot": queries.depot,
    "vehicle": queries.vehicle,
    "driver": queries.driver,
}


def _show(look: Look) -> Shown:
    if look.subject:
        return _one(look)
    depots = list(queries.depots().order_by("-active", "name"))
    rows = devices.devices().filter(revoked_at=None).order_by("-created_at")
    owned: dict[UUID, list[Any]] = {}
    for row in rows:
        owned.setdefault(row.driver_id or row.vehicle_id, []).append(row)
    context = {
        "depots": depots,
        "vehicles": _with(owned, queries.vehicles().select_related("depot")),
        "drivers": _with(owned, queries.drivers()),
        "add_depot": assets.depot_form(look, None),
        "add_vehicle": assets.vehicle_form(look, None),
        "add_driver": assets.driver_form(look, None),
    }
    return "fleet", context


def _with(owned: dict[UUID, list[Any]], rows: Any) -> list[tuple[Any, list[Any]]]:
    return [(row, owned.get(row.id, [])) for row in rows.order_by("-active", "name")]


def _one(look: Look) -> Shown:
    kind, row = _named(look.subject)
    form = {"depot": assets.depot_form, "vehicle": assets.vehicle_form, "driver": assets.driver_form}[kind](look, row)
    waiting = devices.devices().order_by("-created_at")
    mine = waiting.filter(driver_id=row.id) if kind == "driver" else waiting.filter(vehicle_id=row.id)
    context = {"kind": kind, "row": row, "form": form, "title": row.name, "now": look.at}
    if kind != "depot":
        context["devices"] = list(mine)
    if kind != "depot" and row.active:
        context["pair"] = assets.pair_form(look, kind)
    return "asset", context


def _named(subject: str) -> tuple[str, Any]:
    kind, _, ident = subject.partition("/")
    if kind not in READERS:
        raise not_found("driver", subject)
    return kind, READERS[kind](ident_of(kind, ident))


def _pair(act: Act) -> Secret:
    """A one-time code for a driver's phone or a vehicle's tracker, to be typed, or read by the phone's camera."""
    with scope(act.by):
        kind, row = _named(act.subject)
    if not row.active:
        cause = f"{row.name} is no longer in service"
        raise Refusal("device.owner_inactive", cause, remedy="take it into service first", field="name")
    phone = kind == "driver"
    _, code = accounts.pair_device(
        "phone" if phone else "tracker",
        driver_id=row.id if phone else None,
        vehicle_id=None if phone else row.id,
        name=act.given.text("name"),
        by=act.by,
        at=act.at,
        once=act.once,
    )
    where = phone_address(code) if phone else code
    note = (
        f"For {row.name}: good for 15 minutes, once. Type it into the app, or point the phone's camera at the square."
    )
    return Secret("One-time code", code, note if phone else f"For the tracker of {row.name}: once.", code_of(where))


def _revoke(act: Act) -> None:
    accounts.revoke_device(act.given.ident("id"), by=act.by, at=act.at, once=act.once)


SECTION = Section(
    "fleet",
    "Fleet",
    READ("fleet"),
    WRITE("fleet"),
    _show,
    {
        "depot": assets.save_depot,
        "vehicle": assets.save_vehicle,
        "driver": assets.save_driver,
        "pair": _pair,
        "revoke": _revoke,
    },
    {
        "depot": "Saved.",
        "vehicle": "Saved.",
        "driver": "Saved.",
        "pair": "That code was made already; it was shown then.",
        "revoke": "Shut out: that device is let in no more.",
    },
)
