"""The solver's run: begin, matrices, search, check, finish. In no transaction but those of the actions."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Any
from uuid import UUID

from django.conf import settings

from homestretch.events.clock import now
from homestretch.events.later import Interrupted, gives_up, job, stopping
from homestretch.events.scope import scope
from homestretch.kernel.actor import Actor, system
from homestretch.kernel.ids import uuid7
from homestretch.kernel.refusal import Refusal
from homestretch.kernel.units import iso
from homestretch.planner import problem as planner
from homestretch.planner.explain import explain
from homestretch.planner.search.engine import solve
from homestretch.planner.stopping import Cancel, First, Progress, Seconds
from homestretch.planner.validate import validate
from homestretch.plans import actions, rules
from homestretch.plans.judging import judged
from homestretch.plans.models import Optimization
from homestretch.plans.rules import Asked
from homestretch.plans.standing import State
from homestretch.plans.store import off_road, planned_on, travel_note
from homestretch.travel import ladder
from homestretch.travel import queries as travel
from homestretch.travel.values import Asked as TravelAsked

REPORT_EVERY_S = 1.0


@job("plans.solve", queue="solve")
def run(organization_id: UUID, optimization_id: UUID) -> None:
    """Answer a plan's question. A second run of the job takes the first one's fence away."""
    by, fence, begun = system(organization_id), uuid7(), None
    try:
        begun = actions.begin(optimization_id, fence, by=by, at=now())
        if begun is None:
            return
        optimization, asked = begun
        if asked is None:
            _search_on(optimization, fence, by)
            return
        problem, notes = _problem(asked, optimization.split_zone, by)
        question = actions.keep_question(optimization_id, problem, asked, notes, by=by, at=now())
        problem = planned_on(problem, question)
        plan = _search(optimization, problem, _Pulse(optimization_id, fence, by, Numbers.of(problem)))
        actions.finish(optimization_id, fence, judged(problem, plan, off_road(notes)), by=by, at=now())
    except Refusal as refusal:
        actions.fail(optimization_id, fence if begun else None, refusal, by=by, at=now())


def _search_on(optimization: Optimization, fence: UUID, by: Actor) -> None:
    """From a revision that stands; what is left out is asked why in the words of the whole problem."""
    with scope(by):
        again = actions.again_of(optimization)
    pulse = _Pulse(optimization.id, fence, by, Numbers.of(again.whole, again.merged))
    found = again.merged(_search(optimization, again.part, pulse, again.start))
    reasons = {v: tuple(asdict(why) for why in found) for v, found in explain(again.whole, found.plan).items()}
    actions.finish_again(optimization.id, fence, State(found.routes, reasons), by=by, at=now())


@gives_up("plans.solve")
def give_up(organization_id: UUID, optimization_id: UUID) -> None:
    """No run came to an end: the plan is dropped, and says so."""
    refusal = Refusal("plan.search_failed", "the search broke off again and again", remedy="plan the day once more")
    actions.fail(optimization_id, None, refusal, by=system(organization_id), at=now())


def _problem(asked: Asked, split_zone: int, by: Actor) -> tuple[planner.Problem, dict[str, Any]]:
    """The question with its travel times: what is known is read in a scope, roads and services are asked in none."""
    with scope(by):
        known = {profile: travel.known(profile, asked.span) for profile in sorted(asked.profiles)}
    wanted = TravelAsked(asked.points, asked.span, asked.anchors)
    answers = {name: ladder.matrix(wanted, of_profile, outside=True) for name, of_profile in known.items()}
    times = planner.Travel({name: answer.profile for name, answer in answers.items()})
    lost = rules.without_way(asked, times)
    problem = planner.Problem(
        visits=tuple(replace(v, place=planner.NOWHERE) if v.id in lost else v for v in asked.visits),
        shifts=asked.shifts,
        travel=times,
        goals=planner.Goals(split_zone=split_zone),
        pairs=asked.pairs,
        dimensions=asked.dimensions,
        epoch=iso(asked.epoch),
    )
    faults = validate(problem)
    if faults:
        first = faults[0]
        raise Refusal(first.code, f"{first.where}: {first.cause}", remedy=first.remedy, faults=len(faults))
    return problem, {name: travel_note(asked, answer, lost) for name, answer in answers.items()}


def _search(
    optimization: Optimization, problem: planner.Problem, pulse: _Pulse, start: planner.Plan | None = None
) -> planner.Plan:
    """Search for the asked seconds, telling how far it is and asking whether to go on.

    They are of this thread's CPU time, for the worker does other work too; with several threads they are the clock's.
    """
    cancel = Cancel()

    def watch(progress: Progress) -> None:
        pulse.best = progress.plan
        pulse.shown = {
            "seconds": round(progress.seconds, 1),
            "iterations": progress.iterations,
            "cost": progress.cost,
            "routes": len(progress.plan.routes),
            "unassigned": len(progress.plan.unassigned),
        }

    def stopped() -> bool:
        if stopping.is_set():
            raise Interrupted("the worker stops; the search begins again in another")
        if not cancel.cancelled and not pulse.beat():
            cancel.cancel()
        return cancel.cancelled

    threads = settings.HOMESTRETCH_SEARCH_THREADS
    clock = Seconds(optimization.seconds, clock=time.thread_time if threads == 1 else time.monotonic)
    until = First((stopped, clock))
    return solve(problem, seed=optimization.seed, until=until, start=start, watch=watch, threads=threads)


@dataclass(frozen=True, slots=True)
class Numbers:
    """A plan in the numbers of its question. `whole` makes the whole plan of what a search has of it."""

    shifts: dict[str, int]
    visits: dict[str, int]
    whole: Callable[[planner.Plan], State] | None

    @classmethod
    def of(cls, problem: planner.Problem, whole: Callable[[planner.Plan], State] | None = None) -> Numbers:
        """Of the question's problem."""
        shifts = {shift.id: number for number, shift in enumerate(problem.shifts)}
        return cls(shifts, {visit.id: number for number, visit in enumerate(problem.visits)}, whole)

    def routes(self, plan: planner.Plan) -> list[Any]:
        """[[shift, [visits]]]."""
        routes = ((r.shift, r.visits) for r in plan.routes) if self.whole is None else self.whole(plan).routes.items()
        return [[self.shifts[shift], [self.visits[visit] for visit in visits]] for shift, visits in routes if visits]


class _Pulse:
    """Tells once a second how far the search is and what its best is, and hears whether it should go on."""

    def __init__(self, optimization_id: UUID, fence: UUID, by: Actor, numbers: Numbers) -> None:
        self.run, self.by, self.numbers = (optimization_id, fence), by, numbers
        self.shown: dict[str, object] = {}
        self.best: planner.Plan | None = None
        self.told = 0.0

    def beat(self) -> bool:
        """False when the run was cancelled or taken over."""
        if time.monotonic() - self.told < REPORT_EVERY_S:
            return True
        self.told = time.monotonic()
        best, self.best = self.best, None
        routes = None if best is None else self.numbers.routes(best)
        return actions.report(*self.run, self.shown, routes, by=self.by, at=now())
