"""What a plan costs: one function, in one place, in exact whole numbers."""

from homestretch.planner.problem import Plan, Problem, Shift
from homestretch.planner.schedule import schedule
from homestretch.planner.times import RouteTimes


def route_cost(shift: Shift, times: RouteTimes) -> int:
    """Fixed + paid time + distance, in minor units; 0 for a route without stops.

    `per_hour` and `per_km` are rounded down, once per route each: `paid * per_hour // 3600`, `meters * per_km // 1000`.
    `paid` is departure to finish without unpaid breaks. `per_second` and `per_meter` multiply the same sums exactly.
    """
    if not times.stops:
        return 0
    costs = shift.costs
    time = times.paid * costs.per_hour // 3600 + times.paid * costs.per_second
    distance = times.meters * costs.per_km // 1000 + times.meters * costs.per_meter
    return costs.fixed + time + distance


def plan_cost(problem: Problem, plan: Plan) -> int:
    """Cost of all routes plus prizes of what is left out; a required visit left out adds nothing (see `plan_rank`)."""
    routes = sum(route_cost(problem.shift[route.shift], schedule(problem, route)) for route in plan.routes)
    return routes + sum(problem.visit[visit].prize or 0 for visit in plan.unassigned)


def plan_rank(problem: Problem, plan: Plan) -> tuple[int, int, int]:
    """The order in which plans are better, least first: required visits left out, routes (if goals say so), cost."""
    missing = sum(problem.visit[visit].prize is None for visit in plan.unassigned)
    routes = sum(bool(route.visits) for route in plan.routes) if problem.goals.vehicles_first else 0
    return missing, routes, plan_cost(problem, plan)
