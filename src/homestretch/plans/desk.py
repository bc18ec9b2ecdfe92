"""Edits worked out on what stands: for a preview, and for the revision that keeps them. Nothing is written here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from homestretch.kernel.actor import Actor
from homestretch.kernel.refusal import Refusal
from homestretch.kernel.units import iso
from homestretch.planner import problem as planner
from homestretch.plans.models import Plan, Revision
from homestretch.plans.past import SOMEBODY, names_of
from homestretch.plans.placing import placed
from homestretch.plans.rows import head_row, revision_row
from homestretch.plans.rules.draft import Draft
from homestretch.plans.rules.edits import Edit, Since, Touched, apply, conflict, rebased, restored, touched_by
from homestretch.plans.rules.locks import Lock, refuse_locked, relocked, still_held
from homestretch.plans.standing import Reasons, State, state_of
from homestretch.plans.store import problem_of

BY_HAND: Reasons = (
    {
        "code": "by_hand",
        "shift": "",
        "text": "It was taken off its route by hand.",
        "would_let_in": "Put it on a route, or plan again.",
        "amount": 0,
    },
)


@dataclass(frozen=True, slots=True)
class Worked:
    """What edits come to: the revision that they are laid on, they themselves as they read there, and what then is."""

    on: Revision
    problem: planner.Problem
    before: State
    after: State
    edits: list[Edit]
    touched: Touched
    locks: list[Lock]

    @property
    def shifts(self) -> list[str]:
        """Whose routes are others now, in the problem's order."""
        return [shift.id for shift in self.problem.shifts if shift.id in self.touched.shifts]


def worked(plan: Plan, revision: int, edits: Sequence[Edit], *, by: Actor, at: datetime) -> Worked:
    """Edits that were made on a revision, on the one that stands. Refuses what `rules.edits` and `rules.locks` do."""
    row = head_row(plan)
    problem, state = problem_of(row.question), state_of(row)
    stands = Draft(state.routes, state.unassigned, problem.shift)
    if revision == plan.head:
        made = placed(problem, stands, edits)
    else:
        seen, since = _seen(plan, revision, row, by)
        try:
            made = rebased(placed(problem, _copy(seen), edits), seen, stands, since)
        except Refusal as refusal:
            raise told(refusal, plan) from refusal
    return _outcome(plan, row, made, stands, by=by, at=at)


def taken_back(plan: Plan, row: Revision, *, by: Actor, at: datetime) -> Worked:
    """What one revision changed, put back on what stands. Refuses `plan.revision_conflict` where somebody has moved on
    since what it is about, and what `rules.locks` refuse."""
    head = head_row(plan)
    problem, state, after = problem_of(head.question), state_of(head), state_of(row)
    before = state_of(revision_row(plan, row.parent))
    stands = Draft(state.routes, state.unassigned, problem.shift)
    names = Touched.read(row.touched).visits
    _refuse_moved_on(plan, row, names, after, stands)
    edits = [restored(names, before.routes, stands)] if names else []
    apply(stands, edits)
    edits += [_unlocking(edit) for edit in reversed(row.edits) if edit["op"] in {"lock", "unlock"}]
    return _outcome(plan, head, edits, stands, by=by, at=at, known=before)


def _outcome(
    plan: Plan, row: Revision, made: list[Edit], stands: Draft, *, known: State | None = None, **who: Any
) -> Worked:
    state, by = state_of(row), str(who["by"])
    routes = stands.frozen()
    reasons = {**(known.unassigned if known else {}), **state.unassigned}
    after = State(routes, {visit: reasons.get(visit, BY_HAND) for visit in stands.unassigned})
    try:
        refuse_locked(state.routes, routes, still_held(row.locks, made), by=by)
    except Refusal as refusal:
        raise told(refusal, plan) from refusal
    locks = relocked(row.locks, made, stands, by=by, at=iso(who["at"]))
    touched = touched_by(made, state.routes, routes)
    return Worked(row, problem_of(row.question), state, after, made, touched, locks)


def _seen(plan: Plan, revision: int, row: Revision, by: Actor) -> tuple[Draft, list[Since]]:
    """The state that somebody saw, and what was done since. Refuses `plan.revision_conflict`."""
    older = revision_row(plan, revision) if 0 < revision < plan.head else None
    if older is None or older.question_id != row.question_id:
        raise Refusal(
            "plan.revision_conflict",
            f"revision {plan.head} stands now, not {revision}",
            remedy="read the plan again and repeat the change",
            field="revision",
        )
    rows = Revision.objects.filter(plan_id=plan.id, number__gt=revision, number__lte=plan.head).order_by("number")
    since = [
        Since(number, who, who == str(by), Touched.read(touched))
        for number, who, touched in rows.values_list("number", "actor", "touched")
    ]
    state = state_of(older)
    return Draft(state.routes, state.unassigned, problem_of(row.question).shift), since


def _copy(draft: Draft) -> Draft:
    return Draft(draft.frozen(), draft.unassigned, draft.shifts)


def _refuse_moved_on(plan: Plan, row: Revision, names: Iterable[str], after: State, stands: Draft) -> None:
    """Each visit must stand on the route on which the revision left it."""
    left = {visit: shift for shift, visits in after.routes.items() for visit in visits}
    moved = {visit for visit in names if stands.at.get(visit) != left.get(visit)}
    if not moved:
        return
    rows = Revision.objects.filter(plan_id=plan.id, number__gt=row.number, number__lte=plan.head).order_by("-number")
    for number, who, touched in rows.values_list("number", "actor", "touched"):
        met = moved & Touched.read(touched).visits
        if met:
            raise told(conflict(Since(number, who, mine=False), visit=min(met)), plan)
    raise told(conflict(Since(plan.head, "", mine=False), visit=min(moved)), plan)


def _unlocking(edit: Edit) -> Edit:
    return {**edit, "op": "unlock" if edit["op"] == "lock" else "lock"}


def told(refusal: Refusal, plan: Plan) -> Refusal:
    """A rule's refusal that names an actor, in the words of people: who, and when."""
    details = dict(refusal.details)
    if "who" not in details:
        return refusal
    who = details.pop("who")
    name = names_of([who]).get(who, SOMEBODY)
    number: int | None = details.get("revision")
    row = Revision.objects.filter(plan_id=plan.id, number=number).only("created_at").first() if number else None
    when = {"at": iso(row.created_at)} if row else {}
    cause = f"{refusal.cause} ({name})"
    return Refusal(refusal.code, cause, remedy=refusal.remedy, field=refusal.field, by=name, **when, **details)
