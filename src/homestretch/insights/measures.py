"""The measures. Each is one pure function whose docstring *is* its definition in the docs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import accumulate, groupby
from typing import Any
from uuid import UUID

OUTCOMES = ("completed", "partial", "failed")
MOST_PLACES = 50


@dataclass(frozen=True, slots=True)
class Task:
    """`count` tasks' facts that are alike, as the measures need them; seconds are those of all together. `promise`:
    None = none was due, else whether it was kept. `service_s`: None = their arrival is not known. The outcome
    `cancelled` is no attempt: it says that we called off what was promised."""

    outcome: str
    reason: str
    attempt: int
    promise: bool | None
    told: bool
    planned_service_s: int
    service_s: int | None
    count: int = 1


@dataclass(frozen=True, slots=True)
class Route:
    """Facts of routes added up. `driven_m`: None = of none of them positions came; known and unknown are not added."""

    stops: int
    planned_s: int
    route_s: int
    planned_m: int
    driven_m: int | None
    cost: int


@dataclass(frozen=True, slots=True)
class Hour:
    """Promises that were told and settled, of stops planned for an hour (0 to 23, local) of a weekday (1 is Monday)."""

    weekday: int
    hour: int
    kept: int
    due: int


@dataclass(frozen=True, slots=True)
class Eta:
    """`count` forecasts made `horizon_min` minutes ahead whose error is alike: `error_min` whole minutes, late above
    zero. `inside`: how many of them held the arrival between p10 and p90."""

    horizon_min: int
    error_min: int
    inside: int
    count: int


@dataclass(frozen=True, slots=True)
class Dwell:
    """A place's halts whose arrival is known; seconds are those of all together."""

    place_id: UUID
    halts: int
    planned_s: int
    dwell_s: int


@dataclass(frozen=True, slots=True)
class Day:
    """What a day comes to, as the counts and sums that shares are made of. `driven_m` and `known_m` (planned) are of
    the routes whose positions are known."""

    day: date
    kept: int = 0
    due: int = 0
    attempts: int = 0
    failed: int = 0
    stops: int = 0
    planned_s: int = 0
    route_s: int = 0
    known_m: int = 0
    driven_m: int = 0
    cost: int = 0


@dataclass(frozen=True, slots=True)
class Facts:
    """What is measured: the tasks and routes of a span of days, how many orders were rated with each score; and what
    only a closer look asks for: by hour, by horizon, by place, by day."""

    tasks: Sequence[Task]
    routes: Sequence[Route]
    scores: Mapping[int, int] = field(default_factory=dict)
    hours: Sequence[Hour] = ()
    etas: Sequence[Eta] = ()
    dwells: Sequence[Dwell] = ()
    days: Sequence[Day] = ()


def share(part: int, whole: int) -> float | None:
    """A share from 0 to 1, four decimals; None of nothing."""
    return round(part / whole, 4) if whole else None


def on_time(facts: Facts) -> float | None:
    """Promises kept, of all promises that were told and that an attempt or our own cancellation settled. Kept means:
    arrival inside the first promise, or inside one that the recipient chose or accepted; early counts if the task was
    completed; a promise that we superseded without consent is broken, and so is one whose order we cancelled after
    telling it. An order that the recipient or the merchant called off (themselves, or by us with the reason
    `recipient_wish` or `merchant_wish`) counts only if its window had passed by then, as broken. Promises that nobody
    was told of are counted apart (`untold_promises`)."""
    told = [task for task in facts.tasks if task.promise is not None and task.told]
    return share(_count(task for task in told if task.promise), _count(told))


def on_time_untold(facts: Facts) -> float | None:
    """The same share among promises that no recipient was told of."""
    untold = [task for task in facts.tasks if task.promise is not None and not task.told]
    return share(_count(task for task in untold if task.promise), _count(untold))


def untold_promises(facts: Facts) -> int:
    """Settled promises that no recipient was told of."""
    return _count(task for task in facts.tasks if task.promise is not None and not task.told)


def on_time_by_hour(facts: Facts) -> list[dict[str, Any]]:
    """`on_time` by weekday (1 is Monday) and hour for which the stop was planned, in the organization's zone. What was
    cancelled stands on no stop, and is left out."""
    return [
        {"weekday": hour.weekday, "hour": hour.hour, "due": hour.due, "share": share(hour.kept, hour.due)}
        for hour in sorted(facts.hours, key=lambda hour: (hour.weekday, hour.hour))
    ]


