"""Duties: made at release, cut and stretched by taps; what lies outside of them is erased, what waited is let in."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import connection
from django.db.models import Q

from homestretch.accounts import queries as accounts
from homestretch.dispatch import queries as dispatch
from homestretch.events.action import action
from homestretch.events.scope import current_organization
from homestretch.kernel.actor import Actor
from homestretch.tracking.intake import LOCK_DUTIES
from homestretch.tracking.models import Duty, Track
from homestretch.tracking.rules import duty as rules

if TYPE_CHECKING:
    from homestretch.dispatch.models import Route

ERASE_OFF_DUTY = """
delete from tracking_position p
where p.organization_id = app_organization() and p.device_id = %s and p.at >= %s and not exists (
    select from tracking_duty d
    where d.organization_id = p.organization_id and d.device_id = p.device_id
        and p.at between d.starts_at and d.ends_at)
"""
REACH = timedelta(days=3)  # a changed span touches no position further back


@action
def settle_duty(route_id: UUID, *, by: Actor, at: datetime) -> list[Duty]:
    """Make a route's duties what its plan and taps say, for the driver's phones and the vehicle's trackers.

    A device that is no longer the route's is off duty from `at` on. Positions that are off shift now are erased; those
    that waited for a tap and are on shift now are kept. Intake waits meanwhile, so none slips through.
    """
    with connection.cursor() as cursor:
        cursor.execute(LOCK_DUTIES, [str(current_organization())])
    route = dispatch.route(route_id)
    known = {duty.device_id: duty for duty in Duty.objects.filter(route_id=route_id)}
    devices = set(_devices(route))
    changed = [_span(route, known.get(device), device, gone=None, at=at) for device in sorted(devices)]
    changed += [_span(route, duty, device, gone=at, at=at) for device, duty in known.items() if device not in devices]
    _sweep((duty.device_id for duty in changed), route.planned_start - REACH)
    return changed


def _devices(route: Route) -> Iterable[UUID]:
    whose = Q(kind="phone", driver_id=route.driver_id) | Q(kind="tracker", vehicle_id=route.vehicle_id)
    return accounts.devices().filter(whose, revoked_at__isnull=True).values_list("id", flat=True)


def _span(route: Route, duty: Duty | None, device_id: UUID, *, gone: datetime | None, at: datetime) -> Duty:
    duty = duty or Duty(route=route, device_id=device_id)
    ended = route.finished_at
    if route.state in {"recalled", "rejected"} or gone is not None:
        ended = duty.ended_at or gone or at
    span = rules.span(route.planned_start, route.planned_end, route.started_at, ended)
    duty.starts_at, duty.ends_at = span.starts, span.ends
    duty.started_at, duty.ended_at = span.started, span.ended
    duty.save()
    return duty


def _sweep(devices: Iterable[UUID], since: datetime) -> None:
    with connection.cursor() as cursor:
        for device_id in devices:
            cursor.execute(ERASE_OFF_DUTY, [device_id, since])
            cursor.execute("select release_held(%s)", [device_id])


@action
def erase_old(*, by: Actor, at: datetime) -> int:
    """Erase what has waited too long for its tap, and positions past the organization's rule; returns how many.

    Tracks of that age lose all their points too, and stay as empty rows, so that none is made again.
    Also makes the next days' partitions and drops those that nobody has anything in.
    """
    keep_from = at - timedelta(days=accounts.organization().positions_days)
    with connection.cursor() as cursor:
        cursor.execute("select erase_held(%s)", [rules.held_before(at)])
        erased = int(cursor.fetchone()[0])
        cursor.execute(
            "delete from tracking_position where organization_id = app_organization() and at < %s", [keep_from]
        )
        erased += cursor.rowcount
        Track.objects.filter(starts_at__lt=keep_from).update(points=[])
        for days in (0, 1):
            cursor.execute("select make_day(%s)", [(at + timedelta(days=days)).astimezone(UTC).date()])
        cursor.execute("select drop_empty_days()")
    return erased
