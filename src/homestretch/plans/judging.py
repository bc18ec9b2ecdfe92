"""No plan is stored that `check` has not judged: the one way from a planner's plan to what a revision keeps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from types import MappingProxyType
from typing import Any

from homestretch.planner import problem as planner
from homestretch.planner.check import check
from homestretch.planner.cost import plan_cost
from homestretch.planner.explain import explain
from homestretch.planner.explain.reasons import Reason
from homestretch.planner.schedule import schedule


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


def _off_road(code: str) -> dict[str, Any]:
    """A reason that holds for all shifts, in the words of `explain`."""
    text, remedy = OFF_ROAD[code]
    return asdict(Reason("unreachable", "", text, remedy))