def eta_error(facts: Facts) -> list[dict[str, Any]]:
    """How far forecasts were off, by how many minutes ahead they were made. Of each arrival that is known the last
    forecast counts that was made at least 240, 120, 60, 30, 15 and 5 minutes before the arrival that it expected. Half
    of the forecasts were off by at most `median_min` minutes, nine of ten by at most `p90_min` (whole minutes, early or
    late alike); `bias_min` is the mean, above zero where vehicles came later than was said; `inside` is the share of
    arrivals between the forecast's p10 and p90, of which 0.8 is meant."""
    ordered = sorted(facts.etas, key=lambda eta: -eta.horizon_min)
    return [_off(horizon, list(etas)) for horizon, etas in groupby(ordered, key=lambda eta: eta.horizon_min)]


def _off(horizon: int, etas: Sequence[Eta]) -> dict[str, Any]:
    count = sum(eta.count for eta in etas)
    sizes = sorted((abs(eta.error_min), eta.count) for eta in etas)
    return {
        "horizon_min": horizon,
        "count": count,
        "median_min": _at_share(sizes, 0.5),
        "p90_min": _at_share(sizes, 0.9),
        "bias_min": _per(sum(eta.error_min * eta.count for eta in etas), count, 1),
        "inside": share(sum(eta.inside for eta in etas), count),
    }


def _at_share(sizes: Sequence[tuple[int, int]], wanted: float) -> int:
    """The size at or below which the `wanted` share of all lies; `sizes` are (size, count), ascending."""
    reached = list(accumulate(count for _, count in sizes))
    return next(size for (size, _), sofar in zip(sizes, reached, strict=True) if sofar >= wanted * reached[-1])


def attempts(facts: Facts) -> int:
    """Tries to serve a task: each task on a stop that got an outcome. What was cancelled was not tried."""
    return _count(_tries(facts))


def failed_attempts(facts: Facts) -> dict[str, int]:
    """Tries that failed, by reason, most frequent first."""
    counted: Counter[str] = Counter()
    for task in facts.tasks:
        if task.outcome == "failed":
            counted[task.reason] += task.count
    return dict(counted.most_common())


def failure_shares(facts: Facts) -> list[dict[str, Any]]:
    """The failed tries by reason, most frequent first, each with its share of all failed tries and with the share that
    it and the more frequent ones make up together (Pareto)."""
    counted = failed_attempts(facts)
    total, sums = sum(counted.values()), accumulate(counted.values())
    return [
        {"reason": reason, "count": count, "share": share(count, total), "together": share(sofar, total)}
        for (reason, count), sofar in zip(counted.items(), sums, strict=True)
    ]


def attempts_funnel(facts: Facts) -> list[dict[str, int]]:
    """How many tasks were tried a first time, a second time, and so on, and how each of those tries ended."""
    numbers = sorted({task.attempt for task in _tries(facts)})
    return [{"attempt": number, **_ended(facts, number)} for number in numbers]


def _ended(facts: Facts, number: int) -> dict[str, int]:
    tries = [task for task in _tries(facts) if task.attempt == number]
    ended = {outcome: _count(t for t in tries if t.outcome == outcome) for outcome in OUTCOMES}
    return {"tried": _count(tries), **ended}


def first_attempt_rate(facts: Facts) -> float | None:
    """First tries that were completed, of all first tries."""
    firsts = [task for task in _tries(facts) if task.attempt == 1]
    return share(_count(task for task in firsts if task.outcome == "completed"), _count(firsts))


def stops_per_hour(facts: Facts) -> float | None:
    """Stops with an outcome, per hour from a route's start to its finish, over all finished routes."""
    return _per(sum(route.stops for route in facts.routes), _hours(facts), 2)


def km_per_hour(facts: Facts) -> float | None:
    """Kilometers driven per hour of route, over the finished routes whose positions are known."""
    known = [route for route in facts.routes if route.driven_m is not None]
    hours = sum(route.route_s for route in known) / 3600
    return _per(sum(route.driven_m or 0 for route in known) / 1000, hours, 2)


def planned_against_driven(facts: Facts) -> dict[str, Any]:
    """Meters and seconds of the finished routes, as planned and as driven, and driven as a share of planned. Meters
    are compared over the routes whose positions are known."""
    known = [route for route in facts.routes if route.driven_m is not None]
    meters = sum(route.planned_m for route in known), sum(route.driven_m or 0 for route in known)
    seconds = sum(route.planned_s for route in facts.routes), sum(route.route_s for route in facts.routes)
    return {
        "planned_m": meters[0],
        "driven_m": meters[1],
        "meters_share": share(meters[1], meters[0]),
        "planned_s": seconds[0],
        "driven_s": seconds[1],
        "seconds_share": share(seconds[1], seconds[0]),
    }


