"""Changes by hand. Each makes the next revision, judged like the solver's; an undo is one more, that puts back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from homestretch.events.action import action
from homestretch.events.log import record
from homestretch.kernel.actor import Actor
from homestretch.kernel.refusal import Refusal
from homestretch.plans import rules
from homestretch.plans.actions.asking import _locked
from homestretch.plans.desk import Worked, taken_back, worked
from homestretch.plans.events import PlanDropped, PlanEdited, PlanReleased, PlanSuperseded
from homestretch.plans.judging import rejudged
from homestretch.plans.models import Optimization, Plan, Revision
from homestretch.plans.queries import plan as find
from homestretch.plans.queries import revision_row, steps_back
from homestretch.plans.rules.edits import Edit
from homestretch.plans.standing import WHOLE_EVERY, State, differences, keep_state


@action
def edit(plan_id: UUID, revision: int, edits: Sequence[Edit], *, note: str = "", by: Actor, at: datetime) -> Revision:
    """Keep edits (see `rules.edits`) as one revision, which is one step of undo. A breach is stored and shown, not
    hidden.

    Edits that were made on an older revision are laid on the one that stands, where nobody else has touched what they
    name. Refuses `plan.revision_conflict` (with who, and when), `plan.locked_conflict`, `plan.lock_invalid`,
    `plan.state_conflict`, `plan.visit_not_found`, `plan.move_invalid`, `plan.reorder_incomplete`.
    """
    plan = _open(plan_id)
    return _keep(plan, worked(plan, revision, edits, by=by, at=at), "edited", note=note, by=by, at=at)


@action
def move(plan_id: UUID, revision: int, visit: str, to: tuple[UUID, int] | None, *, by: Actor, at: datetime) -> Revision:
    """Put a visit at a position (0 is first) of a shift's route, or off every route with None. Refuses as `edit`."""
    shift, position = (str(to[0]), to[1]) if to else (None, 0)
    one = {"op": "move", "visit": visit, "shift": shift, "position": position}
    return edit(plan_id, revision, [one], by=by, at=at)


@action
def undo(plan_id: UUID, revision: int, *, of: int = 0, by: Actor, at: datetime) -> Revision:
    """Take back the newest step of one's own, or the revision `of`, whoever made it; what others did since stays.

    Refuses `plan.nothing_to_undo`, `plan.revision_conflict` (somebody has moved on what it is about), and as `edit`.
    """
    plan = _open(plan_id)
    _require_known(plan, revision)
    number = of or steps_back(plan, by)[0]
    row = revision_row(plan, number) if number else None
    if row is None or row.parent == 0 or row.why == "undone":
        raise Refusal("plan.nothing_to_undo", "there is no step of yours to take back", remedy="name the revision")
    return _keep(plan, taken_back(plan, row, by=by, at=at), "undone", of=row.number, by=by, at=at)


@action
def redo(plan_id: UUID, revision: int, *, by: Actor, at: datetime) -> Revision:
    """Do again what one's own newest undo took back. Refuses `plan.nothing_to_redo` and as `undo`."""
    plan = _open(plan_id)
    _require_known(plan, revision)
    number = steps_back(plan, by)[1]
    if not number:
        raise Refusal("plan.nothing_to_redo", "nothing of yours was taken back", remedy="redo follows an undo")
    row = revision_row(plan, number)
    return _keep(plan, taken_back(plan, row, by=by, at=at), "redone", of=row.number, by=by, at=at)


@action
def drop(plan_id: UUID, *, by: Actor, at: datetime) -> Plan:
    """Throw a draft away. Refuses `plan.state_conflict` for one that is on the road."""
    plan = _locked(plan_id)
    plan.state = rules.change(plan.state, "dropped")
    plan.save(update_fields=["state"])
    Optimization.objects.filter(plan=plan, state__in=["waiting", "running"]).update(cancel=True)
    record(PlanDropped(plan.id), by=by, at=at)
    return plan


@action
def mark_released(plan_id: UUID, revision: int, *, by: Actor, at: datetime) -> Plan:
    """Note that a revision went on the road: it supersedes the other drafts of its day and depots.

    Refuses `plan.already_released`, `plan.state_conflict` and `plan.revision_conflict`.
    """
    plan, others = _locked_with_others(plan_id)
    if plan.state == "released":
        raise Refusal("plan.already_released", "this plan is on the road", remedy="look at its routes")
    _require_head(plan, revision)
    plan.state = rules.change(plan.state, "released")
    plan.save(update_fields=["state"])
    Optimization.objects.filter(plan=plan, state__in=["waiting", "running"]).update(cancel=True)
    record(PlanReleased(plan.id, revision), by=by, at=at)
    for other in others:
        other.state = rules.change(other.state, "superseded")
        other.save(update_fields=["state"])
        record(PlanSuperseded(other.id, plan.id), by=by, at=at)
    return plan


def _locked_with_others(plan_id: UUID) -> tuple[Plan, list[Plan]]:
    """The plan, and the drafts that it would take the place of: locked together, so that two releases can't cross."""
    day = find(plan_id).day
    rows = Plan.objects.select_for_update().filter(Q(id=plan_id) | Q(state="ready"), day=day).order_by("id")
    locked = {row.id: row for row in rows}
    plan = locked.pop(plan_id)
    return plan, [other for other in locked.values() if rules.share_depots(plan.depots, other.depots)]


def _open(plan_id: UUID) -> Plan:
    plan = _locked(plan_id)
    if plan.state != "ready":
        raise Refusal(
            "plan.state_conflict", f"a plan that is {plan.state} can't be edited", remedy="ask for a new plan"
        )
    return plan


def _require_head(plan: Plan, revision: int) -> None:
    if revision != plan.head:
        raise _unknown(plan, revision)


def _require_known(plan: Plan, revision: int) -> None:
    if revision > plan.head:
        raise _unknown(plan, revision)


def _unknown(plan: Plan, revision: int) -> Refusal:
    return Refusal(
        "plan.revision_conflict",
        f"revision {plan.head} stands now, not {revision}: somebody changed the plan",
        remedy="read the plan again and repeat the change",
        field="revision",
    )


def _keep(plan: Plan, done: Worked, why: str, *, by: Actor, at: datetime, **more: Any) -> Revision:
    """The next revision: what has changed since the one before, now and then the whole, so that few are read again."""
    number = _next_number(plan)
    whole = number % WHOLE_EVERY == 0 or number != plan.head + 1
    routes, unassigned = differences(State({}, {}) if whole else done.before, done.after)
    breaches, cost = rejudged(done.on, done.problem, done.before, done.after)
    made = Revision.objects.create(
        plan=plan,
        number=number,
        parent=plan.head,
        question_id=done.on.question_id,
        whole=whole,
        routes=routes,
        unassigned=unassigned,
        breaches=breaches,
        cost=cost,
        locks=done.locks,
        edits=done.edits,
        touched=done.touched.json(),
        why=why,
        actor=str(by),
        created_at=at,
        **more,
    )
    keep_state(made, done.after)
    plan.head = number
    plan.save(update_fields=["head"])
    record(PlanEdited(plan.id, number, why, tuple(done.shifts)), by=by, at=at)
    return made


def _next_number(plan: Plan) -> int:
    newest = Revision.objects.filter(plan=plan).order_by("-number").values_list("number", flat=True).first()
    return (newest or 0) + 1
