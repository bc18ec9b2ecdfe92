"""The yard: depots, vans, drivers and their hours, made where they are missing."""

from __future__ import annotations

from typing import Any

from homestretch.simulation.office.desk import Desk
from homestretch.simulation.town.fleet import ZONE, Hub, Van, hubs, vans
from homestretch.simulation.town.names import MERCHANTS, phone

LUNCH = {"duration_s": 1800, "earliest": "11:30", "latest": "13:45"}


def equip(desk: Desk) -> None:
    """Bring the fleet to what the scenario has; what is there by its external id stays as it is."""
    _make(desk, "merchants", [{"name": name, "external_id": code} for code, name in MERCHANTS])
    _make(desk, "depots", [_depot(hub) for hub in hubs(desk.scenario)])
    fleet = vans(desk.scenario)
    _make(desk, "vehicles", [_vehicle(desk, van) for van in fleet])
    _make(desk, "drivers", [_driver(van) for van in fleet])
    _rules(desk, fleet)


def open_day(desk: Desk) -> None:
    """Make the day's shifts by the rules."""
    desk.post(f"/shifts/open/{desk.scenario.day.isoformat()}", key=desk.key("open"))


def _make(desk: Desk, kind: str, rows: list[dict[str, Any]]) -> None:
    known = {row["external_id"]: row["id"] for row in desk.all(f"/{kind}")}
    for row in rows:
        if row["external_id"] not in known:
            known[row["external_id"]] = desk.post(f"/{kind}", row)["id"]
    desk.ids[kind] = known


def _depot(hub: Hub) -> dict[str, Any]:
    return {
        "name": hub.name,
        "external_id": hub.external_id,
        "zone": ZONE,
        "address": hub.address,
        "lat": hub.point.lat,
        "lon": hub.point.lon,
    }


def _vehicle(desk: Desk, van: Van) -> dict[str, Any]:
    return {
        "name": f"Van {van.number}",
        "external_id": van.external_id,
        "plate": van.plate,
        "depot_id": desk.ids["depots"][van.hub],
        "capacity": van.capacity,
        "skills": list(van.skills),
        "cost_fixed": 4000,
        "cost_per_hour": 2400,
        "cost_per_km": 45,
    }


def _driver(van: Van) -> dict[str, Any]:
    return {
        "name": van.driver,
        "external_id": van.external_id,
        "phone": phone(900_000 + van.number),
        "language": van.language,
    }


def _rules(desk: Desk, fleet: list[Van]) -> None:
    weekday = desk.scenario.day.weekday()
    known = {(row["vehicle_id"], row["weekday"]) for row in desk.all("/shift-rules")}
    for van in fleet:
        vehicle_id = desk.ids["vehicles"][van.external_id]
        if (vehicle_id, weekday) not in known:
            rule = {
                "vehicle_id": vehicle_id,
                "driver_id": desk.ids["drivers"][van.external_id],
                "weekday": weekday,
                "starts": van.starts,
                "ends": van.ends,
                "breaks": [LUNCH] if van.lunch else [],
            }
            desk.post("/shift-rules", rule)
