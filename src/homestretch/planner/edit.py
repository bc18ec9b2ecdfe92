"""Edits of a plan are functions: a plan in, the next one out; and one route as a problem of its own."""

from collections.abc import Collection
from dataclasses import replace

from homestretch.kernel.refusal import Refusal
from homestretch.planner.problem import Goals, Plan, Problem, Route, Start


class EditError(Refusal):
    """An edit that makes no sense: `edit.unknown_visit`, `edit.unknown_shift` or `edit.bad_position`."""


def move(problem: Problem, plan: Plan, visit: str, to: tuple[str, int] | None) -> Plan:
    """The plan with the visit taken out and put at (shift, position from 0), or left out with None.

    The position counts after the visit is taken out, so the last one is the length of the rest. The other end of a pair
    stays where it is: `check` says what the edit breaches. Reloads stay before the visits that they were before; at
    the position of one the visit joins the trip that begins there. Raises `EditError`.
    """
    if visit not in problem.visit:
        raise EditError("edit.unknown_visit", f"There is no visit {visit}.", remedy="Name a visit of the problem.")
    routes = [taken_off(route, visit) for route in plan.routes]
    rest = tuple(name for name in plan.unassigned if name != visit)
    if to is None:
        return Plan(tuple(routes), (*rest, visit))
    name, position = to
    if name not in problem.shift:
        raise EditError("edit.unknown_shift", f"There is no shift {name}.", remedy="Name a shift of the problem.")
    number = next((number for number, route in enumerate(routes) if route.shift == name), len(routes))
    stops = routes[number].visits if number < len(routes) else ()
    if not 0 <= position <= len(stops):
        cause = f"Position {position} is not in 0 to {len(stops)}."
        raise EditError("edit.bad_position", cause, remedy="Count positions from 0, without the visit itself.")
    route = routes[number] if number < len(routes) else Route(name)
    routes[number : number + 1] = [put_in(route, visit, position)]
    return Plan(tuple(routes), rest)


def put_in(route: Route, visit: str, position: int) -> Route:
    """The route with a visit at a position; reloads stay before the visits that they were before."""
    made = object.__new__(Route)  # what is a route already needs no second look, which costs more than all the rest
    object.__setattr__(made, "shift", route.shift)
    object.__setattr__(made, "visits", (*route.visits[:position], visit, *route.visits[position:]))
    object.__setattr__(made, "reloads", tuple(cut + (cut > position) for cut in route.reloads))
    return made


def taken_off(route: Route, visit: str) -> Route:
    """The route without a visit; a reload that is then before the first or after the last one is gone."""
    if visit not in route.visits:
        return route
    stops = tuple(stop for stop in route.visits if stop != visit)
    gone = route.visits.index(visit)
    cuts = dict.fromkeys(cut - (cut > gone) for cut in route.reloads)
    return Route(route.shift, stops, tuple(cut for cut in cuts if 0 < cut < len(stops)))


def without(route: Route, gone: Collection[str]) -> Route:
    """The route without some visits, and without reloads that then part nothing."""
    for visit in gone:
        route = taken_off(route, visit)
    return route


def alone(problem: Problem, route: Route, start: Start | None = None) -> Problem:
    """The problem of one route: only its visits, so that the judge does not miss all others, and no goals."""
    names = set(route.visits)
    shift = problem.shift[route.shift]
    return Problem(
        visits=tuple(problem.visit[name] for name in route.visits),
        shifts=(replace(shift, begun=start) if start else shift,),
        travel=problem.travel,
        goals=Goals(),
        pairs=tuple(pair for pair in problem.pairs if pair.collect in names or pair.deliver in names),
        locks=tuple(lock for lock in problem.locks if lock.visit in names),
        epoch=problem.epoch,
        dimensions=problem.dimensions,
        incompatible=problem.incompatible,
    )
