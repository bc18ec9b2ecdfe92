"""Plans as others see them: decisions from the store, times from `schedule`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from homestretch.fleet import queries as fleet
from homestretch.kernel.refusal import Refusal, not_found
from homestretch.kernel.units import read_instant
from homestretch.kernel.windows import Window
from homestretch.places import queries as places
from homestretch.planner import problem as planner
from homestretch.planner.cost import route_cost
from homestretch.planner.explain import answer
from homestretch.planner.live import Live
from homestretch.planner.schedule import schedule
from homestretch.planner.times import RouteTimes, StopTimes
from homestretch.plans import rules
from homestretch.plans.models import Optimization, Plan, Question, Revision
from homestretch.plans.store import problem_of
from homestretch.plans.values import Left, RevisionView, RouteDraft, StopDraft


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
    return Optimization.objects.filter(plan_id=plan_id).order_by("-created_at", "-id").first()


def revision_row(of: Plan, number: int) -> Revision:
    """A stored revision. Refuses `revision.not_found`."""
    row = Revision.objects.select_related("question").filter(plan_id=of.id, number=number).first()
    if row is None:
        raise not_found("revision", number)
    return row


def plan_of(row: Revision) -> planner.Plan:
    """A stored revision as the planner's plan."""
    routes = tuple(planner.Route(route["shift"], tuple(route["visits"])) for route in row.routes)
    return planner.Plan(routes, tuple(left["visit"] for left in row.unassigned))


def rungs(plan_ids: Iterable[UUID]) -> set[str]:
    """From which rungs of the ladder the travel times of these plans come."""
    return set(Question.objects.filter(plan_id__in=set(plan_ids)).values_list("rung", flat=True))


def revision(plan_id: UUID, number: int | None = None) -> RevisionView:
    """One state of a plan, by default the one that stands, with its times. Refuses `plan.not_solved`."""
    head = plan(plan_id)
    if number is None and head.head == 0:
        raise Refusal("plan.not_solved", "the plan has no revision yet", remedy="wait for plan.solved")
    row = revision_row(head, head.head if number is None else number)
    problem = problem_of(row.question)
    names = _names()
    return RevisionView(
        plan_id=plan_id,
        day=head.day,
        number=row.number,
        parent=row.parent,
        why=row.why,
        cost=row.cost,
        rung=row.question.rung,
        travel=row.question.travel,
        routes=tuple(_route(problem, row, route) for route in plan_of(row).routes if route.visits),
        unassigned=tuple(
            Left(
                left["visit"], _tasks(row, left["visit"]), tuple(rules.readable(why, names) for why in left["reasons"])
            )
            for left in row.unassigned
        ),
        breaches=tuple(rules.readable(breach, names) for breach in row.breaches),
    )


def release_view(plan_id: UUID, number: int) -> list[RouteDraft]:
    """What a release puts on the road. Refuses `plan.has_breaches`."""
    view = revision(plan_id, number)
    if view.breaches:
        raise Refusal(
            "plan.has_breaches",
            f"{len(view.breaches)} rules are broken, the first: {view.breaches[0].get('text', '')}",
            remedy="mend the plan, or plan again",
        )
    return list(view.routes)


def insertions(plan_id: UUID, visit: str, *, most: int = 3) -> list[dict[str, Any]]:
    """The best places for a visit that is on no route: [{"shift", "position", "cost", ...}], cheapest first."""
    problem, standing = _asked(plan_id, visit)
    return [asdict(option) for option in Live(problem, standing).insert(visit, limit=most)]


def why(plan_id: UUID, visit: str) -> dict[str, Any]:
    """Why a visit is on no route and the least that would let it in, or, of one on a route, its best other place."""
    problem, standing = _asked(plan_id, visit)
    said = answer(problem, standing, visit)
    names = _names()
    shown = [rules.readable(asdict(way), names) for way in said.relaxations]
    return {
        "visit": visit,
        "reasons": [rules.readable(asdict(reason), names) for reason in said.reasons],
        "relaxations": [way for way in shown if way["code"] != "blackout"],  # no shift could be given that
        "elsewhere": asdict(said.elsewhere) if said.elsewhere else None,
    }


def _names() -> dict[str, str]:
    """What reasons speak of by id: depots by name, blackouts by their reason."""
    depots = {str(depot.id): depot.name for depot in fleet.depots()}
    return depots | {str(row.id): row.reason for row in places.blackouts()}


def _asked(plan_id: UUID, visit: str) -> tuple[planner.Problem, planner.Plan]:
    """The problem and the plan that stand. Refuses `plan.visit_not_found`."""
    head = plan(plan_id)
    row = revision_row(head, head.head)
    problem = problem_of(row.question)
    if visit not in problem.visit:
        raise Refusal(
            "plan.visit_not_found",
            "this plan has no such visit",
            remedy="read the revision, and name a visit as it does",
            field="visit",
        )
    return problem, plan_of(row)


def _route(problem: planner.Problem, row: Revision, route: planner.Route) -> RouteDraft:
    times, epoch = schedule(problem, route), read_instant(problem.epoch)
    return RouteDraft(
        shift_id=UUID(route.shift),
        start=rules.instant(epoch, times.depart),
        end=rules.instant(epoch, times.finish),
        meters=times.meters,
        cost=_cost(problem, times),
        stops=tuple(_stop(problem, row, stop) for stop in times.stops),
        breaks=tuple((rules.instant(epoch, b.start), rules.instant(epoch, b.end)) for b in times.breaks),
    )


def _cost(problem: planner.Problem, times: RouteTimes) -> int:
    return route_cost(problem, times)


def _stop(problem: planner.Problem, row: Revision, stop: StopTimes) -> StopDraft:
    visit, epoch = problem.visit[stop.visit], read_instant(problem.epoch)
    return StopDraft(
        place_id=UUID(row.question.visits[stop.visit]["place"]),
        task_ids=_tasks(row, stop.visit),
        arrive=rules.instant(epoch, stop.arrive),
        start=rules.instant(epoch, stop.start),
        leave=rules.instant(epoch, stop.leave),
        service_s=visit.service,
        windows=tuple(Window(rules.instant(epoch, w.start), rules.instant(epoch, w.end)) for w in visit.windows),
        late_s=stop.late,
        visit=stop.visit,
    )


def _tasks(row: Revision, visit: str) -> tuple[UUID, ...]:
    return tuple(UUID(task) for task in row.question.visits[visit]["tasks"])
