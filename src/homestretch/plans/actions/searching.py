"""A search from a revision that stands. People go on editing meanwhile: what they touched stays as they have it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from homestretch.events.action import action
from homestretch.events.later import later
from homestretch.events.log import record
from homestretch.kernel.actor import Actor
from homestretch.kernel.refusal import Refusal
from homestretch.planner import problem as planner
from homestretch.plans.actions.asking import MOST_SECONDS, _locked
from homestretch.plans.actions.editing import _open, _require_known
from homestretch.plans.events import PlanAsked, PlanSolved
from homestretch.plans.judging import rejudged
from homestretch.plans.models import Optimization, Plan, Revision
from homestretch.plans.presence import tell
from homestretch.plans.rows import head_row, revision_row
from homestretch.plans.rules.draft import Draft
from homestretch.plans.rules.edits import Touched, apply, restored
from homestretch.plans.rules.locks import bound, broken
from homestretch.plans.standing import State, differences, keep_state, state_of
from homestretch.plans.store import problem_of

SEARCHED = ("waiting", "running")


@dataclass(frozen=True, slots=True)
class Again:
    """What is searched on: the whole problem as its locks have it, the part that may change, and where it begins."""

    whole: planner.Problem
    part: planner.Problem
    start: planner.Plan
    state: State

    def merged(self, found: planner.Plan) -> State:
        """The whole state with what was found of the part."""
        mine = {shift.id for shift in self.part.shifts}
        routes = {shift: visits for shift, visits in self.state.routes.items() if shift not in mine}
        routes |= {route.shift: route.visits for route in found.routes if route.visits}
        return State(routes, {visit: self.state.unassigned.get(visit, ()) for visit in found.unassigned})


@action
def optimize(
    plan_id: UUID, revision: int, *, options: Mapping[str, Any] | None = None, by: Actor, at: datetime
) -> Plan:
    """Search on from the revision that stands, under its locks; a job does it, and its answer is a revision.

    `options`: `seconds` (1 to 600, default 20), `seed` (default 1), `scope`: the shifts whose routes may change, with
    what is on no route (none named: all). Refuses `plan.state_conflict`, `plan.revision_conflict`,
    `plan.search_running`, `plan.scope_invalid`, `plan.seconds_invalid`.
    """
    wish = {"seconds": 20, "seed": 1, "scope": (), **(options or {})}
    plan = _open(plan_id)
    _require_known(plan, revision)
    row = head_row(plan)
    shifts = [str(shift) for shift in wish["scope"]]
    _refuse_wish(problem_of(row.question), shifts, wish["seconds"])
    if Optimization.objects.filter(plan=plan, state__in=SEARCHED).exists():
        raise Refusal("plan.search_running", "a search for this plan runs already", remedy="wait for it, or cancel it")
    run = Optimization.objects.create(
        plan=plan,
        question_id=row.question_id,
        state="waiting",
        seed=wish["seed"],
        seconds=wish["seconds"],
        base=plan.head,
        scope=shifts,
        actor=str(by),
        created_at=at,
    )
    record(PlanAsked(plan.id, plan.day, "again"), by=by, at=at)
    later("plans.solve", by.organization_id, optimization_id=run.id)
    return plan


def _refuse_wish(problem: planner.Problem, shifts: Sequence[str], seconds: int) -> None:
    if not 1 <= seconds <= MOST_SECONDS:
        raise Refusal(
            "plan.seconds_invalid",
            f"{seconds} seconds is not 1 to {MOST_SECONDS}",
            remedy="give the solver 1 to 600 seconds",
            field="seconds",
        )
    if not set(shifts) <= problem.shift.keys():
        raise Refusal(
            "plan.scope_invalid",
            "a shift of the scope is none of this plan's",
            remedy="name shifts of the plan, or none",
            field="scope",
        )


def again_of(run: Optimization) -> Again:
    """What a run searches on. Inside a scope."""
    row = revision_row(run.plan, run.base)
    state = state_of(row)
    whole = bound(problem_of(row.question), state.routes, row.locks)
    if not run.scope:
        return Again(whole, whole, state.plan, state)
    shifts = set(run.scope)
    names = {visit for shift in shifts for visit in state.routes.get(shift, ())} | state.unassigned.keys()
    part = planner.Problem(
        visits=tuple(visit for visit in whole.visits if visit.id in names),
        shifts=tuple(shift for shift in whole.shifts if shift.id in shifts),
        travel=whole.travel,
        goals=whole.goals,
        pairs=tuple(pair for pair in whole.pairs if {pair.collect, pair.deliver} <= names),
        locks=tuple(lock for lock in whole.locks if lock.visit in names),
        epoch=whole.epoch,
        dimensions=whole.dimensions,
    )
    routes = tuple(planner.Route(shift, visits) for shift, visits in state.routes.items() if shift in shifts)
    return Again(whole, part, planner.Plan(routes, tuple(state.unassigned)), state)


@action
def finish_again(optimization_id: UUID, fence: UUID, found: State, *, by: Actor, at: datetime) -> Revision | None:
    """Let what was found stand as the next revision; visits that people have touched since, and routes that they have
    locked, stay as they have them. None where nothing is better, or another worker has taken the run over."""
    run = Optimization.objects.select_for_update().get(id=optimization_id)
    plan = _locked(run.plan_id)
    if run.fence != fence or run.state != "running" or plan.state != "ready":
        return None
    run.state, run.finished_at, run.best = "done", at, None
    run.save(update_fields=["state", "finished_at", "best"])
    tell()
    head = head_row(plan)
    problem, stands = problem_of(head.question), state_of(head)
    after = found if plan.head == run.base else _under_hands(plan, run, head, found)
    breaches, cost = rejudged(head, problem, stands, after)
    if (len(breaches), cost) >= (len(head.breaches), head.cost) or broken(head.locks, stands.routes, after.routes):
        return None
    return _keep_found(plan, run, head, after, breaches=breaches, cost=cost, by=by, at=at)


def _under_hands(plan: Plan, run: Optimization, head: Revision, found: State) -> State:
    """What was found, with all that people did since the search began on top."""
    stands, problem = state_of(head), problem_of(head.question)
    rows = Revision.objects.filter(plan=plan, number__gt=run.base, number__lte=plan.head)
    names = {visit for touched in rows.values_list("touched", flat=True) for visit in touched.get("visits", ())}
    where = {visit: shift for shift, visits in stands.routes.items() for visit in visits}
    for lock in head.locks:
        shift = lock["shift"] or where.get(lock["visit"], "")
        names.update(stands.routes.get(shift, ()), found.routes.get(shift, ()))
    draft = Draft(found.routes, found.unassigned, problem.shift)
    apply(draft, [restored(names, stands.routes, draft)] if names else [])
    reasons = {**found.unassigned, **stands.unassigned}
    return State(draft.frozen(), {visit: reasons.get(visit, ()) for visit in draft.unassigned})


def _keep_found(
    plan: Plan, run: Optimization, head: Revision, after: State, *, by: Actor, at: datetime, **judged: Any
) -> Revision:
    stands = state_of(head)
    routes, unassigned = differences(State({}, {}), after)
    made = Revision.objects.create(
        plan=plan,
        number=plan.head + 1,
        parent=plan.head,
        question_id=head.question_id,
        routes=routes,
        unassigned=unassigned,
        locks=head.locks,
        touched=_moved(stands, after).json(),
        why="solved",
        actor=run.actor,
        created_at=at,
        **judged,
    )
    keep_state(made, after)
    plan.head = made.number
    plan.save(update_fields=["head"])
    record(PlanSolved(plan.id, made.number, plan.purpose, len(routes), len(unassigned)), by=by, at=at)
    return made


def _moved(before: State, after: State) -> Touched:
    """All that stands elsewhere."""
    shifts = {s for s in {**before.routes, **after.routes} if before.routes.get(s) != after.routes.get(s)}
    visits = {v for state in (before, after) for s in shifts for v in state.routes.get(s, ())}
    return Touched(frozenset(visits), frozenset(), frozenset(shifts))
