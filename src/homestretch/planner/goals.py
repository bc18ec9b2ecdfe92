"""What the goals of a real day cost, in named whole numbers of minor units, beside fixed, time and distance.

Each is rounded down where its line says `//`, once for what stands there, and never again.
"""

from collections.abc import Iterable, Mapping

from homestretch.planner.problem import Plan, Problem, Shift, Stability
from homestretch.planner.times import RouteTimes


def plan_goals(problem: Problem, plan: Plan, times: Iterable[RouteTimes]) -> Mapping[str, int]:
    """The costs by name, zeros included, of a plan whose routes have these times; routes without stops cost nothing.

    `overtime`, `waiting`, `late` and `stability` are sums over routes, `zones`, `balance` and `groups` are the plan's.
    """
    driven = [route for route in times if route.stops]
    shifts = [problem.shift[route.shift] for route in driven]
    return {
        "overtime": sum(map(overtime_cost, shifts, driven)),
        "waiting": sum(map(waiting_cost, shifts, driven)),
        "late": sum(late_cost(problem, route) for route in driven),
        "stability": sum(stability_cost(problem, route) for route in driven),
        "zones": zones_cost(problem, driven),
        "balance": balance_cost(problem, driven),
        "groups": groups_cost(problem, plan),
    }


def overtime_cost(shift: Shift, route: RouteTimes) -> int:
    """`max(0, paid - regular) * overtime_per_hour // 3600`; nothing where no seconds are `regular`."""
    if shift.regular is None:
        return 0
    return max(0, route.paid - shift.regular) * shift.costs.overtime_per_hour // 3600


def waiting_cost(shift: Shift, route: RouteTimes) -> int:
    """`waiting * waiting_per_hour // 3600`, where `waiting` is the sum of what the stops wait before service."""
    return route.waiting * shift.costs.waiting_per_hour // 3600


def late_cost(problem: Problem, route: RouteTimes) -> int:
    """The sum of `(start - due) * late_per_hour // 3600` over stops whose service begins after `due`."""
    cost = 0
    for stop in route.stops:
        visit = problem.visit[stop.visit]
        if visit.due is not None:
            cost += max(0, stop.start - visit.due) * visit.late_per_hour // 3600
    return cost


def zones_cost(problem: Problem, routes: Iterable[RouteTimes]) -> int:
    """`split_zone` for each zone and each route that serves it beyond the first; an empty zone is none."""
    if not problem.goals.split_zone:
        return 0
    served = [{problem.visit[stop.visit].zone for stop in route.stops} - {""} for route in routes]
    return problem.goals.split_zone * (sum(map(len, served)) - len(set().union(*served)))


def balance_cost(problem: Problem, routes: Iterable[RouteTimes]) -> int:
    """`price * (largest - smallest)` of the routes' `paid // 60`, stops, or delivered plus collected load."""
    balance = problem.goals.balance
    if balance is None:
        return 0
    sizes = [_size(problem, balance.of, route) for route in routes]
    return balance.price * (max(sizes) - min(sizes)) if sizes else 0


def _size(problem: Problem, of: str, route: RouteTimes) -> int:
    if of == "minutes":
        return route.paid // 60
    if of == "stops":
        return len(route.stops)
    visits = [problem.visit[stop.visit] for stop in route.stops]
    return sum(visit.deliver.get(of, 0) + visit.collect.get(of, 0) for visit in visits)


def groups_cost(problem: Problem, plan: Plan) -> int:
    """The prizes of groups of which no visit is served; one without a prize is required and counts as missing."""
    served = {visit for route in plan.routes for visit in route.visits}
    return sum(group.prize or 0 for group in problem.groups if not served.intersection(group.visits))


def stability_cost(problem: Problem, route: RouteTimes) -> int:
    """For each stop that was on a route of the kept plan: `per_changed` if its shift differs; else `per_moved` if the
    stop before it, among those that the kept route and this one share, is another; and `abs(start - then) // 60 *
    per_minute` where the kept plan says when."""
    kept = problem.goals.stability
    if kept is None:
        return 0
    was = kept.shift_of
    now = [stop.visit for stop in route.stops]
    moved = _moved(kept, route.shift, now)
    cost = 0
    for stop in route.stops:
        if stop.visit not in was:
            continue
        if was[stop.visit] != route.shift:
            cost += kept.per_changed
        elif stop.visit in moved:
            cost += kept.per_moved
        if stop.visit in kept.starts:
            cost += abs(stop.start - kept.starts[stop.visit]) // 60 * kept.per_minute
    return cost


def _moved(kept: Stability, shift: str, now: list[str]) -> set[str]:
    """Visits that stayed on the shift, behind another one than before."""
    old = [visit for visit in kept.plan.route_of(shift).visits if visit in set(now)]
    new = [visit for visit in now if visit in set(old)]
    before = dict(zip(old, ["", *old], strict=False))
    after = dict(zip(new, ["", *new], strict=False))
    return {visit for visit in new if before[visit] != after[visit]}
