"""What a route and a plan cost, by the oracle's own arithmetic."""

from __future__ import annotations

from collections.abc import Sequence

from homestretch.planner.problem import Problem, Shift, Visit
from tests.planner.oracle.clock import Timed


def route_cost(problem: Problem, shift: Shift, order: Sequence[Visit], timed: Timed) -> int:
    """Everything that one route alone decides."""
    costs = shift.costs
    total = costs.fixed + timed.paid * costs.per_second + timed.meters * costs.per_meter
    total += timed.paid * costs.per_hour // 3600 + timed.meters * costs.per_km // 1000
    total += timed.waiting * costs.waiting_per_hour // 3600
    if shift.regular is not None and timed.paid > shift.regular:
        total += (timed.paid - shift.regular) * costs.overtime_per_hour // 3600
    for visit, start in zip(order, timed.starts, strict=True):
        if visit.due is not None and start > visit.due:
            total += (start - visit.due) * visit.late_per_hour // 3600
    return total + _changes(problem, shift, order, timed)


def _changes(problem: Problem, shift: Shift, order: Sequence[Visit], timed: Timed) -> int:
    kept = problem.goals.stability
    if kept is None:
        return 0
    total = 0
    names = [visit.id for visit in order]
    for visit, start in zip(order, timed.starts, strict=True):
        old = next((route for route in kept.plan.routes if visit.id in route.visits), None)
        if old is None:
            continue
        if old.shift != shift.id:
            total += kept.per_changed
        elif _before(visit.id, names, old.visits) != _before(visit.id, list(old.visits), names):
            total += kept.per_moved
        if visit.id in kept.starts:
            total += abs(start - kept.starts[visit.id]) // 60 * kept.per_minute
    return total


def _before(name: str, route: Sequence[str], other: Sequence[str]) -> str:
    """The last visit before `name` that both routes have."""
    shared = [stop for stop in route[: list(route).index(name)] if stop in other]
    return shared[-1] if shared else ""


def lower_bound(shift: Shift, meters: int, seconds: int) -> int:
    """What a route costs at least that drives and works so much, where both can only grow."""
    costs = shift.costs
    distance = meters * costs.per_meter + meters * costs.per_km // 1000
    return costs.fixed + distance + seconds * costs.per_second + seconds * costs.per_hour // 3600


def together_cost(problem: Problem, routes: Sequence[tuple[Sequence[Visit], int]]) -> int:
    """Balance and split zones of routes in use, each as (visits, paid seconds)."""
    total = 0
    balance = problem.goals.balance
    if balance and routes:
        sizes = [_size(problem, balance.of, visits, paid) for visits, paid in routes]
        total += balance.price * (max(sizes) - min(sizes))
    if problem.goals.split_zone:
        for zone in {visit.zone for visits, _ in routes for visit in visits} - {""}:
            serving = sum(any(visit.zone == zone for visit in visits) for visits, _ in routes)
            total += problem.goals.split_zone * (serving - 1)
    return total


def _size(problem: Problem, of: str, visits: Sequence[Visit], paid: int) -> int:
    if of == "minutes":
        return paid // 60
    if of == "stops":
        return len(visits)
    return sum(visit.deliver.get(of, 0) + visit.collect.get(of, 0) for visit in visits)
