"""The measures. Each is one pure function whose docstring *is* its definition in the docs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


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
class Facts:
    """What is measured: the tasks and routes of a span of days, and how many orders were rated with each score."""

    tasks: Sequence[Task]
    routes: Sequence[Route]
    scores: Mapping[int, int] = field(default_factory=dict)


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


def ratings(facts: Facts) -> dict[str, Any]:
    """How recipients rated, one rating an order: how many, their mean, and how many gave each score."""
    count = sum(facts.scores.values())
    mean = _per(sum(score * times for score, times in facts.scores.items()), count, 2)
    return {"count": count, "mean": mean, "scores": {str(n): facts.scores.get(n, 0) for n in range(1, 6)}}


def cost_per_stop(facts: Facts) -> float | None:
    """Minor units of money per stop with an outcome: each finished route's fixed cost, hours and kilometers at its
    vehicle's rates (kilometers as driven, or as planned where no position came)."""
    return _per(sum(route.cost for route in facts.routes), sum(route.stops for route in facts.routes), 1)


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
    on_time_untold,
    untold_promises,
    attempts,
    failed_attempts,
    first_attempt_rate,
    stops_per_hour,
    km_per_hour,
    planned_against_driven,
    service_share,
    ratings,
    cost_per_stop,
)


def measure(facts: Facts) -> dict[str, Any]:
    """Every measure by its name."""
    return {function.__name__: function(facts) for function in MEASURES}


def route_cost(rates: tuple[int, int, int], seconds: int, meters: int) -> int:
    """Minor units for a route: (fixed, per hour, per km) at these seconds and meters, rounded down."""
    fixed, per_hour, per_km = rates
    return fixed + seconds * per_hour // 3600 + meters * per_km // 1000
