"""What a route is to the model of times: what lies ahead of it, and what it drove today. Reads; decides nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from homestretch.accounts import queries as accounts
from homestretch.dispatch import queries as dispatch
from homestretch.dispatch.rules.running import FIRST, HERE, Running
from homestretch.kernel.geo import Point
from homestretch.planner.legs import leg_of
from homestretch.planner.times import RouteTimes
from homestretch.tracking.models import DepotWidth, Forecast, RoutePace
from homestretch.tracking.rules.composing import Ahead
from homestretch.tracking.rules.forecast import Expected
from homestretch.tracking.rules.foretelling import Today, around, foretold, seen, told_by
from homestretch.tracking.rules.pace import Evidence
from homestretch.travel import queries as travel
from homestretch.travel.rules.estimate import cell_of
from homestretch.travel.rules.timing import Part, Table, Times, leg_table, memories, service_table

if TYPE_CHECKING:
    from homestretch.dispatch.models import Route, Stop

Real = npt.NDArray[np.float64]
PRIOR_VISITS = 3  # as in training: a place is believed as far as it was visited more often than this


@dataclass(frozen=True)
class Rest:
    """The rest of a route: its open stops, asked of the planner from `epoch` on, and its `times` in that order."""

    route: Route
    stops: Mapping[UUID, Stop]
    running: Running
    times: RouteTimes
    epoch: datetime
    forecasts: Mapping[UUID, Forecast]


@dataclass(frozen=True)
class _Leg:
    plan_s: float
    meters: float
    start: Point
    end: Point
    departs: datetime


def expected(rest: Rest, at: datetime) -> list[Expected]:
    """When each open stop is reached, none before `at`. A stop that is reached is not expected any more."""
    if not rest.times.stops:
        return []
    times = travel.times()
    words = _Words(rest.route, times)
    order = [UUID(stop.visit) for stop in rest.times.stops]
    ahead = _ahead(rest, order, words, at)
    own = _driven(rest, words)
    depot_id = rest.route.shift.start_depot_id
    today = _today(rest.route, depot_id, own, times)
    wider = dict(DepotWidth.objects.filter(depot_id=depot_id).values_list("horizon_min", "wider"))
    told = foretold(times, ahead, today, wider=wider)
    if times.version == 0:
        plan = [[max(0.0, (_moment(rest, stop.arrive) - at).total_seconds()) for stop in rest.times.stops]]
        told = around(told, np.array(plan))
    moments = [[at + timedelta(seconds=round(float(s))) for s in told[:, 0, n]] for n in range(len(order))]
    made = [Expected(stop_id, *span) for stop_id, span in zip(order, moments, strict=True)]
    return made[1:] if ahead.at_door[0] else made


def note_legs(rest: Rest, rows: Mapping[UUID, Forecast]) -> None:
    """Keep what travel says of each leg between two stops, for when it will have been driven."""
    for before, stop in pairwise(rest.times.stops):
        row = rows.get(UUID(stop.visit))
        if row is not None:
            row.leg_s, row.leg_m, row.after = stop.seconds, stop.meters, UUID(before.visit)


def _moment(rest: Rest, second: int) -> datetime:
    return rest.epoch + timedelta(seconds=second)


class _Words:
    """What a model says of legs and services of one route."""

    def __init__(self, route: Route, times: Times) -> None:
        self.times, self.zone = times, ZoneInfo(accounts.organization().zone)
        self.driver, self.profile = str(route.driver_id), route.vehicle.profile

    def of_legs(self, legs: Sequence[_Leg]) -> Real:
        """Quantiles (3, n) of the logarithm of the ratio."""
        if self.times.legs.forest is None:
            return self.times.legs.quantiles({}, len(legs))
        hour, weekday = self._local([leg.departs for leg in legs])
        names = {
            "cell_from": np.array([cell_of(leg.start) for leg in legs]),
            "cell_to": np.array([cell_of(leg.end) for leg in legs]),
            "weather": np.array(travel.weather_of([leg.departs for leg in legs])),
            "driver": np.full(len(legs), self.driver),
            "profile": np.full(len(legs), self.profile),
        }
        plan, meters = (np.array([getattr(leg, name) for leg in legs], float) for name in ("plan_s", "meters"))
        return self.times.legs.quantiles(leg_table(plan, meters, hour, weekday, names), len(legs))

    def of_services(self, stops: Sequence[Stop], begins: Sequence[datetime]) -> Real:
        """The same of the services at stops."""
        if self.times.services.forest is None or not stops:
            return self.times.services.quantiles({}, len(stops))
        efforts = dispatch.efforts(stops)
        hour, weekday = self._local(begins)
        more: Table = {
            "weather": np.array(travel.weather_of(begins)),
            "driver": np.full(len(stops), self.driver),
        }
        for name in ("kind", "skills"):
            more[name] = np.array([getattr(efforts[stop.id], name) for stop in stops])
        for name in ("items", "pieces", "floors", "access_s"):
            said = [getattr(efforts[stop.id], name) for stop in stops]
            more[name] = np.array([np.nan if value is None else value for value in said], float)
        mean, count = memories(self.times.places, np.array([str(stop.place_id) for stop in stops]))
        more |= {"place_mean": mean * count / (count + PRIOR_VISITS), "place_seen": count}
        plan = np.array([stop.service_s for stop in stops], float)
        return self.times.services.quantiles(service_table(plan, hour, weekday, more), len(stops))

    def _local(self, moments: Sequence[datetime]) -> tuple[Real, npt.NDArray[np.int64]]:
        local = [moment.astimezone(self.zone) for moment in moments]
        hour = np.array([moment.hour + moment.minute / 60 for moment in local], float)
        return hour, np.array([moment.weekday() for moment in local], dtype=np.int64)


def _ahead(rest: Rest, order: Sequence[UUID], words: _Words, at: datetime) -> Ahead:
    halts = {halt.stop_id: (number, halt) for number, halt in enumerate(rest.running.halts)}
    chosen = [halts[stop_id] for stop_id in order]
    number, first = chosen[0]
    at_door = first.state == "arrived"
    driven, served = max(0.0, (at - rest.epoch).total_seconds()), 0.0
    legs, here = [], rest.running.span.here
    for (_, halt), stop in zip(chosen, rest.times.stops, strict=True):
        departs = max(at, _moment(rest, stop.arrive - stop.seconds))
        legs.append(_Leg(float(stop.seconds), float(stop.meters), here, halt.point, departs))
        here = halt.point
    if at_door and first.since is not None:
        opens = [window.start for window in first.windows if first.since <= window.end]
        served = max(0.0, (at - max([first.since, *opens[:1]])).total_seconds())
    elif first.state == "en_route" and first.since is not None:
        driven = max(0.0, (at - first.since).total_seconds())
        whole = leg_of(rest.running.travel, HERE, FIRST + number).arrive(0)
        legs[0] = _Leg(float(whole), legs[0].meters, legs[0].start, legs[0].end, legs[0].departs)
    begins = [max(at, _moment(rest, stop.start)) for stop in rest.times.stops]
    opens_s, closes_s = _windows([halt.windows for _, halt in chosen], at, at_door=at_door and served > 0)
    return Ahead(
        count=np.array([len(order)]),
        leg_s=np.array([[leg.plan_s for leg in legs]]),
        leg_log=words.of_legs(legs)[:, None, :],
        service_s=np.array([[float(halt.service_s) for _, halt in chosen]]),
        service_log=words.of_services([rest.stops[stop_id] for stop_id in order], begins)[:, None, :],
        driven_s=np.array([0.0 if at_door else driven]),
        at_door=np.array([at_door]),
        served_s=np.array([served]),
        opens=opens_s[None],
        closes=closes_s[None],
        rests=_rests(rest, len(order), at),
    )


def _windows(windows: Sequence[Sequence[Any]], at: datetime, *, at_door: bool) -> tuple[Real, Real]:
    """(opens, closes) in seconds from `at`, shape (S, W); a stop that is being served waits for none."""
    most = max(1, *(len(row) for row in windows))
    opens, closes = np.full((len(windows), most), np.inf), np.full((len(windows), most), np.inf)
    for number, row in enumerate(windows):
        if not row or (number == 0 and at_door):
            opens[number, 0] = -np.inf
            continue
        for window, span in enumerate(row):
            opens[number, window] = (span.start - at).total_seconds()
            closes[number, window] = (span.end - at).total_seconds()
    return opens, closes


def _rests(rest: Rest, stops: int, at: datetime) -> Real | None:
    """Breaks where the planner places them, none earlier than it may begin."""
    if not rest.times.breaks:
        return None
    standing = [row for row in rest.running.span.breaks if row[2] >= rest.running.at]
    made = np.zeros((1, stops, 2, 2))
    for one in rest.times.breaks:
        if one.position < stops:
            earliest = (standing[one.index][1] - at).total_seconds() if one.index < len(standing) else 0.0
            made[0, one.position, int(one.after_service)] = (one.end - one.start, earliest)
    return made


def _driven(rest: Rest, words: _Words) -> tuple[Evidence, Evidence]:
    """What the route itself drove and served today, against the model's medians."""
    reached = [stop for stop in dispatch.stops_of(rest.route.id) if stop.arrived_at and stop.ended_at]
    reached.sort(key=lambda stop: stop.arrived_at)
    legs, taken = [], []
    for before, stop in pairwise(reached):
        known = rest.forecasts.get(stop.id)
        since = before.left_at or before.ended_at
        if stop.set_out_at and since < stop.set_out_at < stop.arrived_at:  # who taps only on arrival set out unseen
            since = stop.set_out_at
        if known is not None and known.after == before.id and known.leg_s and since < stop.arrived_at:
            ends = (Point(before.place.lat, before.place.lon), Point(stop.place.lat, stop.place.lon))
            legs.append(_Leg(known.leg_s, known.leg_m or 0, *ends, since))
            taken.append((stop.arrived_at - since).total_seconds())
    plan = np.array([leg.plan_s for leg in legs], float)
    drove = _told(words.times.legs, taken, plan, words.of_legs(legs))
    begun = [_begun(stop) for stop in reached]
    lasted = [
        ((stop.left_at or stop.ended_at) - since).total_seconds() for stop, since in zip(reached, begun, strict=True)
    ]
    plan = np.array([stop.service_s for stop in reached], float)
    return drove, _told(words.times.services, lasted, plan, words.of_services(reached, begun))


