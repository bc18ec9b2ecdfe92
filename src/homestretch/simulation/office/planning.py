"""From ready orders to routes with drivers whose phones are paired."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any

from homestretch.simulation.client import Client, Refused
from homestretch.simulation.office.desk import API, Desk

CLAIMS = 5


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
    """Give the route's driver a phone that is let in."""
    driver = next(name for name, ident in desk.ids["drivers"].items() if ident == route["driver_id"])
    token = new_phone(desk, route["driver_id"], f"Phone of {route['driver']}")
    desk.note(at, f"pairs the phone of {driver}")
    return Paired(driver, Client(desk.client.line, driver, token), route)


def new_phone(desk: Desk, driver_id: str, name: str) -> str:
    """The token of a new phone: the office gives a one-time code, the phone claims it.

    A code works once: where the answer with the token was lost, the phone is paired anew.
    """
    for _ in range(CLAIMS):
        code = desk.post("/devices", {"kind": "phone", "driver_id": driver_id, "name": name})["code"]
        if code is None:  # the answer with the code was lost, and its repetition does not show it
            continue
        try:
            return str(Client(desk.client.line, "new phone").post(f"{API}/devices/claim", {"code": code})["token"])
        except Refused as refused:
            if refused.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
                raise
    raise RuntimeError(f"{name} could not be paired")
