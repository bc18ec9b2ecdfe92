"""Orders come in: most by a file, some one by one; places that nobody can find are fixed by hand."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from homestretch.simulation.client import Refused
from homestretch.simulation.office.desk import API, Desk
from homestretch.simulation.town.demand import Parcel
from homestretch.simulation.town.fleet import hubs
from homestretch.simulation.town.writing import body, csv_file


def upload(desk: Desk) -> str:
    """Send the day's file; the import's id."""
    content = csv_file(desk.demand.by_file, desk.scenario.day)
    name = f"orders-{desk.scenario.day}.csv"
    headers = {"Idempotency-Key": desk.key("upload"), "Content-Type": "text/csv"}
    address = f"{API}/imports?filename={name}"
    made = desk.client.send("POST", address, content=content, headers=headers)
    return str(made.body["id"])


def check(desk: Desk, import_id: str) -> None:
    """Ask for a dry run, with the columns as they were guessed."""
    desk.post(f"/imports/{import_id}/check", {})


def confirm(desk: Desk, import_id: str) -> None:
    """After the dry run: take the file in. Raises where the dry run refused rows that the town wrote well."""
    row = desk.get(f"/imports/{import_id}")
    if row["refused"]:
        raise RuntimeError(
            f"the dry run refused {row['refused']} rows: {desk.all(f'/imports/{import_id}/refusals')[:3]}"
        )
    desk.post(f"/imports/{import_id}/run", {})


def tell(desk: Desk, parcels: list[Parcel]) -> list[dict[str, Any]]:
    """Orders one by one."""
    made = []
    for parcel in parcels:
        order = desk.post(
            "/orders", body(parcel, desk.scenario.day, desk.ids["merchants"]), key=desk.key(parcel.external_id)
        )
        desk.client.line.recorder.acknowledge("order", order["id"])
        made.append(order)
    return made


def fix_places(desk: Desk, at: datetime) -> int:
    """Set a pin where the geocoder was unsure or found nothing: of a town on the map, where the recipient says on the
    phone that the door is; else the first that the geocoder offers. How many."""
    places = desk.all("/places", state=["needs_review", "not_located"])
    truth = {parcel.address: parcel.truth for parcel in desk.demand.parcels.values() if desk.scenario.directory}
    depot = hubs(desk.scenario)[0].point
    for place in places:
        there = truth.get(place["address"], depot)
        best = {"lat": there.lat, "lon": there.lon}
        if place["address"] not in truth:
            best = next(iter(place["candidates"]), best)
        pin = {"lat": best["lat"], "lon": best["lon"]}
        desk.change("PATCH", f"/places/{place['id']}", pin, version=place["version"])
        desk.note(at, f"pins {place['address']}")
    return len(places)


def of_day(desk: Desk, **query: Any) -> list[dict[str, Any]]:
    """The day's orders."""
    return desk.all("/orders", day=desk.scenario.day.isoformat(), **query)


def call_off(desk: Desk, at: datetime, reason: str) -> int:
    """Cancel what is left at the end of the day; how many."""
    left = of_day(desk, state=["draft", "staged", "ready"])
    for order in left:
        try:
            desk.post(f"/orders/{order['id']}/cancel", {"reason": reason}, key=desk.key("cancel", order["id"]))
        except Refused as refused:
            if refused.status != 409 and refused.status != 422:
                raise
            continue
        desk.note(at, f"calls {order['external_id']} off")
    return len(left)
