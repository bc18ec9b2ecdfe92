"""What an interrupted day left on the road: taken back or closed, so that the next day begins with an empty yard."""

from __future__ import annotations

from datetime import datetime

from homestretch.kernel.ids import uuid7
from homestretch.kernel.units import iso
from homestretch.simulation.client import Client
from homestretch.simulation.office.desk import API, Desk
from homestretch.simulation.office.planning import new_phone


def close(desk: Desk, at: datetime) -> int:
    """Recall routes that never started; have a phone end those that did. How many there were."""
    live = [row for state in ("released", "accepted", "loading", "started") for row in desk.all("/routes", state=state)]
    for route in live:
        if route["state"] == "started":
            _finish(desk, route["id"], route["driver_id"], at)
        else:
            desk.post(f"/routes/{route['id']}/recall", {})
        desk.note(at, f"closes yesterday's route of {route['driver']}")
    return len(live)


def _finish(desk: Desk, route_id: str, driver_id: str, at: datetime) -> None:
    token = new_phone(desk, driver_id, "Spare phone")
    tap = {"id": str(uuid7()), "kind": "finish_route", "counter": 1 << 40, "at": iso(at), "route_id": route_id}
    Client(desk.client.line, "spare", token).post(f"{API}/driver/sync", {"intents": [tap]})
