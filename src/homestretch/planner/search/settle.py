"""What an engine found made true: visits are taken off routes until no route breaches anything.

An engine may know less than `check` does, and a plan from elsewhere knows nothing: routes are judged, and what cannot
be kept is left out, first where it costs least; then a place on another route is looked for.
"""

from dataclasses import replace

from homestretch.planner.check import check
from homestretch.planner.cost import route_cost
from homestretch.planner.edit import alone, without
from homestretch.planner.problem import Plan, Problem, Route
from homestretch.planner.schedule import schedule


def settled(problem: Problem, plan: Plan) -> Plan:
    """The plan with no breach but those of visits that it leaves out; visits nobody mentions are left out too."""
    bad = {breach.shift for breach in check(problem, plan) if breach.shift}
    routes: dict[str, Route] = {}
    dropped: list[str] = []
    for route in plan.routes:
        kept = route
        while route.shift in bad and kept.visits and _wrong(problem, kept):
            kept = _without_worst(problem, kept)
        dropped += [visit for visit in route.visits if visit not in kept.visits]
        if kept.visits:
            routes[kept.shift] = kept
    _put_back(problem, routes, dropped)
    on_routes = {visit for route in routes.values() for visit in route.visits}
    left_out = tuple(visit.id for visit in problem.visits if visit.id not in on_routes)
    return Plan(tuple(routes.values()), left_out)


def _wrong(problem: Problem, route: Route) -> int:
    """How much a route breaches: 0 if nothing, else at least 1."""
    return sum(max(1, breach.amount) for breach in check(_alone(problem, route), Plan((route,))))


def _alone(problem: Problem, route: Route) -> Problem:
    """The problem of one route, with what binds its visits to those of others."""
    names = set(route.visits)
    return replace(
        alone(problem, route),
        groups=tuple(group for group in problem.groups if names.intersection(group.visits)),
        relations=tuple(relation for relation in problem.relations if names.intersection(relation.visits)),
    )


def _together(problem: Problem, visit: str) -> tuple[str, ...]:
    """A visit and its partner, the pickup first."""
    pair = problem.pair_of.get(visit)
    return (pair.collect, pair.deliver) if pair else (visit,)


def _without_worst(problem: Problem, route: Route) -> Route:
    """The route without the visit (and its partner) whose leaving mends most; among equals the one least dear."""
    tries: list[tuple[tuple[int, bool, tuple[int, ...], int, int], Route]] = []
    for visit in route.visits:
        gone = _together(problem, visit)
        rest = without(route, gone)
        locked = any(stop in problem.lock_of for stop in gone)
        known = [problem.visit[stop] for stop in gone if stop in problem.visit]
        required = tuple(sorted((stop.priority for stop in known if stop.prize is None), reverse=True))
        prize = sum(stop.prize or 0 for stop in known)
        tries.append(((_wrong(problem, rest), locked, required, prize, len(tries)), rest))
    return min(tries)[1]


def _put_back(problem: Problem, routes: dict[str, Route], dropped: list[str]) -> None:
    """Each dropped visit where it costs least without a breach, the highest priority first; those that fit nowhere stay
    out."""
    waiting = [visit for visit in dropped if _together(problem, visit)[0] == visit]
    waiting.sort(key=lambda visit: -problem.visit[visit].priority if visit in problem.visit else 0)
    for visit in waiting:
        options = [
            option
            for shift in problem.shifts
            if (option := _best_place(problem, routes.get(shift.id, Route(shift.id)), _together(problem, visit)))
        ]
        if options:
            route = min(options, key=lambda option: option[0])[1]
            routes[route.shift] = route


def _best_place(problem: Problem, route: Route, gone: tuple[str, ...]) -> tuple[int, Route] | None:
    """(added cost, route) of the cheapest way to take the visits into a route without a breach."""
    before = _cost(problem, route)
    made = [route]
    for visit in gone:
        made = [
            _with(way, visit, at)
            for way in made
            for at in range(way.visits.index(gone[0]) + 1 if gone[0] in way.visits else 0, len(way.visits) + 1)
        ]
    tries = sorted(((_cost(problem, way) - before, number) for number, way in enumerate(made)))
    for added, number in tries:
        if not _wrong(problem, made[number]):
            return added, made[number]
    return None


def _with(route: Route, visit: str, at: int) -> Route:
    cuts = tuple(cut + (cut > at) for cut in route.reloads)
    return Route(route.shift, (*route.visits[:at], visit, *route.visits[at:]), cuts)


def _cost(problem: Problem, route: Route) -> int:
    return route_cost(problem, schedule(problem, route))
