"""A kept index of a running plan, for answers within milliseconds: where would one more visit go, and at what price."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from homestretch.kernel.refusal import Refusal
from homestretch.planner.edit import taken_off
from homestretch.planner.kept.places import Ends, ends_of, is_clean, is_located, ranked, tried
from homestretch.planner.kept.routes import Kept, Trial
from homestretch.planner.live.repair import Repair, Steady, repaired
from homestretch.planner.problem import NOWHERE, Legs, Plan, Problem, Route, Start, Visit, Window

SPARE = 2  # options tried beyond those asked for, since the ranking before is by estimate
TRIALS = 24  # exact trials of one question, at most, beyond the options that were asked for


class LiveError(Refusal):
    """A question that makes no sense: `live.unknown_visit`, `live.on_route`, `live.off_route` or
    `live.unknown_shift`."""


@dataclass(frozen=True, slots=True)
class Option:
    """One place for a visit: position on the shift's route, with `visits` (and `reloads`) the route as it would be.

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
    reloads: tuple[int, ...] = ()

    @property
    def route(self) -> Route:
        """The route as it would be."""
        return Route(self.shift, self.visits, self.reloads)


@dataclass(frozen=True, slots=True)
class Quote:
    """What it costs to serve a visit within a window (None = at any time): the cheapest place, or None."""

    window: Window | None
    option: Option | None


class Live:
    """Routes of a plan, indexed. `starts` has an entry for every shift that is under way; its route then holds only the
    visits that remain. The problem must be sound (`validate`).

    A van between places (`first_leg`) first gets where it drives to: nothing is put before its next stop, nor on its
    way home, for how long another way would take from there is not known.
    """

    def __init__(self, problem: Problem, plan: Plan, starts: Mapping[str, Start] | None = None) -> None:
        self.unassigned = list(plan.unassigned)
        self.kept = Kept(problem, plan.routes, starts)

    @property
    def problem(self) -> Problem:
        """The problem, with all visits that were admitted."""
        return self.kept.problem

    @property
    def plan(self) -> Plan:
        """The routes as they are known now, empty ones left out."""
        routes = tuple(route for route in self.kept.routes.values() if route.visits)
        return Plan(routes, tuple(visit for visit in self.unassigned if visit not in self.shift_of))

    @property
    def shift_of(self) -> Mapping[str, str]:
        """The shift that serves each visit which is on a route."""
        return self.kept.shift_of

    def take(self, routes: Iterable[Route], starts: Mapping[str, Start] | None = None) -> None:
        """Take in routes that have changed (or moved on: `starts`); the others keep their index."""
        changed = list(routes)
        for route in changed:
            self._known(route.shift)
        self.kept.starts.update(starts or {})
        for route in changed:
            self.kept.take(Route(route.shift))
        for route in changed:
            self.kept.take(route)

    def admit(self, visit: Visit, rows: Mapping[str, Legs] | None = None) -> None:
        """Take in a new visit, on no route yet: see `Problem.with_visit`."""
        self.kept.grow(self.problem.with_visit(visit, rows))
        self.unassigned.append(visit.id)

    def insert(self, visit: str, *, limit: int = 5, late_ok: bool = False) -> list[Option]:
        """Up to `limit` places for a visit that is on no route, best first; each is timed exactly.

        All rules are kept that the route keeps now. With `late_ok` places that make stops late are offered too, after
        those that do not. A visit whose pair is on no route either takes it along. Raises `LiveError`.
        """
        ends = self._asked(visit)
        if not is_located(self.problem, ends):
            return []
        found: list[Option] = []
        for place in ranked(self.kept, ends, most=TRIALS + limit, every=False):
            if place.missed and not late_ok and self.kept.is_sure(place.shift):
                continue
            made = [each for each in tried(self.kept, ends, place) if is_clean(each, late_ok=late_ok)]
            found += sorted((_option(visit, each) for each in made), key=_rank)[:1]
            if len(found) >= limit + SPARE:
                break
        return sorted(found, key=_rank)[:limit]

    def quote(self, visit: str, windows: Sequence[Window] = ()) -> list[Quote]:
        """The cheapest place that makes nothing late, for each window by itself: those given, else the visit's own."""
        self._asked(visit)
        asked = self.problem.visit[visit]
        quotes = []
        for window in windows or asked.windows or (None,):
            option = None
            if asked.place != NOWHERE:
                with self.kept.instead(replace(asked, windows=(window,) if window else ())):
                    option = next(iter(self.insert(visit, limit=1)), None)
            quotes.append(Quote(window, option))
        return quotes

    def repair(
        self, visits: Sequence[str] | None = None, shifts: Sequence[str] = (), steady: Steady | None = None
    ) -> Repair:
        """Visits that are on no route put in (None: all), and the nearest routes, and those of the named shifts (which
        lost a visit, or are late), searched again at a price per change. Nothing is changed until it is accepted.

        No rule is broken that is kept now, and nothing is taken off a route. Raises `LiveError`.
        """
        asked = [visit for visit in self.unassigned if visit not in self.shift_of] if visits is None else visits
        for visit in asked:
            self._asked(visit)
        for shift in shifts:
            self._known(shift)
        return repaired(self.kept, asked, shifts, steady or Steady())

    def accept(self, offer: Option | Repair) -> None:
        """Make the routes of an option or of a repair those of their shifts."""
        self.take([offer.route] if isinstance(offer, Option) else offer.routes)

    def cancel(self, visit: str) -> None:
        """Take a visit off its route, and its pair with it; they stay known, on no route. Raises `LiveError`."""
        if visit not in self.shift_of:
            raise LiveError("live.off_route", f"Visit {visit} is on no route.", remedy="Name a visit of a route.")
        route, pair = self.kept.routes[self.shift_of[visit]], self.problem.pair_of.get(visit)
        for end in (pair.collect, pair.deliver) if pair else (visit,):
            if end in route.visits:
                route = taken_off(route, end)
                self.unassigned += [end] if end not in self.unassigned else []
        self.take([route])

    def _known(self, shift: str) -> None:
        if shift not in self.problem.shift:
            raise LiveError("live.unknown_shift", f"There is no shift {shift}.", remedy="Name a shift of the problem.")

    def _asked(self, visit: str) -> Ends:
        if visit not in self.problem.visit:
            raise LiveError("live.unknown_visit", f"There is no visit {visit}.", remedy="Name a visit of the problem.")
        if visit in self.shift_of:
            cause = f"Visit {visit} is on shift {self.shift_of[visit]} already."
            raise LiveError("live.on_route", cause, remedy="Take it off its route first.")
        return ends_of(self.problem, visit, self.shift_of)


def _option(visit: str, made: Trial) -> Option:
    return Option(
        shift=made.route.shift,
        position=made.route.visits.index(visit),
        cost=made.cost,
        seconds=made.seconds,
        meters=made.meters,
        late=tuple((miss.visit, miss.amount) for miss in made.misses),
        visits=made.route.visits,
        reloads=made.route.reloads,
    )


def _rank(option: Option) -> tuple[int, int, str, int]:
    return sum(seconds for _, seconds in option.late), option.cost, option.shift, option.position