def _told(part: Part, taken: Sequence[float], plan: Real, said: Real) -> Evidence:
    return told_by(part, seen(np.zeros(len(plan), np.int64), np.array(taken, float), plan, said), 1)


def _begun(stop: Stop) -> datetime:
    opens = next(
        (window.start for window in dispatch.windows_of(stop) if stop.arrived_at <= window.end), stop.arrived_at
    )
    return opens if stop.arrived_at < opens < stop.ended_at else stop.arrived_at


def _today(route: Route, depot_id: UUID, own: tuple[Evidence, Evidence], times: Times) -> Today:
    """With what the depot's other routes of the day came to; and for them, what this one does."""
    drove, served = own
    sums = {
        "day": route.day,
        "depot_id": depot_id,
        "model": times.version,
        "leg_weight": float(drove.weight[0]),
        "leg_sum": float(drove.summed[0]),
        "service_weight": float(served.weight[0]),
        "service_sum": float(served.summed[0]),
    }
    if sums["leg_weight"] or sums["service_weight"]:
        RoutePace.objects.update_or_create(route_id=route.id, defaults=sums)
    names = ("leg_weight", "leg_sum", "service_weight", "service_sum")
    others = RoutePace.objects.filter(day=route.day, depot_id=depot_id, model=times.version).exclude(route_id=route.id)
    rows = np.array([tuple(sums[name] for name in names), *others.values_list(*names)], float)
    evidence = Evidence(rows[:, 0], rows[:, 1]), Evidence(rows[:, 2], rows[:, 3])
    return Today(*evidence, np.zeros(len(rows), np.int64))
