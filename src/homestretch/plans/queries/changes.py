"""What lies between two states of a plan, with times: the answer to a preview, to an edit, to who was away."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from homestretch.kernel.actor import Actor
from homestretch.kernel.refusal import Refusal
from homestretch.kernel.units import iso, read_instant
from homestretch.planner import problem as planner
from homestretch.planner.cost import route_cost
from homestretch.planner.times import RouteTimes
from homestretch.plans import rules
from homestretch.plans.desk import worked
from homestretch.plans.judging import breaches_of, rejudged
from homestretch.plans.models import Optimization, Plan, Revision
from homestretch.plans.past import SOMEBODY, locks_on, names_of, steps_back
from homestretch.plans.queries.board import best_of, summed_up
from homestretch.plans.queries.revisions import reason_names
from homestretch.plans.rows import head_row, plan, revision_row
from homestretch.plans.rules.compare import Hunk, hunks
from homestretch.plans.rules.edits import Edit
from homestretch.plans.standing import State, state_of, times_of
from homestretch.plans.store import problem_of

Json = dict[str, Any]
MOST_STEPS = 200


@dataclass(frozen=True, slots=True)
class Between:
    """Two states that answer one question, the second as a revision has it or would have it."""

    question_id: UUID
    problem: planner.Problem
    before: State
    after: State

    @property
    def shifts(self) -> list[str]:
        """Whose routes differ, in the problem's order."""
        one, other = self.before.routes, self.after.routes
        return [shift.id for shift in self.problem.shifts if one.get(shift.id) != other.get(shift.id)]

    def times(self, shift: str, state: State) -> RouteTimes | None:
        """Of a route in one of the states; None: it has none."""
        visits = state.routes.get(shift)
        return times_of(self.question_id, self.problem, shift, visits) if visits else None

    def breaches(self, shift: str, state: State) -> list[Json]:
        """Of a route in one of the states."""
        visits = state.routes.get(shift)
        return breaches_of(self.question_id, self.problem, shift, visits) if visits else []


def preview(plan_id: UUID, revision: int, edits: Sequence[Edit], *, by: Actor, at: datetime) -> Json:
    """What edits would change; nothing is kept. Refuses as the edit would."""
    found = plan(plan_id)
    done = worked(found, revision, edits, by=by, at=at)
    between = Between(done.on.question_id, done.problem, done.before, done.after)
    breaches, cost = rejudged(done.on, done.problem, done.before, done.after)
    head = {"plan_id": plan_id, "since": found.head, "revision": found.head, "steps": [], "edits": done.edits}
    costs = {"before": done.on.cost, "after": cost}
    return head | {"cost": costs, "breaches": len(breaches)} | _changed(between) | _around(found, done.locks, by)


def changes(plan_id: UUID, since: int, *, by: Actor) -> Json:
    """What lies between a revision and the one that stands. Refuses `revision.not_found`."""
    found = plan(plan_id)
    return _between(found, revision_row(found, since), head_row(found), by)


def compare(plan_id: UUID, first: int, second: int, *, by: Actor) -> Json:
    """What lies between any two revisions, in hunks too. Refuses `revision.not_found`."""
    found = plan(plan_id)
    one, other = revision_row(found, first), revision_row(found, second)
    moved = hunks(state_of(one).routes, state_of(other).routes)
    return _between(found, one, other, by) | {"hunks": [_hunk_out(hunk) for hunk in moved]}


def best(plan_id: UUID, *, by: Actor) -> Json:
    """What lies between the revision that stands and the best so far of the search that runs on from it.

    Refuses `search.not_found`.
    """
    found = plan(plan_id)
    search = Optimization.objects.filter(plan=found, base__gt=0, state="running", best__isnull=False).first()
    if search is None:
        raise Refusal("search.not_found", "no search runs on from a revision", remedy="ask for one, or wait for it")
    row = head_row(found)
    problem, state = problem_of(row.question), state_of(row)
    after = best_of(search, problem)
    breaches, cost = rejudged(row, problem, state, after)
    between = Between(row.question_id, problem, state, after)
    head = {"plan_id": plan_id, "since": found.head, "revision": found.head, "steps": [], "edits": []}
    costs = {"before": row.cost, "after": cost}
    return head | {"cost": costs, "breaches": len(breaches)} | _changed(between) | _around(found, row.locks, by)


