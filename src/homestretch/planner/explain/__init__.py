"""Why visits were left out, what would let them in, and what every other one would cost elsewhere.

All answers come from one index of the plan's routes; no solver is run.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from homestretch.planner.explain.elsewhere import OtherPlace, elsewhere
from homestretch.planner.explain.reasons import Reason, reasons_of
from homestretch.planner.explain.relaxations import swaps_of, ways_in
from homestretch.planner.explain.relaxing import Relaxation
from homestretch.planner.kept.routes import Kept
from homestretch.planner.problem import Plan, Problem


@dataclass(frozen=True, slots=True)
class Answers:
    """Of every unassigned visit the reasons by shift, and the least relaxations that would let it in, the cheapest
    first; of every assigned one the best other place (None: it fits nowhere else)."""

    reasons: Mapping[str, list[Reason]]
    relaxations: Mapping[str, list[Relaxation]]
    elsewhere: Mapping[str, OtherPlace | None]


@dataclass(frozen=True, slots=True)
class Answer:
    """The same of one visit; `reasons` and `relaxations` are empty where it is on a route."""

    reasons: list[Reason]
    relaxations: list[Relaxation]
    elsewhere: OtherPlace | None


def explain(problem: Problem, plan: Plan) -> dict[str, list[Reason]]:
    """Reasons for every unassigned visit of a sound problem, shift by shift in the problem's order."""
    kept = Kept(problem, plan.routes)
    return {name: reasons_of(kept, problem.visit[name]).reasons for name in plan.unassigned}


def answer(problem: Problem, plan: Plan, visit: str) -> Answer:
    """All that there is to say of one visit of a plan for a sound problem. Raises `KeyError` for an unknown one."""
    kept, asked = Kept(problem, plan.routes), problem.visit[visit]
    if visit in kept.shift_of:
        return Answer([], [], elsewhere(kept, visit))
    found = reasons_of(kept, asked)
    swaps = swaps_of(kept, [asked]).get(visit, ())
    return Answer(found.reasons, ways_in(kept, asked, found, swaps), None)


def answers(problem: Problem, plan: Plan) -> Answers:
    """All that there is to say of a plan for a sound problem."""
    kept = Kept(problem, plan.routes)
    left_out = [problem.visit[name] for name in plan.unassigned]
    found = {visit.id: reasons_of(kept, visit) for visit in left_out}
    swaps = swaps_of(kept, left_out)
    return Answers(
        reasons={name: each.reasons for name, each in found.items()},
        relaxations={visit.id: ways_in(kept, visit, found[visit.id], swaps.get(visit.id, ())) for visit in left_out},
        elsewhere={name: elsewhere(kept, name) for route in plan.routes for name in route.visits},
    )
