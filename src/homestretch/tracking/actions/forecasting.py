"""Forecasts of a running route, and what is said of them: shifted, approaching, a promise at risk."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import prefetch_related_objects

from homestretch.dispatch import queries as dispatch
from homestretch.events.action import action
from homestretch.events.log import record, record_all
from homestretch.kernel.actor import Actor
from homestretch.kernel.geo import Point
from homestretch.kernel.units import iso
from homestretch.orders.events import PromiseAtRisk
from homestretch.tracking import learned
from homestretch.tracking.actions.following import locked
from homestretch.tracking.events import EtaShifted, StopApproaching
from homestretch.tracking.models import Forecast, Whereabouts
from homestretch.tracking.rules import forecast as rules
from homestretch.tracking.rules.order import Waiting, first_by_position, likely
from homestretch.travel import queries as travel

if TYPE_CHECKING:
    from homestretch.dispatch.models import Route, Stop

KEPT_TRUE = ["p10", "p50", "p90", "made_at", "told_p50", "at_risk", "kept", "leg_s", "leg_m", "after"]


@action
def reforecast(route_id: UUID, *, by: Actor, at: datetime) -> list[Forecast]:
    """Make the forecasts of a started route's open stops anew, and say what has changed enough to be said.

    Records `eta.shifted` across the threshold, `promise.at_risk` when a promise comes to be so, when it becomes graver
    and when it comes again after the promise was safe, `stop.approaching` once per stop.
    """
    whereabouts = locked(route_id)
    route = dispatch.route(route_id)
    if route.state != "started":
        return []
    waiting = dispatch.open_stops(route_id)
    stops = {stop.id: stop for stop in waiting}
    known = {row.stop_id: row for row in Forecast.objects.filter(route_id=route_id)}
    made = []
    rest = _rest(route, waiting, whereabouts, known, at)
    for expected in learned.expected(rest, at):
        row = known.setdefault(expected.stop_id, Forecast(stop_id=expected.stop_id, route_id=route_id))
        row.p10, row.p50, row.p90, row.made_at = expected.p10, expected.p50, expected.p90, at
        _keep(row, at)
        made.append((row, stops[expected.stop_id]))
    learned.note_legs(rest, {row.stop_id: row for row, _ in made})
    prefetch_related_objects([work for _, stop in made for work in stop.works.all()], "task__promises")
    promised = [(row, stop, _promises(stop)) for row, stop in made]
    record_all([shift for one in promised for shift in _shift(*one)], by=by, at=at)
    record_all([risk for row, _, promises in promised for risk in _risks(row, promises)], by=by, at=at)
    rows = [row for row, _ in made]
    Forecast.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["organization_id", "stop"], update_fields=KEPT_TRUE
    )
    first = waiting[0] if waiting else None
    _say_near(first, next((row for row in rows if first and row.stop_id == first.id), None), whereabouts, at, by=by)
    return rows


def _keep(row: Forecast, at: datetime) -> None:
    """What was said so far ahead, to be held against the arrival: the last said of each horizon."""
    horizon = rules.horizon_of(row.p50, at)
    if horizon is not None:
        row.kept = {**row.kept, str(horizon): [iso(row.p10), iso(row.p50), iso(row.p90)]}


def _rest(
    route: Route, stops: list[Stop], whereabouts: Whereabouts, known: dict[UUID, Forecast], at: datetime
) -> learned.Rest:
    """By the planner's clock, from where the vehicle was last seen, or from the last place served, in the order in
    which the driver is likely to go on."""
    seen = whereabouts.at is not None and (route.started_at is None or whereabouts.at >= route.started_at)
    here = Point(whereabouts.lat, whereabouts.lon) if seen else None
    epoch = rules.departs(whereabouts.at if seen else None, at)
    waiting = [Waiting(s.id, s.position, Point(s.place.lat, s.place.lon), s.state) for s in stops]
    waiting = first_by_position(waiting, here, whereabouts.speed_mh if seen and epoch == at else None)
    running = dispatch.running(route, at=epoch, here=here, stops=stops)
    if any(halt.state == "arrived" for halt in running.halts):
        epoch = at  # at a door: where it is, is known
        running = replace(running, at=at)

    def judge(order: list[UUID]) -> tuple[int, int]:
        times = running.times(order)
        return times.late, times.finish

    order = likely(waiting, dispatch.last_served(route.id) if waiting else None, judge)
    return learned.Rest(route, {stop.id: stop for stop in stops}, running, running.times(order), epoch, known)


def _promises(stop: Stop) -> list[Any]:
    standing = (rules.standing(list(work.task.promises.all())) for work in stop.works.all() if work.live)
    return [promise for promise in standing if promise is not None]


def _shift(row: Forecast, stop: Stop, promises: list[Any]) -> Iterator[EtaShifted]:
    told = row.told_p50 or stop.planned_arrive
    if not rules.has_shifted(row.p50, told):
        return
    end = min((promise.end for promise in promises), default=row.p50)
    late_s = max(0, int((row.p50 - end).total_seconds()))
    shift_s = int((row.p50 - told).total_seconds())
    row.told_p50 = row.p50
    yield EtaShifted(stop.id, row.route_id, row.p50, shift_s, late_s)


def _risks(row: Forecast, promises: list[Any]) -> Iterator[PromiseAtRisk]:
    said: dict[str, int] = dict(row.at_risk)
    for promise in promises:
        late_s, ident = int((row.p50 - promise.end).total_seconds()), str(promise.id)
        grade = rules.grade_of(late_s)
        if grade > said.get(ident, 0):
            said[ident] = grade
            yield PromiseAtRisk(promise.id, promise.order_id, late_s)
        elif rules.is_safe(late_s):
            said.pop(ident, None)
    row.at_risk = [[ident, grade] for ident, grade in said.items()]


@action
def announce(route_id: UUID, *, by: Actor, at: datetime) -> bool:
    """After new positions: say `stop.approaching` where the next stop is near; returns whether its forecast has
    drifted and is to be made anew."""
    whereabouts = locked(route_id)
    route = dispatch.route(route_id)
    if route.state != "started" or whereabouts.at is None:
        return False
    target = dispatch.next_stop(route.id)
    row = Forecast.objects.filter(stop_id=target.id).first() if target else None
    if target is None or not _say_near(target, row, whereabouts, at, by=by):
        return False
    if row is None:
        return True
    here, there = Point(whereabouts.lat, whereabouts.lon), Point(target.place.lat, target.place.lon)
    leg_s, _ = travel.leg(here, there, dispatch.drives(route, at), route.vehicle.profile)
    return rules.has_drifted(rules.arrives(whereabouts.at, leg_s, at), row.p50)


def _say_near(stop: Stop | None, row: Forecast | None, whereabouts: Whereabouts, at: datetime, *, by: Actor) -> bool:
    """Announce the route's next stop, once, where the vehicle comes near; False if it is at a stop, or done."""
    if stop is None or stop.state not in {"en_route", "planned"}:
        return False
    here = None if whereabouts.at is None else Point(whereabouts.lat, whereabouts.lon)
    if row is None or row.approached_at is not None:
        return True
    if rules.is_near(row.p50, at, here, Point(stop.place.lat, stop.place.lon)):
        row.approached_at = at
        row.save(update_fields=["approached_at"])
        record(StopApproaching(stop.id, stop.route_id, row.p50), by=by, at=at)
    return True
