"""From a question to an answer: the search, and what it found in words. One way, for running days and for replays."""

from __future__ import annotations

from collections.abc import Mapping

from homestretch.planner import problem as ask
from homestretch.planner.explain import explain
from homestretch.planner.search.engine import solve
from homestretch.planner.stopping import Until
from homestretch.recovery.rules.answer import Answer, Reading
from homestretch.recovery.rules.question import HALTS, Question

SEED = 1


def found(
    question: Question, travel: Mapping[str, ask.Matrix | ask.Slots], until: Until, *, seed: int = SEED
) -> Answer:
    """The best that is found for the rest of a day until `until()` says stop; `travel` is over the question's points.
    Refuses `engine.too_large`."""
    problem = question.problem(travel)
    return told(question, problem, solve(problem, seed=seed, until=until, start=question.baseline))


def told(question: Question, problem: ask.Problem, plan: ask.Plan) -> Answer:
    """A plan for the rest of a day, with the reasons of what it leaves out."""
    gone = ask.Plan(plan.routes, tuple(name for name in plan.unassigned if not name.startswith("m:")))
    reasons = {name: said[0].code for name, said in explain(problem, gone).items() if said} if gone.unassigned else {}
    why = {name: "max_stops" if code == f"load:{HALTS}" else code for name, code in reasons.items()}
    return Reading(question, problem, why).answer(plan)
