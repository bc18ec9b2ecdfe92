"""Rows of plans: the plan, its newest search, a revision and what it is."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from homestretch.kernel.refusal import Refusal, not_found
from homestretch.planner import problem as planner
from homestretch.plans.models import Optimization, Plan, Question, Revision
from homestretch.plans.standing import state_of

LARGE = ("question__problem", "question__matrices", "question__visits")  # kept in memory: see store and standing


def plan(plan_id: UUID) -> Plan:
    """One plan. Refuses `plan.not_found`."""
    row = Plan.objects.filter(id=plan_id).first()
    if row is None:
        raise not_found("plan", plan_id)
    return row


def plans(day: date | None = None) -> QuerySet[Any]:
    """Plans, newest first by (created_at, id)."""
    rows = Plan.objects.all()
    return rows.filter(day=day) if day else rows


def optimization(plan_id: UUID) -> Optimization | None:
    """The newest run of a plan."""
    return Optimization.objects.filter(plan_id=plan_id).order_by("-created_at", "-id").defer("best").first()


def revision_row(of: Plan, number: int) -> Revision:
    """A stored revision. Refuses `revision.not_found`."""
    rows = Revision.objects.select_related("question").defer(*LARGE)
    row = rows.filter(plan_id=of.id, number=number).first()
    if row is None:
        raise not_found("revision", number)
    return row


def head_row(of: Plan) -> Revision:
    """The revision that stands. Refuses `plan.not_solved`."""
    if of.head == 0:
        raise Refusal("plan.not_solved", "the plan has no revision yet", remedy="wait for plan.solved")
    return revision_row(of, of.head)


def plan_of(row: Revision) -> planner.Plan:
    """A stored revision as the planner's plan."""
    return state_of(row).plan


def rungs(plan_ids: Iterable[UUID]) -> set[str]:
    """From which rungs of the ladder the travel times of these plans come."""
    return set(Question.objects.filter(plan_id__in=set(plan_ids)).values_list("rung", flat=True))
