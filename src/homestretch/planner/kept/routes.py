"""Routes of a plan, kept ready: what a route would cost and miss if it were another, without asking a solver.

What the board knows it answers by itself; problems with other rules or goals are scheduled, and judged by `check`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from homestretch.planner.check import Breach, check
from homestretch.planner.check.bonds import judge_bonds
from homestretch.planner.cost import route_cost
from homestretch.planner.edit import alone, put_in
from homestretch.planner.goals import balance_cost, zones_cost
from homestretch.planner.kept.board import Board, judged_shifts
from homestretch.planner.problem import Plan, Problem, Route, Start, Visit
from homestretch.planner.schedule import schedule
from homestretch.planner.terms import equal_shifts
from homestretch.planner.times import RouteTimes

Tried = tuple[int, int, int, list[tuple[str, int, int]]]
"""What the board says of a route: cost, seconds, meters that it adds; of each miss code, stop or dimension, amount."""


@dataclass(frozen=True, slots=True)
class Miss:
    """One rule that a route does not keep, at which visit (or none), by how much: codes of `Breach`."""

    code: str
    visit: str
    amount: int


@dataclass(frozen=True, slots=True, order=True)
class Candidate:
    """A position that is worth a trial. Least first: by estimated seconds missed (`board.FULL` for each limit that does
    not hold), then by estimated cost."""

    missed: int
    cost: int
    shift: str
    position: int


@dataclass(frozen=True, slots=True)
class Swap:
    """A position on a shift's route that leaves out a visit of its own: what the plan would cost more, by estimate."""

    cost: int
    gone: str
    shift: str
    position: int


@dataclass(frozen=True, slots=True)
class Trial:
    """A route as it would be: what it adds to the plan's cost (minor units), to its own duration and its meters, and
    what it does not keep. What the route misses already, and by no less, is not held against it."""

    route: Route
    cost: int
    seconds: int
    meters: int
    misses: tuple[Miss, ...]


