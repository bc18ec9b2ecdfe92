"""Changes by hand. Each makes the next revision, judged like the solver's; undo and redo walk along the line."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Q

from homestretch.events.action import action
from homestretch.events.log import record
from homestretch.kernel.actor import Actor
from homestretch.kernel.refusal import Refusal
from homestretch.planner.edit import EditError
from homestretch.planner.edit import move as moved
from homestretch.plans import rules
from homestretch.plans.actions.asking import _locked, stored
from homestretch.plans.events import PlanDropped, PlanEdited, PlanReleased, PlanSuperseded
from homestretch.plans.judging import judged
from homestretch.plans.models import Optimization, Plan, Revision
from homestretch.plans.queries import plan as find
from homestretch.plans.queries import plan_of, revision_row
from homestretch.plans.store import off_road, problem_of


@action
def move(plan_id: UUID, revision: int, visit: str, to: tuple[UUID, int] | None, *, by: Actor, at: datetime) -> Revision:
    """Put a visit at a position (0 is first) of a shift's route, or off every route with None.

    Works on `revision`, which must be the one that stands: refuses `plan.revision_conflict`, `plan.state_conflict`,
    `plan.visit_not_found`, `plan.move_invalid`. A breach is stored and shown, not hidden.
    """
    plan = _open(plan_id, revision)
    row = revision_row(plan, plan.head)
    problem = problem_of(row.question)
    if visit not in problem.visit:
        raise Refusal(
            "plan.visit_not_found",
            "this plan has no such visit",
            remedy="read the revision, and name a visit as it does",
            field="visit",
        )
    try:
        after = moved(problem, plan_of(row), visit, (str(to[0]), to[1]) if to else None)
    except EditError as error:
        raise Refusal("plan.move_invalid", str(error), remedy="choose a shift and position of this plan") from error
    made = Revision.objects.create(
        plan=plan,
        number=_next_number(plan),
        parent=plan.head,
        question=row.question,
        **stored(judged(problem, after, off_road(row.question.travel))),
        why="moved",
        actor=str(by),
        created_at=at,
    )
    return _stand(plan, made, by=by, at=at)


@action
def undo(plan_id: UUID, revision: int, *, by: Actor, at: datetime) -> Revision:
    """Go back to the revision before. Refuses `plan.nothing_to_undo` and what `move` refuses."""
    plan = _open(plan_id, revision)
    parent = revision_row(plan, plan.head).parent
    if parent == 0:
        raise Refusal(
            "plan.nothing_to_undo", "this is the plan's first revision", remedy="there is nothing to take back"
        )
    return _stand(plan, revision_row(plan, parent), by=by, at=at, why="undone")


@action
def redo(plan_id: UUID, revision: int, *, by: Actor, at: datetime) -> Revision:
    """Go forward again to the newest revision that was made from this one. Refuses `plan.nothing_to_redo`."""
    plan = _open(plan_id, revision)
    child = Revision.objects.filter(plan=plan, parent=plan.head).order_by("-number").first()
    if child is None:
        raise Refusal("plan.nothing_to_redo", "nothing was made from this revision", remedy="redo follows an undo")
    return _stand(plan, child, by=by, at=at, why="redone")


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


def _open(plan_id: UUID, revision: int) -> Plan:
    plan = _locked(plan_id)
    if plan.state != "ready":
        raise Refusal(
            "plan.state_conflict", f"a plan that is {plan.state} can't be edited", remedy="ask for a new plan"
        )
    _require_head(plan, revision)
    return plan


def _require_head(plan: Plan, revision: int) -> None:
    if revision != plan.head:
        raise Refusal(
            "plan.revision_conflict",
            f"revision {plan.head} stands now, not {revision}: somebody changed the plan",
            remedy="read the plan again and repeat the change",
            field="revision",
        )


def _next_number(plan: Plan) -> int:
    newest = Revision.objects.filter(plan=plan).order_by("-number").first()
    return (newest.number if newest else 0) + 1


def _stand(plan: Plan, revision: Revision, *, by: Actor, at: datetime, why: str = "moved") -> Revision:
    plan.head = revision.number
    plan.save(update_fields=["head"])
    record(PlanEdited(plan.id, revision.number, why), by=by, at=at)
    return revision
