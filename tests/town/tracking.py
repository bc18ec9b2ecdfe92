"""Devices of the invented town, and what they report."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from homestretch.accounts import actions as accounts
from homestretch.events.scope import scope
from homestretch.kernel.actor import Actor, system
from homestretch.kernel.geo import Point, between
from homestretch.tracking import actions
from homestretch.tracking.intake import KEEP, SET_ORGANIZATION, Report, days_of, keep_values
from homestretch.tracking.rules.fixes import Fix
from tests.town.dispatch import Road
from tests.town.places import AT


def a_phone(by: Actor, driver_id: UUID, *, at: datetime = AT) -> tuple[UUID, str]:
    """A driver's phone that has signed in: its id and token."""
    _, code = accounts.pair_device("phone", driver_id=driver_id, by=by, at=at)
    device, token = accounts.claim_device(code, at=at)
    return device.id, token


def a_tracker(by: Actor, vehicle_id: UUID, *, at: datetime = AT) -> tuple[UUID, str]:
    """A vehicle's tracker that has signed in: its id and token."""
    _, code = accounts.pair_device("tracker", vehicle_id=vehicle_id, by=by, at=at)
    device, token = accounts.claim_device(code, at=at)
    return device.id, token


def on_duty(road: Road, *, at: datetime = AT) -> tuple[UUID, str]:
    """The phone of a route's driver, with the route's duty settled."""
    phone = a_phone(road.by, road.driver.driver_id, at=at)
    actions.settle_duty(road.route_id, by=system(road.by.organization_id), at=at)
    return phone


def bring(by: Actor, device_id: UUID, fixes: Iterable[Fix], *, now: datetime = AT) -> None:
    """Positions into the database, as the hot door brings them."""
    report = Report(by.organization_id, device_id, list(fixes))
    values = keep_values(by.organization_id, [report], now)
    with scope(system(by.organization_id)), connection.cursor() as cursor:
        for day in days_of([report]):
            cursor.execute("select make_day(%s)", [day])
        cursor.execute(SET_ORGANIZATION, values)
        cursor.execute(KEEP, values)


def kept(by: Actor) -> list[Any]:
    """(device, instant) of every position that is kept."""
    with scope(by), connection.cursor() as cursor:
        cursor.execute("select device_id, at from tracking_position order by at")
        return cursor.fetchall()


def track(a: Point, b: Point, start: datetime, *, seconds: int, every: int = 5) -> list[Fix]:
    """A drive from one point to another."""
    return [
        Fix(start + timedelta(seconds=s), p.lat, p.lon, 30_000, None, 5)
        for s in range(0, seconds + 1, every)
        for p in [between(a, b, s / seconds)]
    ]


def halt(where: Point, start: datetime, *, seconds: int, every: int = 5) -> list[Fix]:
    """Standing somewhere."""
    return [Fix(start + timedelta(seconds=s), where.lat, where.lon, 0, None, 5) for s in range(0, seconds + 1, every)]
