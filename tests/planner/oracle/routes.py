"""Every order in which one shift can serve visits, with what the best of each set of visits costs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from homestretch.planner.problem import NOWHERE, Problem, Relation, Route, Shift, Visit
from tests.planner.oracle.clock import Clock, Timed
from tests.planner.oracle.costs import lower_bound, route_cost

Order = tuple[Visit, ...]
Cuts = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Option:
    """The cheapest route with just these visits (for a balance of minutes, with just so many)."""

    visits: frozenset[str]
    cost: int
    paid: int
    route: Route
    timed: Timed


def options(problem: Problem, shift: Shift) -> list[Option]:
    """The best route for every set of visits that the shift can serve."""
    return list(_Search(problem, shift).run().values())


def option_of(problem: Problem, route: Route) -> Option | None:
    """One given route with its best times, None where no times keep every rule."""
    search = _Search(problem, problem.shift[route.shift])
    return search.follow([problem.visit[name] for name in route.visits], route.reloads)


class _Search:
    def __init__(self, problem: Problem, shift: Shift) -> None:
        self.problem, self.shift = problem, shift
        self.clock = Clock(problem, shift)
        self.able = [visit for visit in problem.visits if self._able(visit)]
        self.by_minutes = problem.goals.balance is not None and problem.goals.balance.of == "minutes"
        self.kept: dict[tuple[frozenset[str], int], Option] = {}
        self.lock = {lock.visit: lock.position for lock in problem.locks if lock.position is not None}
        self.after = {a: b for r in problem.relations if r.kind == "adjacent" for a, b in _steps(r)}
        self.before = {b: a for a, b in self.after.items()}
        self.earlier = {
            name: frozenset(relation.visits[number + 1 :])
            for relation in problem.relations
            if relation.kind == "in_order"
            for number, name in enumerate(relation.visits)
        }
        self.riding = shift.begun.on_board if shift.begun else {}

    def run(self) -> dict[tuple[frozenset[str], int], Option]:
        if self.shift.max_stops != 0:
            self._extend((), (), self.clock.earliest(()) + self.clock.loading, (0, 0))
        return self.kept

    def follow(self, visits: Sequence[Visit], reloads: Cuts) -> Option | None:
        """Just this order."""
        order: Order = ()
        now = self.clock.earliest(()) + self.clock.loading
        limit = self.shift.max_stops
        if any(visit not in self.able for visit in visits) or (limit is not None and len(visits) > limit):
            return None
        if reloads and (self.shift.reload is None or len(reloads) >= (self.shift.max_trips or 99)):
            return None
        for number, visit in enumerate(visits):
            cuts = tuple(cut for cut in reloads if cut < number)
            step = self._step(order, cuts, now, visit, reload=number in reloads)
            if step is None:
                return None
            order, now = (*order, visit), step[0]
        self._close(order, reloads, (0, 0))
        return next(iter(self.kept.values()), None)

    def _able(self, visit: Visit) -> bool:
        held = next((lock.shift for lock in self.problem.locks if lock.visit == visit.id), None)
        return (
            visit.place != NOWHERE
            and held in (None, self.shift.id)
            and self.shift.id not in visit.barred
            and visit.skills <= self.shift.skills
            and visit.crew <= self.shift.crew
        )

    def _extend(self, order: Order, cuts: Cuts, now: int, driven: tuple[int, int]) -> None:
        """Try every next visit; `now` is no later than any way to leave the last one, `driven` no more than the
        seconds of driving, serving and loading, and the meters, so far."""
        if self.shift.max_stops is not None and len(order) >= self.shift.max_stops:
            return
        there = {visit.id for visit in order}
        for visit in self.able:
            if visit.id in there:
                continue
            for reload in (False, True) if order and self._may_reload(cuts) else (False,):
                step = self._step(order, cuts, now, visit, reload=reload)
                if step is None:
                    continue
                leave, seconds, meters = step
                longer = (*order, visit)
                further = (*cuts, len(order)) if reload else cuts
                total = driven[0] + seconds, driven[1] + meters
                self._close(longer, further, total)
                self._extend(longer, further, leave, total)

    def _may_reload(self, cuts: Cuts) -> bool:
        shift = self.shift
        return shift.reload is not None and (shift.max_trips is None or len(cuts) + 1 < shift.max_trips)

    def _step(self, order: Order, cuts: Cuts, now: int, visit: Visit, *, reload: bool) -> tuple[int, int, int] | None:
        """(earliest time to leave the visit, seconds, meters of the way and the work), None where it cannot follow."""
        last = order[-1] if order else None
        if not self._may_follow(order, last, visit, reload=reload):
            return None
        begin = len(order) if reload else (cuts[-1] if cuts else 0)
        if not trip_legal(self.problem, self.shift, (*order[begin:], visit), self.riding):
            return None
        reached = self._way(last, now, visit, reload=reload)
        if reached is None:
            return None
        leave, seconds, meters = reached
        windows = self.clock.windows[visit.id]
        opens = [leave] if windows is None else [max(leave, start) for start, end in windows if leave <= end]
        lasts = self.clock.service[visit.id]
        if not opens or opens[0] + lasts > self.shift.end:
            return None
        return opens[0] + lasts, seconds + lasts, meters

    def _way(self, last: Visit | None, leave: int, visit: Visit, *, reload: bool) -> tuple[int, int, int] | None:
        """(arrival, seconds of driving and loading, meters), through the reload place or directly."""
        first, seconds, meters = last is None, 0, 0
        places = [last.place if last else self.clock.start_place, visit.place]
        if reload and self.shift.reload is not None:
            places.insert(1, self.shift.reload)
        for a, b in pairwise(places):
            given = first and self.clock.begun is not None and self.clock.begun.first_leg is not None
            if not given and not self.clock.is_way(a, b):
                return None
            there = self.clock.arrive(a, b, leave, first=first)
            if not self.clock.slots:
                seconds += there - leave
                meters += self.clock.meters(a, b, leave, first=first)
            leave = there
        if reload:  # loading lies between the ways: where they depend on the hour it is left out, a bound all the same
            seconds += self.shift.loading
            leave += 0 if self.clock.slots else self.shift.loading
        return leave, seconds, meters

    def _may_follow(self, order: Order, last: Visit | None, visit: Visit, *, reload: bool) -> bool:
        names = [other.id for other in order]
        if self.lock.get(visit.id, len(order)) != len(order):
            return False
        if self.earlier and self.earlier.get(visit.id, frozenset()) & set(names):
            return False
        if self.after and last is not None and self.after.get(last.id, visit.id) != visit.id:
            return False
        wanted = self.before.get(visit.id)
        if wanted is not None and (reload or last is None or last.id != wanted):
            return False
        if self.after and reload and last is not None and last.id in self.after:
            return False
        return not any(visit.id in group.visits and set(names) & set(group.visits) for group in self.problem.groups)

    def _close(self, order: Order, cuts: Cuts, driven: tuple[int, int]) -> None:
        """Let the route end here, if it may, and keep it if it is the cheapest of its kind."""
        if not self._may_end(order, cuts):
            return
        home = order[-1].place, self.shift.end_place
        if not self.clock.is_way(*home):
            return
        names = frozenset(visit.id for visit in order)
        known = None if self.by_minutes else self.kept.get((names, 0))
        if known is not None and not self.clock.slots and self._least(driven, home) >= known.cost:
            return
        found = self.clock.best(order, cuts, lambda timed: route_cost(self.problem, self.shift, order, timed))
        if found is None:
            return
        cost, timed = found
        key = names, timed.paid // 60 if self.by_minutes else 0
        if key not in self.kept or cost < self.kept[key].cost:
            route = Route(self.shift.id, tuple(visit.id for visit in order), cuts)
            self.kept[key] = Option(names, cost, timed.paid, route, timed)

    def _least(self, driven: tuple[int, int], home: tuple[int, int]) -> int:
        seconds = driven[0] + self.clock.arrive(*home, 0) + self.clock.loading
        return lower_bound(self.shift, driven[1] + self.clock.meters(*home, 0), seconds)

    def _may_end(self, order: Order, cuts: Cuts) -> bool:
        if order[-1].id in self.after:
            return False
        trips = list(_trips(order, cuts))
        if not all(trip_whole(self.problem, trip) for trip in trips):
            return False
        return all(has_room(self.problem, self.shift, trip, self.riding) for trip in trips)


def _steps(relation: Relation) -> Iterator[tuple[str, str]]:
    return pairwise(relation.visits)


def _trips(order: Order, cuts: Cuts) -> Iterator[Order]:
    edges = [0, *cuts, len(order)]
    for begin, end in pairwise(edges):
        yield order[begin:end]


def trip_whole(problem: Problem, trip: Order) -> bool:
    """Whether no pair has only one of its ends on the trip."""
    names = {visit.id for visit in trip}
    return all((pair.collect in names) == (pair.deliver in names) for pair in problem.pairs)


def trip_legal(problem: Problem, shift: Shift, trip: Order, riding: object) -> bool:
    """What no further visit can mend: order of pairs, too much to deliver, goods that meet, the order of loading."""
    names = [visit.id for visit in trip]
    for pair in problem.pairs:
        if pair.deliver in names and pair.collect not in names[: names.index(pair.deliver)]:
            return False
    for name, most in shift.capacity.items():
        if sum(visit.deliver.get(name, 0) for visit in trip) > most:
            return False
    if shift.backhauls_last and not _backhauls_last(trip):
        return False
    if shift.lifo and not _unloadable(problem, trip):
        return False
    return not problem.incompatible or _compatible(problem, trip)


def has_room(problem: Problem, shift: Shift, trip: Order, riding: object) -> bool:
    """Whether a whole trip never has more on board than fits, looked at stop by stop."""
    assert isinstance(riding, dict)
    names = [visit.id for visit in trip]
    for name, most in shift.capacity.items():
        for stop in range(len(trip) + 1):
            load = riding.get(name, 0)
            load += sum(visit.deliver.get(name, 0) for visit in trip[stop:])
            load += sum(visit.collect.get(name, 0) for visit in trip[:stop])
            for pair in problem.pairs:
                if pair.collect in names and names.index(pair.collect) < stop <= names.index(pair.deliver):
                    load += pair.loads.get(name, 0)
            if load > most:
                return False
    return True


def _backhauls_last(trip: Order) -> bool:
    kinds = ["D" if any(v.deliver.values()) else "C" if any(v.collect.values()) else "" for v in trip]
    return "CD" not in "".join(kinds)


def _unloadable(problem: Problem, trip: Order) -> bool:
    """Each two things on board are nested or apart. Depot goods: on board from before the first stop; collected ones
    until after the last."""
    names = [visit.id for visit in trip]
    spans = []
    for at, visit in enumerate(trip):
        if any(visit.deliver.values()):
            spans.append((-1, at))
        if any(visit.collect.values()):
            spans.append((at, len(trip)))
    for pair in problem.pairs:
        if pair.collect in names:
            end = names.index(pair.deliver) if pair.deliver in names else len(trip)
            spans.append((names.index(pair.collect), end))
    return not any(a < c < b < d for a, b in spans for c, d in spans)


def _compatible(problem: Problem, trip: Order) -> bool:
    """Kinds of goods on board at each stop, and at departure."""
    names = [visit.id for visit in trip]
    for stop in range(-1, len(trip)):
        kinds: set[str] = set()
        for at, visit in enumerate(trip):
            pair = problem.pair_of.get(visit.id)
            rides = pair is not None and pair.collect == visit.id
            until = names.index(pair.deliver) if pair is not None and pair.deliver in names else len(trip)
            if (
                (any(visit.deliver.values()) and stop <= at)
                or (any(visit.collect.values()) and stop >= at)
                or (rides and at <= stop <= until)
            ):
                kinds |= visit.goods
        if any(one in kinds and other in kinds for one, other in problem.incompatible):
            return False
    return True


def served(found: Sequence[Option]) -> set[str]:
    """All visits of several routes."""
    return set().union(*(option.visits for option in found))