class Kept:
    """The routes of a plan, by shift. `starts` are of shifts that are under way, in the place of their `begun`."""

    def __init__(self, problem: Problem, routes: Iterable[Route], starts: Mapping[str, Start] | None = None) -> None:
        self.problem = problem
        self.board = Board(problem)
        self.starts = dict(starts or {})
        self.judged = judged_shifts(problem)
        goals = problem.goals
        self.bound = bool(problem.groups or problem.relations)
        self.priced = bool(goals.balance or goals.split_zone or goals.stability)
        self.kinds = [problem.shift[ids[0]] for ids in equal_shifts(problem)]
        self.routes: dict[str, Route] = {}
        self.shift_of: dict[str, str] = {}
        self._times: dict[str, RouteTimes] = {}
        self._sure: dict[str, bool] = {}
        known = {route.shift: route for route in routes}
        for shift in problem.shifts:
            self.take(known.get(shift.id, Route(shift.id)))

    def take(self, route: Route) -> None:
        """Keep a route in the place of its shift's."""
        for visit in self.routes[route.shift].visits if route.shift in self.routes else ():
            if self.shift_of.get(visit) == route.shift:
                del self.shift_of[visit]
        self.board.set_route(route, self.starts.get(route.shift))
        self.routes[route.shift] = route
        self.shift_of.update(dict.fromkeys(route.visits, route.shift))
        self._times.pop(route.shift, None)
        self._sure.pop(route.shift, None)

    def grow(self, problem: Problem) -> None:
        """Take in a problem that has one more visit, the last one."""
        self.problem = problem
        self.board.grow(problem)

    def is_sure(self, shift: str) -> bool:
        """Whether the estimates for a shift's route say truly what can be kept: one window a stop, and no breaks."""
        if shift not in self._sure:
            problem = self.problem
            plain = not self.bound and shift not in self.judged and not problem.shift[shift].breaks
            visits = (problem.visit[name] for name in self.routes[shift].visits)
            self._sure[shift] = plain and all(len(visit.windows) < 2 for visit in visits)
        return self._sure[shift]

    @contextmanager
    def instead(self, visit: Visit, *, unbound: bool = False) -> Iterator[None]:
        """For a while a visit as it might be; `unbound` from skills, crews, bars and locks."""
        changed = self.problem if self.is_plain else with_other(self.problem, visit, unbound=unbound)
        with self.supposing(changed), self.board.instead(visit, unbound=unbound):
            yield

    @contextmanager
    def supposing(self, problem: Problem) -> Iterator[None]:
        """For a while `schedule` and `check` are asked of another problem; the board keeps its numbers."""
        whole, self.problem = self.problem, problem
        try:
            yield
        finally:
            self.problem = whole

    @contextmanager
    def instead_of(self, route: Route, other: Route) -> Iterator[None]:
        """For a while another route in the place of a shift's."""
        self.take(other)
        try:
            yield
        finally:
            self.take(route)

    def ranked(
        self, stop: int, *, shift: str | None = None, each: int, most: int, every: bool = True
    ) -> list[Candidate]:
        """The most promising positions of one of the board's stops: at most `each` of a route, `most` in all; not
        `every`: without those where some limit does not hold."""
        only = -1 if shift is None else self.board.shifts[shift]
        shifts = self.problem.shifts
        found = self.board.core.ranked(stop, only, each, most, every)
        return [Candidate(missed, cost, shifts[van].id, position) for missed, cost, van, position in found]

    def trial(self, route: Route) -> Trial:
        """A route in the place of its shift's, exactly."""
        if route.shift in self.judged:
            return self._judged(route)
        board = self.board
        numbers = [board.number[name] for name in route.visits]
        made = self._told(route, board.core.trial(board.shifts[route.shift], numbers))
        if self.bound:
            made = replace(made, misses=(*made.misses, *self._new(self.bonds(route), route)))
        return self._priced(route, made.misses) if self.priced and not made.misses else made

    @property
    def is_plain(self) -> bool:
        """Whether the board knows all rules and goals."""
        return not (self.judged or self.bound or self.priced)

    def nearest(self, visit: str, each: int) -> dict[str, Trial | int]:
        """For each shift that may serve a visit the nearest of its `each` most promising positions; -1 where none is
        allowed, -2 where there is no way to any. Only of problems that the board knows wholly."""
        found: dict[str, Trial | int] = {}
        for van, position, tried in self.board.core.nearest(self.board.number[visit], each):
            route = self.routes[self.problem.shifts[van].id]
            found[route.shift] = self._told(put_in(route, visit, position), tried) if position >= 0 else position
        return found

    def elsewhere(self, visit: str, most: int) -> tuple[str, int, int] | None:
        """(shift, position, what the plan then costs more) of the best other place of a visit that is on a route.

        Only of problems that the board knows wholly, and of visits in no pair."""
        route = self.routes[self.shift_of[visit]]
        index = route.visits.index(visit)
        _, cost, van, position = self.board.core.elsewhere(self.board.shifts[route.shift], index, most)
        return (self.problem.shifts[van].id, position, cost) if position >= 0 else None

    def swaps(self, visits: Sequence[str], worth: Mapping[str, int], each: int) -> dict[str, list[Swap]]:
        """For each of the visits up to `each` cheapest places on routes that leave out one of theirs, by estimate.

        `worth` is what leaving out a visit costs; one that it does not name stays.
        """
        numbers = [self.board.number[name] for name in visits]
        found = self.board.core.swaps(numbers, [worth.get(name, -1) for name in self.board.names], each)
        shifts = [shift.id for shift in self.problem.shifts]
        return {
            name: [Swap(cost, self.routes[shifts[van]].visits[gone], shifts[van], at) for cost, van, gone, at in places]
            for name, places in zip(visits, found, strict=True)
        }

    def _told(self, route: Route, tried: Tried) -> Trial:
        cost, seconds, meters, missed = tried
        misses = []
        for code, which, amount in missed:
            if code == "load":
                misses.append(Miss(f"load:{self.problem.dimensions[which]}", "", amount))
            else:
                misses.append(Miss(code, self.board.names[which] if which >= 0 else "", amount))
        return Trial(route, cost, seconds, meters, tuple(misses))

    def times(self, shift: str) -> RouteTimes:
        """The times of a kept route."""
        if shift not in self._times:
            self._times[shift] = schedule(self.problem, self.routes[shift], self.starts.get(shift))
        return self._times[shift]

    def is_broken(self, shift: str) -> bool:
        """Whether `check` finds something on a shift's route as it is."""
        return bool(self._breaches(self.routes[shift], self.times(shift)))

    def _judged(self, route: Route) -> Trial:
        """By `schedule`, `check` and all goals."""
        times = schedule(self.problem, route, self.starts.get(route.shift))
        misses = self._new([*self._breaches(route, times), *self.bonds(route)], route)
        return self._priced(route, tuple(misses), times)

    def _new(self, found: Iterable[Breach], route: Route) -> list[Miss]:
        """Of the breaches with a route those that its shift's does not have, or not to that amount."""
        breaches = list(found)
        if not breaches:
            return []
        was = self.routes[route.shift]
        known: dict[tuple[str, str], int] = {}
        for each in (*self._breaches(was, self.times(route.shift)), *self.bonds(was)):
            known[_where(each)] = max(each.amount, known.get(_where(each), 0))
        for name in set(route.visits).difference(was.visits):  # what is wrong with one left out excuses none
            known = {where: amount for where, amount in known.items() if where[1] != name}
        return [
            Miss(each.code, each.visit, each.amount) for each in breaches if each.amount > known.get(_where(each), -1)
        ]

    def _priced(self, route: Route, misses: tuple[Miss, ...], times: RouteTimes | None = None) -> Trial:
        """What a route adds, by `schedule` (its times, if known) and all goals."""
        before = self.times(route.shift)
        after = times or schedule(self.problem, route, self.starts.get(route.shift))
        cost = route_cost(self.problem, after) - route_cost(self.problem, before)
        cost += self.between(after) - self.between(before)
        return Trial(route, cost, after.duration - before.duration, after.meters - before.meters, misses)

    def between(self, times: RouteTimes | None = None) -> int:
        """What lies between the routes, with these times of one of them, or of one more."""
        goals, own = self.problem.goals, times.shift if times else None
        if not goals.split_zone and goals.balance is None:
            return 0
        others = [self.times(shift) for shift, route in self.routes.items() if route.visits and shift != own]
        driven = [*others, times] if times and times.stops else others
        return zones_cost(self.problem, driven) + balance_cost(self.problem, driven)

    def _breaches(self, route: Route, times: RouteTimes) -> list[Breach]:
        problem = alone(self.problem, route, self.starts.get(route.shift))
        return check(problem, Plan((route,)), [times]) if route.visits else []

    def bonds(self, route: Route) -> Iterator[Breach]:
        """Breaches of groups and relations with a route in the place of its shift's, or one more."""
        if self.problem.groups or self.problem.relations:
            others = (kept for shift, kept in self.routes.items() if shift != route.shift and kept.visits)
            bound = replace(self.problem, locks=())
            yield from judge_bonds(bound, Plan((*others, route)))


def _where(breach: Breach) -> tuple[str, str]:
    """Which breaches are the same one before and after; too much load is, wherever it is most."""
    return breach.code, "" if breach.code.startswith("load:") else breach.visit


def with_other(problem: Problem, visit: Visit, *, unbound: bool = False) -> Problem:
    """The problem with a visit in the place of the one of that id; `unbound`: without its lock."""
    visits = tuple(visit if each.id == visit.id else each for each in problem.visits)
    locks = tuple(lock for lock in problem.locks if not unbound or lock.visit != visit.id)
    return replace(problem, visits=visits, locks=locks)
