"""From ready orders to routes with drivers whose phones are paired."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from homestretch.simulation.client import Client, Refused
from homestretch.simulation.office.desk import Desk


def ask_plan(desk: Desk, hub: str, number: int) -> str | None:
    """Ask for a plan of the day from one hub; its id. None when there is nothing that could be planned."""
    wish = {
        "day": desk.scenario.day.isoformat(),
        "depot_ids": [desk.ids["depots"][hub]],
        "seconds": desk.scenario.plan_s,
        "seed": desk.scenario.seed,
    }
    try:
        return str(desk.post("/plans", wish, key=desk.key("plan", hub, number))["id"])
    except Refused as refused:
        if refused.code in ("plan.nothing_to_plan", "plan.no_shifts"):
            return None
        raise


def is_solved(desk: Desk, plan_id: str) -> bool:
    """Whether a plan can be released. Raises where its search has failed."""
    plan = desk.get(f"/plans/{plan_id}")
    if plan["state"] == "dropped":
        raise RuntimeError(f"the search failed: {plan['search']}")
    return bool(plan["state"] == "ready")


def tidy_plan(desk: Desk, plan_id: str) -> dict[str, Any]:
    """The revision that stands, without what breaks a rule: a dispatcher takes such visits off before release."""
    revision: dict[str, Any] = desk.get(f"/plans/{plan_id}/revision")
    for _ in range(50):
        broken = [visit for breach in revision["breaches"] if (visit := breach.get("visit"))]
        if not broken:
            return revision
        body = {"revision": revision["number"], "visit": broken[0], "shift_id": None}
        revision = desk.post(f"/plans/{plan_id}/move", body)
    return revision


def release(desk: Desk, plan_id: str, revision: int) -> list[dict[str, Any]]:
    """Put it on the road."""
    body = {"plan_id": plan_id, "revision": revision}
    routes: list[dict[str, Any]] = desk.post("/routes/release", body, key=desk.key("release", plan_id))["items"]
    return routes


@dataclass(frozen=True, slots=True)
class Paired:
    """A driver's phone that is let in."""

    driver: str  # external id
    client: Client
    route: dict[str, Any]


def pair(desk: Desk, route: dict[str, Any], at: datetime) -> Paired:
    """Give the route's driver a code, and have the phone turn it into its token."""
    driver = next(name for name, ident in desk.ids["drivers"].items() if ident == route["driver_id"])
    wish = {"kind": "phone", "driver_id": route["driver_id"], "name": f"Phone of {route['driver']}"}
    code = desk.post("/devices", wish)["code"]
    nobody = Client(desk.client.line, driver)
    token = nobody.post("/api/v1/devices/claim", {"code": code})["token"]
    desk.note(at, f"pairs the phone of {driver}")
    return Paired(driver, Client(desk.client.line, driver, token), route)
