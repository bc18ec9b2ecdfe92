"""A kept index of a running plan, for answers within milliseconds: where would one more visit go, and at what price."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from homestretch.kernel.refusal import Refusal
from homestretch.planner.insertion import RouteIndex, bars
from homestretch.planner.problem import NOWHERE, Plan, Problem, Route, Start
from homestretch.planner.trial import Candidate, Trial, candidates, open_pair, partner_shift, trials

PER_ROUTE = 8  # positions of one route that are worth ranking against other routes'
SPARE = 2  # options timed beyond those asked for, since the ranking before is by estimate
TRIALS = 24  # exact trials of one question, at most, beyond the options that were asked for
LATENESS = frozenset({"time_window", "shift_end"})


class LiveError(Refusal):
    """A question that makes no sense: `live.unknown_visit`, `live.on_route` or `live.unknown_shift`."""


@dataclass(frozen=True, slots=True)
class Option:
    """One place for a visit: position on the shift's route, with `visits` the route as it would be.

    `cost` in minor units, `seconds` (of the route's duration) and `meters` are what it adds. `late` are the visits that
    would become late, or later, with their seconds past the window; "" stands for the shift's end.
    """

    shift: str
    position: int
    cost: int
    seconds: int
    meters: int
    late: tuple[tuple[str, int], ...]
    visits: tuple[str, ...]


class Live:
    """Routes of a plan, indexed. `starts` has an entry for every shift that is under way; its route then holds only the
    visits that remain."""

    def __init__(self, problem: Problem, plan: Plan, starts: Mapping[str, Start] | None = None) -> None:
        self.problem = problem
        self.unassigned = plan.unassigned
        self._starts = dict(starts or {})
        self._indexes: dict[str, RouteIndex] = {}
        self._shift_of: dict[str, str] = {}
        self.repair([plan.route_of(shift.id) for shift in problem.shifts])

    @property
    def plan(self) -> Plan:
        """The routes as they are known now, empty ones left out."""
        routes = [Route(shift, index.visits) for shift, index in self._indexes.items() if index.visits]
        return Plan(tuple(routes), tuple(visit for visit in self.unassigned if visit not in self._shift_of))

    @property
    def shift_of(self) -> Mapping[str, str]:
        """The shift that serves each visit which is on a route."""
        return self._shift_of

    def index(self, shift: str) -> RouteIndex:
        """The kept index of one shift's route."""
        return self._indexes[shift]

    def repair(self, routes: Iterable[Route], starts: Mapping[str, Start] | None = None) -> None:
        """Take in routes that have changed (or moved on: `starts`); the others keep their index."""
        changed = list(routes)
        self._starts.update(starts or {})
        for route in changed:
            if route.shift not in self.problem.shift:
                cause = f"There is no shift {route.shift}."
                raise LiveError("live.unknown_shift", cause, remedy="Name a shift of the problem.")
            known = self._indexes.get(route.shift)
            for visit in known.visits if known else ():
                self._shift_of.pop(visit, None)
        for route in changed:
            self._indexes[route.shift] = RouteIndex(self.problem, route, self._starts.get(route.shift))
            self._shift_of.update(dict.fromkeys(route.visits, route.shift))

    def insert(self, visit: str, *, limit: int = 5, late_ok: bool = False) -> list[Option]:
        """Up to `limit` places for a visit that is on no route, best first; each is timed exactly.

        All windows, loads, pairs, locks and limits are kept. With `late_ok` places that make stops late are offered
        too, after those that do not. A visit whose pair is on no route either takes it along. Raises `LiveError`.
        """
        found: list[Option] = []
        for candidate in self._ranked(visit, late_ok=late_ok)[: TRIALS + limit]:
            made = [each for each in self._trials(visit, candidate) if _kept(each, late_ok=late_ok)]
            found += sorted((self._option(visit, each) for each in made), key=_rank)[:1]
            if len(found) >= limit + SPARE:
                break
        return sorted(found, key=_rank)[:limit]

    def quote(self, visit: str) -> Option | None:
        """The cheapest place that makes nothing late, or None."""
        return next(iter(self.insert(visit, limit=1)), None)

    def _ranked(self, visit: str, *, late_ok: bool) -> list[Candidate]:
        """Positions of all routes that the visit may ride on, the most promising first."""
        if visit not in self.problem.visit:
            raise LiveError("live.unknown_visit", f"There is no visit {visit}.", remedy="Name a visit of the problem.")
        if visit in self._shift_of:
            cause = f"Visit {visit} is on shift {self._shift_of[visit]} already."
            raise LiveError("live.on_route", cause, remedy="Take it off its route first.")
        both = open_pair(self.problem, visit, self._shift_of)
        ends = [visit] if both is None else [both.collect, both.deliver]
        if any(self.problem.visit[end].place == NOWHERE for end in ends):
            return []
        bound = partner_shift(self.problem, visit, self._shift_of)
        found: list[Candidate] = []
        for shift in self.problem.shifts:
            barred = any(miss for end in ends for miss in bars(self.problem, shift, self.problem.visit[end]))
            if not barred and bound in (None, shift.id):
                index = self._indexes[shift.id]
                ranked = candidates(index, self.problem.visit[ends[0]], PER_ROUTE)
                found += [each for each in ranked if each.late == 0 or late_ok or not index.exact]
        return sorted(found, key=lambda each: (each.late, each.cost))

    def _trials(self, visit: str, candidate: Candidate) -> list[Trial]:
        both = open_pair(self.problem, visit, self._shift_of)
        first = self.problem.visit[both.collect if both else visit]
        return list(trials(candidate.index, first, candidate.position, both, PER_ROUTE))

    def _option(self, visit: str, made: Trial) -> Option:
        before = made.index.times
        return Option(
            shift=made.index.shift.id,
            position=made.visits.index(visit),
            cost=made.cost,
            seconds=made.times.duration - before.duration,
            meters=made.times.meters - before.meters,
            late=tuple((miss.visit, miss.amount) for miss in made.misses),
            visits=made.visits,
        )


def _kept(made: Trial, *, late_ok: bool) -> bool:
    """Nothing is missed, or only lateness where that may be."""
    return all(late_ok and miss.code in LATENESS for miss in made.misses)


def _rank(option: Option) -> tuple[int, int, str, int]:
    return sum(seconds for _, seconds in option.late), option.cost, option.shift, option.position
