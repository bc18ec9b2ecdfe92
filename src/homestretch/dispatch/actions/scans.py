"""Packages scanned: each scan is a step of the package's automaton and one word of the balance."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from homestretch.dispatch.actions.routes import return_goods
from homestretch.dispatch.actions.steps import locked_route
from homestretch.dispatch.events import PackageScanned
from homestretch.dispatch.models import Route
from homestretch.dispatch.queries.routes import packages_on
from homestretch.dispatch.rules.automata import way
from homestretch.dispatch.rules.intents import SCANS
from homestretch.dispatch.rules.packages import word_of_missing
from homestretch.events.action import action
from homestretch.events.log import record
from homestretch.kernel.actor import Actor
from homestretch.kernel.refusal import Refusal, not_found
from homestretch.orders import actions as orders


@action
def scan(route_id: UUID, barcode: str, what: str, *, package_id: UUID | None = None, by: Actor, at: datetime) -> Any:
    """A package of this route was scanned, or named missing; returns it.

    `what` is load, collect, deliver, return, hand_over or missing. A scan that was forgotten before it is filled in:
    what is delivered was on board. The same scan again changes nothing. Refuses `route.not_found`,
    `package.not_found`, `package.ambiguous`, `package.bad_transition`, `package.scan_unknown`.
    """
    if what not in SCANS:
        raise Refusal("package.scan_unknown", "there is no such scan", remedy=f"one of {', '.join(SCANS)}")
    route = locked_route(route_id)
    package = _package(route, barcode, package_id)
    state, word = SCANS[what]
    if package.state == state:
        return package
    for step in way("package", package.state, state):
        if what == "missing":
            word = word_of_missing(package.state)
        package = orders.scan_package(package.task_id, package.barcode, step, by=by, at=at)
        record(PackageScanned(package.id, route.id, word if step == state else _came(package)), by=by, at=at)
    if state == "returned":
        return_goods(package.task.order_id, by=by, at=at)
    return package


def _came(package: Any) -> str:
    return "collected" if package.task.kind == "collect" else "loaded"


def _package(route: Route, barcode: str, package_id: UUID | None) -> Any:
    found = [p for p in packages_on(route.id) if (p.id == package_id if package_id else p.barcode == barcode)]
    if not found:
        raise not_found("package", barcode)
    if len(found) > 1:
        raise Refusal(
            "package.ambiguous",
            "several packages of this route carry this barcode",
            remedy="name the package by its id",
            field="barcode",
        )
    return found[0]
