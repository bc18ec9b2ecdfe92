"""Revisions as others see them: decisions from the store, times from `schedule`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any
from uuid import UUID

from homestretch.fleet import queries as fleet
from homestretch.kernel.refusal import Refusal
from homestretch.kernel.units import read_instant
from homestretch.kernel.windows import Window
from homestretch.places import queries as places
from homestretch.planner import problem as planner
from homestretch.planner.cost import route_cost
from homestretch.planner.explain import answer
from homestretch.planner.live import Live
from homestretch.planner.times import RouteTimes, StopTimes
from homestretch.plans import rules
from homestretch.plans.rows import head_row, plan, revision_row
from homestretch.plans.standing import meaning_of, state_of, times_of
from homestretch.plans.store import Loaded, loaded, problem_of
from homestretch.plans.values import Left, RevisionView, RouteDraft, StopDraft

Meaning = Mapping[str, Mapping[str, Any]]


def revision(plan_id: UUID, number: int | None = None) -> RevisionView:
    """One state of a plan, by default the one that stands, with its times. Refuses `plan.not_solved`."""
    head = plan(plan_id)
    row = head_row(head) if number is None else revision_row(head, number)
    question, state = loaded(row.question_id), state_of(row)
    meaning, names = meaning_of(row.question), reason_names()
    return RevisionView(
        plan_id=plan_id,
        day=head.day,
        number=row.number,
        parent=row.parent,
        why=row.why,
        cost=row.cost,
        rung=row.question.rung,
        travel=row.question.travel,
        margin=question.margin,
        routes=tuple(
            _route(question, meaning, times_of(row.question_id, question.problem, *route))
            for route in state.routes.items()
        ),
        unassigned=tuple(
            Left(visit, _tasks(meaning, visit), tuple(rules.readable(why, names) for why in reasons))
            for visit, reasons in state.unassigned.items()
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
    names = reason_names()
    shown = [rules.readable(asdict(way), names) for way in said.relaxations]
    return {
        "visit": visit,
        "reasons": [rules.readable(asdict(reason), names) for reason in said.reasons],
        "relaxations": [way for way in shown if way["code"] != "blackout"],  # no shift could be given that
        "elsewhere": asdict(said.elsewhere) if said.elsewhere else None,
    }


def reason_names() -> dict[str, str]:
    """What reasons speak of by id: depots by name, blackouts by their reason."""
    depots = {str(depot.id): depot.name for depot in fleet.depots()}
    return depots | {str(row.id): row.reason for row in places.blackouts()}


def _asked(plan_id: UUID, visit: str) -> tuple[planner.Problem, planner.Plan]:
    """The problem and the plan that stand. Refuses `plan.visit_not_found`."""
    row = head_row(plan(plan_id))
    problem = problem_of(row.question)
    if visit not in problem.visit:
        raise Refusal(
            "plan.visit_not_found",
            "this plan has no such visit",
            remedy="read the revision, and name a visit as it does",
            field="visit",
        )
    return problem, state_of(row).plan


def _route(question: Loaded, meaning: Meaning, times: RouteTimes) -> RouteDraft:
    epoch = read_instant(question.problem.epoch)
    return RouteDraft(
        shift_id=UUID(times.shift),
        start=rules.instant(epoch, times.depart),
        end=rules.instant(epoch, times.finish),
        meters=times.meters,
        cost=route_cost(question.problem, times),
        stops=tuple(_stop(question, meaning, stop) for stop in times.stops),
        breaks=tuple((rules.instant(epoch, b.start), rules.instant(epoch, b.end)) for b in times.breaks),
    )


def _stop(question: Loaded, meaning: Meaning, stop: StopTimes) -> StopDraft:
    visit, epoch = question.problem.visit[stop.visit], read_instant(question.problem.epoch)
    return StopDraft(
        place_id=UUID(meaning[stop.visit]["place"]),
        task_ids=_tasks(meaning, stop.visit),
        arrive=rules.instant(epoch, stop.arrive),
        start=rules.instant(epoch, stop.start),
        leave=rules.instant(epoch, stop.leave),
        service_s=question.service_s[stop.visit],
        windows=tuple(Window(rules.instant(epoch, w.start), rules.instant(epoch, w.end)) for w in visit.windows),
        late_s=stop.late,
        visit=stop.visit,
    )


def _tasks(meaning: Meaning, visit: str) -> tuple[UUID, ...]:
    return tuple(UUID(task) for task in meaning[visit]["tasks"])
