"""What a plan costs: one function, in one place, in exact whole numbers. `goals` has the parts of the goals."""

from homestretch.planner.goals import balance_cost, groups_cost, late_cost, stability_cost, zones_cost
from homestretch.planner.problem import Plan, Problem
from homestretch.planner.schedule import schedule
from homestretch.planner.terms import time_cost
from homestretch.planner.times import RouteTimes

Rank = tuple[tuple[int, ...], int, int]
"""(required visits left out by priority, the highest first; routes, if the goals count them; cost)."""


def route_cost(problem: Problem, times: RouteTimes) -> int:
    """All that one route decides, in minor units; 0 for a route without stops.

    Fixed, paid time with overtime, distance, waiting, lateness past `due`, and what it changes against the plan that
    `stability` keeps. `per_hour` and `per_km` are rounded down, once per route each: `paid * per_hour // 3600`, `meters
    * per_km // 1000`. `paid` is departure to finish without unpaid breaks. `per_second` and `per_meter` multiply the
    same sums exactly.
    """
    if not times.stops:
        return 0
    shift = problem.shift[times.shift]
    distance = times.meters * shift.costs.per_km // 1000 + times.meters * shift.costs.per_meter
    time = time_cost(shift, times.paid, times.waiting)
    return shift.costs.fixed + time + distance + late_cost(problem, times) + stability_cost(problem, times)


def plan_cost(problem: Problem, plan: Plan) -> int:
    """Cost of all routes, prizes of what is left out, and what lies between routes (groups, zones, balance).

    A required visit that is left out adds nothing (see `plan_rank`).
    """
    driven = [times for times in (schedule(problem, route) for route in plan.routes) if times.stops]
    routes = sum(route_cost(problem, times) for times in driven)
    alone = (problem.visit[visit] for visit in plan.unassigned if visit not in problem.group_of)
    prizes = sum(visit.prize or 0 for visit in alone) + groups_cost(problem, plan)
    return routes + prizes + zones_cost(problem, driven) + balance_cost(problem, driven)


def plan_rank(problem: Problem, plan: Plan) -> Rank:
    """The order in which plans are better, least first: required visits left out, of the highest priority first;
    routes (if goals say so); cost. A group of which one is required counts with priority 0."""
    alone = [problem.visit[visit] for visit in plan.unassigned if visit not in problem.group_of]
    gone = [visit.priority for visit in alone if visit.prize is None]
    served = {visit for route in plan.routes for visit in route.visits}
    gone += [0 for group in problem.groups if group.prize is None and not served.intersection(group.visits)]
    levels = sorted({visit.priority for visit in problem.visits}, reverse=True)
    routes = sum(bool(route.visits) for route in plan.routes) if problem.goals.vehicles_first else 0
    return tuple(gone.count(level) for level in levels), routes, plan_cost(problem, plan)
