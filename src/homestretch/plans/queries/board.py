"""What the board shows of a plan: the state that stands, or while a search runs its best so far, in numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from homestretch.kernel.units import read_instant
from homestretch.planner import problem as planner
from homestretch.planner.cost import route_cost
from homestretch.planner.times import RouteTimes
from homestretch.plans import rules
from homestretch.plans.models import Optimization, Plan
from homestretch.plans.queries.revisions import reason_names
from homestretch.plans.rows import revision_row
from homestretch.plans.standing import EMPTY, State, meaning_of, state_of, times_of
from homestretch.plans.store import problem_of

MOST_REASONS = 5
SEARCHING = ("waiting", "running")


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A plan of a day and its newest search."""

    plan: Plan
    search: Optimization | None

    @property
    def is_searched(self) -> bool:
        """Whether a search for it waits or runs."""
        return self.search is not None and self.search.state in SEARCHING


@dataclass(frozen=True, slots=True)
class Drawn:
    """A plan as the board draws it. `times` and `costs` by route; seconds are from `epoch`; `number` 0: of a search;
    `quantile`: percent of days on which its times are to hold, 0: the usual ones."""

    plan: Plan
    number: int
    cost: int
    rung: str
    quantile: int
    problem: planner.Problem
    epoch: datetime
    meaning: Mapping[str, Mapping[str, Any]]
    times: Sequence[RouteTimes]
    costs: Sequence[int]
    unassigned: Mapping[str, list[dict[str, Any]]]
    breaches: Sequence[Mapping[str, Any]]
    locks: Sequence[Mapping[str, Any]]


def plan_lines(day: date) -> list[PlanLine]:
    """The plans of a day that count, newest first, each with its newest search."""
    rows = list(Plan.objects.filter(day=day).exclude(state="dropped").order_by("-created_at", "-id"))
    searches = Optimization.objects.filter(plan__in=rows).order_by("plan_id", "-created_at", "-id").distinct("plan_id")
    by_plan = {search.plan_id: search for search in searches.defer("best")}
    return [PlanLine(row, by_plan.get(row.id)) for row in rows]


def drawn(line: PlanLine) -> Drawn | None:
    """The plan as it stands, or the best so far of its first search; None where there is neither."""
    if line.plan.head == 0:
        return _best_so_far(line)
    row = revision_row(line.plan, line.plan.head)
    state, names = state_of(row), reason_names()
    return _drawn(
        line.plan,
        (row.question_id, problem_of(row.question)),
        state,
        number=row.number,
        cost=row.cost,
        rung=row.question.rung,
        quantile=row.question.margin.get("quantile", 0),
        meaning=meaning_of(row.question),
        unassigned={visit: summed_up(reasons, names) for visit, reasons in state.unassigned.items()},
        breaches=[rules.readable(breach, names) for breach in row.breaches],
        locks=row.locks,
    )


def best_of(search: Optimization, problem: planner.Problem) -> State:
    """The best so far of a search, as it was reported."""
    numbers = (search.best or {}).get("routes", ())
    routes = {
        problem.shifts[shift].id: tuple(problem.visits[visit].id for visit in visits) for shift, visits in numbers
    }
    on_routes = {visit for visits in routes.values() for visit in visits}
    return State(routes, {visit.id: () for visit in problem.visits if visit.id not in on_routes})


def _best_so_far(line: PlanLine) -> Drawn | None:
    if line.search is None or not line.is_searched or line.search.question_id is None:
        return None
    search = Optimization.objects.select_related("question").defer("question__problem", "question__matrices")
    found = search.get(id=line.search.id)
    problem = problem_of(found.question)
    state = best_of(found, problem) if found.best else EMPTY
    return _drawn(
        line.plan,
        (found.question_id, problem),
        state,
        number=0,
        cost=0,
        rung=found.question.rung,
        quantile=found.question.margin.get("quantile", 0),
        meaning=meaning_of(found.question),
        unassigned={visit: [] for visit in state.unassigned},
        breaches=[],
        locks=[],
    )


def _drawn(plan: Plan, question: tuple[UUID, planner.Problem], state: State, **more: Any) -> Drawn:
    question_id, problem = question
    times = [times_of(question_id, problem, shift, visits) for shift, visits in state.routes.items()]
    costs = [route_cost(problem, one) for one in times]
    return Drawn(plan, problem=problem, epoch=read_instant(problem.epoch), times=times, costs=costs, **more)


def summed_up(reasons: Iterable[Mapping[str, Any]], names: Mapping[str, str]) -> list[dict[str, Any]]:
    """Reasons by code, the most frequent first: of how many shifts, and the words of the nearest."""
    by_code: dict[str, list[Mapping[str, Any]]] = {}
    for reason in reasons:
        by_code.setdefault(reason["code"], []).append(reason)
    counts = Counter({code: len(found) for code, found in by_code.items()})
    shown = []
    for code, shifts in counts.most_common(MOST_REASONS):
        nearest = rules.readable(min(by_code[code], key=lambda reason: reason.get("amount", 0)), names)
        text, remedy = nearest.get("text", ""), nearest.get("would_let_in", "")
        shown.append({"code": nearest["code"], "shifts": shifts, "text": text, "would_let_in": remedy})
    return shown
