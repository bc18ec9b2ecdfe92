"""No plan is stored that `check` has not judged: the one way from a planner's plan to what a revision keeps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from homestretch.planner import problem as planner
from homestretch.planner.check import check
from homestretch.planner.cost import plan_cost
from homestretch.planner.explain import explain
from homestretch.planner.schedule import schedule


@dataclass(frozen=True, slots=True)
class Answer:
    """A plan, what `check` and `explain` say of it, and its cost (minor units)."""

    plan: planner.Plan
    breaches: Sequence[Mapping[str, Any]]
    reasons: Mapping[str, Sequence[Mapping[str, Any]]]
    cost: int


def judged(problem: planner.Problem, plan: planner.Plan) -> Answer:
    """The plan with its breaches (its stated times verified too), the reasons of what is left out, and its cost."""
    times = [schedule(problem, route) for route in plan.routes if route.visits]
    breaches = [asdict(breach) for breach in check(problem, plan, times)]
    reasons = {visit: [asdict(reason) for reason in why] for visit, why in explain(problem, plan).items()}
    return Answer(plan, breaches, reasons, plan_cost(problem, plan))
