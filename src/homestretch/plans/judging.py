"""No plan is stored that `check` has not judged: the one way from a planner's plan to what a revision keeps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from types import MappingProxyType
from typing import Any
from uuid import UUID

from homestretch.planner import problem as planner
from homestretch.planner.check import check
from homestretch.planner.cost import plan_cost, route_cost
from homestretch.planner.edit import alone
from homestretch.planner.explain import explain
from homestretch.planner.explain.reasons import Reason
from homestretch.planner.schedule import schedule
from homestretch.plans.models import Revision
from homestretch.plans.standing import State, times_of


@dataclass(frozen=True, slots=True)
class Answer:
    """A plan, what `check` and `explain` say of it, and its cost (minor units)."""

    plan: planner.Plan
    breaches: Sequence[Mapping[str, Any]]
    reasons: Mapping[str, Sequence[Mapping[str, Any]]]
    cost: int


OFF_ROAD = {
    "place.far_from_road": (
        "There is no road for the vehicle within 1,000 m of the place.",
        "Correct the place's pin, or add a map that has its road.",
    ),
    "travel.unreachable": (
        "No road leads from a depot to the place and home again.",
        "Correct the place's pin, or end the closure that cuts it off.",
    ),
    "place.off_map": (
        "The place lies beside the map that the plan is made on.",
        "Correct the place's pin, or add a map that reaches there.",
    ),
}


def judged(problem: planner.Problem, plan: planner.Plan, off_road: Mapping[str, str] = MappingProxyType({})) -> Answer:
    """The plan with its breaches (its stated times verified too), the reasons of what is left out, and its cost.

    `off_road`: visits that no road leads to, and the code of why.
    """
    times = [schedule(problem, route) for route in plan.routes if route.visits]
    breaches = [asdict(breach) for breach in check(problem, plan, times)]
    reasons = {
        visit: [_off_road(off_road[visit])] if visit in off_road else [asdict(reason) for reason in why]
        for visit, why in explain(problem, plan).items()
    }
    return Answer(plan, breaches, reasons, plan_cost(problem, plan))


def rejudged(row: Revision, problem: planner.Problem, before: State, after: State) -> tuple[list[Any], int]:
    """(breaches, cost) of a state that was made from a revision by hand: only the routes that differ are timed and
    judged again. All rules of a stored problem are rules of single routes; of the goals, zones lie between them."""
    shifts = {s for s in {**before.routes, **after.routes} if before.routes.get(s) != after.routes.get(s)}
    breaches = [breach for breach in row.breaches if breach["shift"] not in shifts]
    cost = row.cost + _beside_routes(problem, after) - _beside_routes(problem, before)
    for shift in sorted(shifts):
        old, new = before.routes.get(shift), after.routes.get(shift)
        if old:
            cost -= route_cost(problem, times_of(row.question_id, problem, shift, old))
        if new:
            cost += route_cost(problem, times_of(row.question_id, problem, shift, new))
            breaches += breaches_of(row.question_id, problem, shift, new)
    return breaches, cost


def breaches_of(
    question_id: UUID, problem: planner.Problem, shift: str, visits: tuple[str, ...]
) -> list[dict[str, Any]]:
    """What `check` says of one route, its stated times verified too."""
    route = planner.Route(shift, visits)
    found = check(alone(problem, route), planner.Plan((route,)), [times_of(question_id, problem, shift, visits)])
    return [asdict(breach) for breach in found]


def _beside_routes(problem: planner.Problem, state: State) -> int:
    """Prizes of what is left out, and zones that several serve."""
    prizes = sum(problem.visit[visit].prize or 0 for visit in state.unassigned)
    if not problem.goals.split_zone:
        return prizes
    served = [{problem.visit[visit].zone for visit in visits} - {""} for visits in state.routes.values()]
    return prizes + problem.goals.split_zone * (sum(map(len, served)) - len(set[str]().union(*served)))


def _off_road(code: str) -> dict[str, Any]:
    """A reason that holds for all shifts, in the words of `explain`."""
    text, remedy = OFF_ROAD[code]
    return asdict(Reason("unreachable", "", text, remedy))