def _between(found: Plan, one: Revision, other: Revision, by: Actor) -> Json:
    if one.question_id != other.question_id:
        raise Refusal("plan.not_comparable", "the two answer different questions", remedy="compare within one question")
    between = Between(one.question_id, problem_of(one.question), state_of(one), state_of(other))
    head = {"plan_id": found.id, "since": one.number, "revision": other.number, "edits": other.edits}
    costs = {"before": one.cost, "after": other.cost}
    steps = _steps(found, *sorted((one.number, other.number)))
    told = {"cost": costs, "breaches": len(other.breaches), "steps": steps}
    return head | told | _changed(between) | _around(found, other.locks, by)


def _around(found: Plan, locks: Sequence[Any], by: Actor) -> Json:
    back = steps_back(found, by)
    return {"locks": locks_on(locks, by), "undo": back[0], "redo": back[1]}


def _steps(found: Plan, first: int, last: int) -> list[Json]:
    """Who did what, in turn."""
    rows = Revision.objects.filter(plan_id=found.id, number__gt=first, number__lte=last).order_by("-number")
    newest = list(rows.values_list("number", "why", "of", "actor", "created_at", "note")[:MOST_STEPS])[::-1]
    names = names_of(row[3] for row in newest)
    return [
        {"revision": number, "why": why, "of": of, "by": names.get(actor, SOMEBODY), "at": iso(at), "note": note}
        for number, why, of, actor, at, note in newest
    ]


def _changed(between: Between) -> Json:
    names = reason_names()
    left = [visit for visit in between.after.unassigned if visit not in between.before.unassigned]
    return {
        "routes": [_route_out(between, shift, names) for shift in between.shifts],
        "assigned": [visit for visit in between.before.unassigned if visit not in between.after.unassigned],
        "unassigned": [
            {"visit": visit, "reasons": summed_up(between.after.unassigned[visit], names)} for visit in left
        ],
    }


def _route_out(between: Between, shift: str, names: dict[str, str]) -> Json:
    times, epoch = between.times(shift, between.after), read_instant(between.problem.epoch)
    breaches = [between.breaches(shift, state) for state in (between.before, between.after)]

    def at(second: int) -> str:
        return iso(rules.instant(epoch, second))

    shown = {
        "shift_id": shift,
        "before": _sums(between.problem, between.times(shift, between.before), breaches[0]),
        "after": _sums(between.problem, times, breaches[1]),
        "breaches": [rules.readable(breach, names) for breach in breaches[1]],
    }
    if times is None:
        return shown | {"start": None, "end": None, "load": {}, "breaks": [], "stops": []}
    stops = [
        {"visit": s.visit, "arrive": at(s.arrive), "start": at(s.start), "leave": at(s.leave), "late_s": s.late}
        for s in times.stops
    ]
    rests = [[at(rest.start), at(rest.end)] for rest in times.breaks]
    return shown | {
        "start": at(times.depart),
        "end": at(times.finish),
        "load": times.load,
        "breaks": rests,
        "stops": stops,
    }


def _sums(problem: planner.Problem, times: RouteTimes | None, breaches: Iterable[Any]) -> Json | None:
    if times is None:
        return None
    return {
        "stops": len(times.stops),
        "meters": times.meters,
        "seconds": times.duration,
        "late_s": times.late + times.overtime,
        "cost": route_cost(problem, times),
        "breaches": len(list(breaches)),
    }


def _hunk_out(hunk: Hunk) -> Json:
    places = {"from": hunk.before, "to": hunk.after}
    shown = {name: {"shift_id": place[0], "position": place[1]} if place else None for name, place in places.items()}
    return {"kind": hunk.kind, "visits": list(hunk.visits), **shown}