def service_share(facts: Facts) -> float | None:
    """Time at the door as a share of the planned service time, over the tasks whose arrival is known."""
    known = [task for task in facts.tasks if task.service_s is not None]
    return share(sum(task.service_s or 0 for task in known), sum(task.planned_service_s for task in known))


def dwell(facts: Facts) -> dict[str, Any]:
    """Minutes at the door, over the halts whose arrival is known: the mean from arriving to leaving (to the outcome,
    where nobody saw the vehicle leave), the mean as planned, and the places by how much longer all their halts took
    than planned, the longest first (at most 50)."""
    halts, seconds = sum(d.halts for d in facts.dwells), sum(d.dwell_s for d in facts.dwells)
    longest = sorted(facts.dwells, key=lambda d: (d.planned_s - d.dwell_s, d.place_id))[:MOST_PLACES]
    return {
        "halts": halts,
        "mean_min": _per(seconds / 60, halts, 1),
        "planned_min": _per(sum(d.planned_s for d in facts.dwells) / 60, halts, 1),
        "places": [
            {
                "place_id": str(d.place_id),
                "halts": d.halts,
                "mean_min": _per(d.dwell_s / 60, d.halts, 1),
                "planned_min": _per(d.planned_s / 60, d.halts, 1),
            }
            for d in longest
        ],
    }


def ratings(facts: Facts) -> dict[str, Any]:
    """How recipients rated, one rating an order: how many, their mean, and how many gave each score."""
    count = sum(facts.scores.values())
    mean = _per(sum(score * times for score, times in facts.scores.items()), count, 2)
    return {"count": count, "mean": mean, "scores": {str(n): facts.scores.get(n, 0) for n in range(1, 6)}}


def cost_per_stop(facts: Facts) -> float | None:
    """Minor units of money per stop with an outcome: each finished route's fixed cost, hours and kilometers at its
    vehicle's rates (kilometers as driven, or as planned where no position came)."""
    return _per(sum(route.cost for route in facts.routes), sum(route.stops for route in facts.routes), 1)


def by_day(facts: Facts) -> list[dict[str, Any]]:
    """Day by day, as far as there is anything to measure: `on_time`, attempts and how many of them failed, planned and
    driven meters of the routes whose positions are known, planned and driven seconds, stops with an outcome, and
    `cost_per_stop` (minor units)."""
    return [
        {
            "day": day.day.isoformat(),
            "on_time": share(day.kept, day.due),
            "attempts": day.attempts,
            "failed": day.failed,
            "planned_m": day.known_m,
            "driven_m": day.driven_m,
            "planned_s": day.planned_s,
            "driven_s": day.route_s,
            "stops": day.stops,
            "cost_per_stop": _per(day.cost, day.stops, 1),
        }
        for day in sorted(facts.days, key=lambda day: day.day)
    ]


def _tries(facts: Facts) -> list[Task]:
    return [task for task in facts.tasks if task.outcome != "cancelled"]


def _count(tasks: Iterable[Task]) -> int:
    return sum(task.count for task in tasks)


def _hours(facts: Facts) -> float:
    return sum(route.route_s for route in facts.routes) / 3600


def _per(amount: float, base: float, digits: int) -> float | None:
    return round(amount / base, digits) if base else None


MEASURES: tuple[Callable[[Facts], Any], ...] = (
    on_time,
    on_time_by_hour,
    on_time_untold,
    untold_promises,
    eta_error,
    attempts,
    attempts_funnel,
    failed_attempts,
    failure_shares,
    first_attempt_rate,
    stops_per_hour,
    km_per_hour,
    planned_against_driven,
    service_share,
    dwell,
    ratings,
    cost_per_stop,
    by_day,
)


def measure(facts: Facts) -> dict[str, Any]:
    """Every measure by its name."""
    return {function.__name__: function(facts) for function in MEASURES}


def route_cost(rates: tuple[int, int, int], seconds: int, meters: int) -> int:
    """Minor units for a route: (fixed, per hour, per km) at these seconds and meters, rounded down."""
    fixed, per_hour, per_km = rates
    return fixed + seconds * per_hour // 3600 + meters * per_km // 1000
