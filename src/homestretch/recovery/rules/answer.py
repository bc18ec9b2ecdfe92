"""What a search found, as a proposal: its parts in a dispatcher's words, and what each costs and does to promises."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from homestretch.planner import problem as ask
from homestretch.planner.check import check
from homestretch.planner.cost import plan_cost
from homestretch.planner.edit import alone
from homestretch.planner.schedule import schedule
from homestretch.planner.times import RouteTimes
from homestretch.recovery.rules.hunks import Part, Routes, applied, closed, parts_of
from homestretch.recovery.rules.question import Asked, Question

Late = dict[tuple[str, str], int | None]
STUCK = "goods_on_board"  # one end of a pair whose other end has been served: only that vehicle has the goods


@dataclass(frozen=True, slots=True)
class Told:
    """A part with its words, and what it does with all that it needs: minutes by route, promises, pieces moved."""

    part: Part
    words: str
    minutes: dict[str, int]
    promises: list[dict[str, Any]]
    boxes: int


@dataclass(frozen=True)
class Answer:
    """A proposal as values, see `models.Proposal`. `after` is `before` where nothing is better."""

    before: dict[str, list[str]]
    after: dict[str, list[str]]
    parts: tuple[Told, ...]
    left: list[dict[str, str]]
    figures: dict[str, int]
    promises: list[dict[str, Any]]
    meanings: dict[str, dict[str, Any]]
    minutes: dict[str, int]  # {route: minutes that its end moves by}


class Reading:
    """A question, its problem and what was found, read for people."""

    def __init__(self, question: Question, problem: ask.Problem, why: Mapping[str, str]) -> None:
        self.question, self.problem, self.why = question, problem, why
        self.names = {str(line.route_id): line.name for line in question.rest.lines}
        self.visits = {visit.name: visit for visit in question.visits}
        self.stranded = str(question.rest.broken) if question.rest.broken else ""
        self._known: dict[tuple[str, tuple[str, ...]], RouteTimes] = {}  # hunks share most of their routes

    def answer(self, plan: ask.Plan) -> Answer:
        """The proposal that a plan is."""
        before = self._routes(self.question.baseline)
        after = self._routes(plan)
        parts = parts_of(before, after, self.fits)
        told = tuple(self._told(part, parts, before, after) for part in parts)
        return Answer(
            before=before,
            after=after,
            parts=told,
            left=self._left(plan),
            figures=self._figures(plan, parts, before, after),
            promises=self.promises(before, after),
            meanings={name: self._meaning(name) for routes in (before, after) for v in routes.values() for name in v},
            minutes=self._minutes(
                {route for route in after if list(before.get(route, ())) != after[route]}, before, after
            ),
        )

    def fits(self, route: str, visits: Sequence[str]) -> bool:
        """Whether a route breaches nothing; one that stands still takes what it has."""
        if route == self.stranded:
            return True
        made = ask.Route(route, tuple(visits))
        return not check(alone(self.problem, made), ask.Plan((made,)))

    def _routes(self, plan: ask.Plan) -> dict[str, list[str]]:
        """The routes of a plan, with the one that stands still and has what nobody took."""
        found = {shift.id: list(plan.route_of(shift.id).visits) for shift in self.problem.shifts}
        if self.stranded:
            taken = {visit for visits in found.values() for visit in visits}
            halts = self.question.rest.stranded.halts if self.question.rest.stranded else ()
            names = [f"s:{halt.stop_id}" for halt in halts]
            found[self.stranded] = [name for name in names if name in self.visits and name not in taken]
        return found

    def _left(self, plan: ask.Plan) -> list[dict[str, str]]:
        on_routes = {visit for route in plan.routes for visit in route.visits}
        left = [
            {"visit": name, "reason": self.why.get(name, "time_window")}
            for name in self.visits
            if name not in on_routes
        ]
        stranded = self.question.rest.stranded
        stuck = [
            halt
            for halt in (stranded.halts if stranded else ())
            if halt.state != "arrived" and not self.question.can_leave(halt)
        ]
        return left + [{"visit": f"s:{halt.stop_id}", "reason": STUCK} for halt in stuck]

    def _told(self, part: Part, parts: Sequence[Part], before: Routes, after: Routes) -> Told:
        with_needs = closed([part.number], parts)
        chosen = [each for each in parts if each.number in with_needs]
        then = applied(before, after, chosen)
        minutes = self._minutes({route for each in chosen for route in (each.source, each.to)}, before, then)
        return Told(part, self._words(part, minutes), minutes, self.promises(before, then), self._boxes(part.visits))

    def _minutes(self, touched: Iterable[str], before: Routes, then: Routes) -> dict[str, int]:
        """By how much later each of these routes ends; the one that stands still has no end."""
        return {
            route: round((self._finish(route, then[route]) - self._finish(route, before[route])) / 60)
            for route in sorted(set(touched) - {self.stranded, ""})
        }

    def _finish(self, route: str, visits: Sequence[str]) -> int:
        return self._times(route, visits).finish

    def _times(self, route: str, visits: Sequence[str]) -> RouteTimes:
        asked = (route, tuple(visits))
        if asked not in self._known:
            self._known[asked] = schedule(self.problem, ask.Route(*asked))
        return self._known[asked]

    def _words(self, part: Part, minutes: Mapping[str, int]) -> str:
        mine = self.names[part.to]
        count = sum(not visit.startswith("m:") for visit in part.visits)
        stops = f"{count} stop{'s' if count != 1 else ''}"
        if part.reorder:
            text = f"{mine} drives its stops in another order"
        elif not part.source:
            text = f"{mine} takes {stops} more"
        else:
            text = f"{mine} takes over {stops} from {self.names[part.source]}"
        boxes = self._boxes(part.visits)
        if boxes:
            text += f", and takes up {boxes} piece{'s' if boxes != 1 else ''} at its place"
        return f"{text} ({minutes.get(part.to, 0):+d} min)"[:300]

    def _boxes(self, visits: Iterable[str]) -> int:
        """Pieces that change vehicles on the road."""
        stranded = self.question.rest.stranded
        if stranded is None:
            return 0
        taken = {visit.removeprefix("m:") for visit in visits if visit.startswith("m:")}
        return sum(_pieces(self.visits[name]) for name in taken if self.visits[name].goods_at == stranded.span.here)

    def promises(self, before: Routes, after: Routes) -> list[dict[str, Any]]:
        """Of tasks whose promise fares otherwise: seconds late before and after; null where nobody comes."""
        was, then = self._late(before), self._late(after)
        return [
            {"task": task, "order": order, "before": was.get((task, order)), "after": then.get((task, order))}
            for task, order in dict.fromkeys([*was, *then])
            if was.get((task, order)) != then.get((task, order))
        ]

    def _late(self, routes: Routes) -> Late:
        """Seconds late by (task, order), of all that is promised; None where nobody comes."""
        found: Late = {(task, order): None for owed in self._owed.values() for task, order, _ in owed}
        for route, visits in routes.items():
            for stop in self._times(route, visits).stops if route != self.stranded else ():
                for task, order, due in self._owed.get(stop.visit, ()):
                    found[task, order] = max(0, stop.arrive - due)
        return found

    @cached_property
    def _owed(self) -> dict[str, list[tuple[str, str, int]]]:
        """What is promised at each visit: (task, order, the second by which)."""
        rest = self.question.rest
        return {
            name: [
                (str(work.task_id), str(work.order_id), rest.second(rest.promised[work.task_id]))
                for work in visit.halt.works
                if work.task_id in rest.promised
            ]
            for name, visit in self.visits.items()
        }

    def _figures(self, plan: ask.Plan, parts: Sequence[Part], before: Routes, after: Routes) -> dict[str, int]:
        moved = [visit for part in parts for visit in part.visits if not visit.startswith("m:")]
        boxes = sum(self._boxes(part.visits) for part in parts)
        late = [self._late(routes).values() for routes in (before, after)]
        broken = [sum(seconds is None or seconds > 0 for seconds in each) for each in late]
        return {
            "cost_before": self._cost(self.question.baseline),
            "cost_after": self._cost(plan) + boxes * self.question.rest.prices.per_box,
            "moved": len(moved),
            "boxes": boxes,
            "left": len(self._left(plan)),
            "broken_before": broken[0],
            "broken_after": broken[1],
        }

    def _cost(self, plan: ask.Plan) -> int:
        """Of the rest of the day, with what is not served today."""
        return plan_cost(self.problem, plan) + len(self._left(plan)) * self.question.rest.prices.per_left

    def _meaning(self, name: str) -> dict[str, Any]:
        """What a visit is: a stop, a task, or a halt to take goods over from a place."""
        visit = self.visits[name.removeprefix("m:")]
        said: dict[str, Any] = {
            "kind": {"s": "stop", "t": "task", "m": "meet"}[name[0]],
            "stop": str(visit.halt.stop_id) if visit.name.startswith("s:") else None,
            "tasks": [str(work.task_id) for work in visit.halt.works],
            "orders": sorted({str(work.order_id) for work in visit.halt.works}),
        }
        if name.startswith("m:") and visit.goods_at is not None:
            said |= {"lat": visit.goods_at.lat, "lon": visit.goods_at.lon, "pieces": _pieces(visit)}
        return said


def _pieces(visit: Asked) -> int:
    """How many pieces a visit brings; of goods that are not counted, one each."""
    return sum(work.loads.get("pieces", 1) for work in visit.halt.works if work.kind == "deliver")
