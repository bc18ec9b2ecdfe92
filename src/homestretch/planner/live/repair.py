"""A running plan mended where something has changed: the nearest routes are searched again, at a price per change.

First each visit goes where it costs least; then the core searches a problem of the nearest routes alone, from there, at
a low temperature, for some hundred steps. What it finds is offered only if `schedule` and `check` find nothing wrong.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cache, partial

import numpy as np
import numpy.typing as npt

from homestretch.kernel.refusal import Refusal
from homestretch.planner import _search
from homestretch.planner.check import check
from homestretch.planner.cost import plan_cost
from homestretch.planner.edit import alone
from homestretch.planner.goals import groups_cost, stability_cost
from homestretch.planner.kept.places import ends_of, is_clean, is_located, ranked, tried
from homestretch.planner.kept.routes import Kept
from homestretch.planner.problem import (
    NOWHERE,
    Globe,
    Goals,
    Lock,
    Matrix,
    Plan,
    Plane,
    Problem,
    Profile,
    Route,
    Shift,
    Slots,
    Stability,
    Start,
    Travel,
    Visit,
)
from homestretch.planner.schedule import schedule
from homestretch.planner.search.model import Model
from homestretch.planner.terms import refuse_unsupported, without_past
from homestretch.planner.times import RouteTimes

VISIT = tuple(each.name for each in fields(Visit))

Timed = Callable[[Route], RouteTimes]

COOL = 0.1  # typical legs: the temperature at which a search begins that is to stay near where it begins
WORK = 6_000  # steps times visits of a search, so that all take about as long
LEAST_STEPS = 30
MOST_VISITS = 250  # on the routes that are searched, where more than two are
PLACES = 6  # places that are tried for a visit before the search


@dataclass(frozen=True, slots=True)
class Steady:
    """What changes cost, and how hard is looked. Prices in minor units: for each visit that changes its shift
    (`per_changed`), its place in the order (`per_moved`), or its time, by the minute (`per_minute`).

    `routes` are searched at most, for `steps` steps (None: some 50 ms), by `seed`; `most_changed` visits
    at most change their shift (None: one in 200, at least one). Where more would, nothing is done but to put visits in.
    """

    per_changed: int = 1000
    per_moved: int = 100
    per_minute: int = 0
    routes: int = 3
    steps: int | None = None
    seed: int = 1
    most_changed: int | None = None


@dataclass(frozen=True, slots=True)
class Repair:
    """What is offered: `routes` in the place of those of their shifts. `cost` is what the plan then costs more (or
    less: negative), prices of change left aside. `placed` are the visits put in, `changed` those that leave a shift."""

    routes: tuple[Route, ...]
    cost: int
    placed: tuple[str, ...]
    changed: tuple[str, ...]


def repaired(kept: Kept, visits: Sequence[str], shifts: Sequence[str], steady: Steady) -> Repair:
    """The best that is found for visits on no route, and around them and the routes of the named shifts."""
    before, asked = dict(kept.routes), _whole(kept, visits)
    inserted = _inserted(kept, asked)
    chosen = _nearest(kept, asked, shifts, steady.routes)
    stability = _stability(kept, before, chosen, steady)
    try:
        found = _searched(kept, part(kept, chosen, asked, stability), before, steady)
    except Refusal:  # the search does not know a rule of these routes
        found = {}
    for shift in inserted:
        kept.take(before[shift])
    offers = [_offer(kept, before, made) for made in (found, inserted, {})]
    timed = cache(lambda route: schedule(kept.problem, route, kept.starts.get(route.shift)))
    best_first = sorted(offers, key=partial(_rank, kept, stability, timed))
    return next(offer for offer in best_first if _may_be(kept, offer, steady, timed))


def _whole(kept: Kept, visits: Iterable[str]) -> list[str]:
    """Visits that are on no route, with the other ends of their pairs."""
    asked: dict[str, None] = {}
    for name in visits:
        pair = kept.problem.pair_of.get(name)
        asked |= dict.fromkeys((pair.collect, pair.deliver) if pair else (name,))
    return [name for name in asked if name not in kept.shift_of]


def _inserted(kept: Kept, visits: Iterable[str]) -> dict[str, Route]:
    """The visits put in one by one, each where it costs least; `kept` has the routes then."""
    made: dict[str, Route] = {}
    for visit in visits:
        ends = ends_of(kept.problem, visit, kept.shift_of)
        if visit in kept.shift_of or not is_located(kept.problem, ends):
            continue  # the other end of a pair has taken it along
        places = ranked(kept, ends, most=PLACES, every=False)
        trials = [each for place in places for each in tried(kept, ends, place, PLACES) if is_clean(each)]
        if trials:
            route = min(trials, key=lambda each: (each.cost, each.route.shift)).route
            made[route.shift] = route
            kept.take(route)
    return made


def _nearest(kept: Kept, visits: Iterable[str], shifts: Sequence[str], most: int) -> list[str]:
    """Shifts that are named, that the visits went to, and that they would have gone to next."""
    chosen = dict.fromkeys([*shifts, *(kept.shift_of[visit] for visit in visits if visit in kept.shift_of)])
    waiting = [kept.ranked(kept.board.number[v], each=1, most=most) for v in visits if v in kept.board.number]
    for rank in range(most):
        chosen |= dict.fromkeys(places[rank].shift for places in waiting if rank < len(places))
    for shift in shifts:
        chosen |= dict.fromkeys(_beside(kept, shift, most))
    must = {*shifts, *(kept.shift_of[visit] for visit in visits if visit in kept.shift_of)}
    few = list(chosen)[: max(most, len(must))]
    while len(few) > max(2, len(must)) and sum(len(kept.routes[shift].visits) for shift in few) > MOST_VISITS:
        few.pop()
    return few


def _beside(kept: Kept, shift: str, most: int) -> list[str]:
    """The shifts that a route's visits would go to next."""
    votes: dict[str, int] = {}
    for visit in kept.routes[shift].visits:
        for place in kept.ranked(kept.board.number[visit], each=1, most=2, every=False):
            votes[place.shift] = votes.get(place.shift, 0) + 1
    return sorted((name for name in votes if name != shift), key=lambda name: -votes[name])[:most]


def _searched(kept: Kept, problem: Problem, before: Mapping[str, Route], steady: Steady) -> dict[str, Route]:
    refuse_unsupported(problem)
    model, tuning = Model(without_past(problem)), _search.Tuning()
    if not model.served:
        return {}
    tuning.hot = min(tuning.hot, COOL)
    tuning.cold = min(tuning.cold, tuning.hot)
    search = _search.Search(model.core, steady.seed, tuning)
    search.begin(model.start(Plan(tuple(kept.routes[shift] for shift in problem.shift))))
    search.cool(steady.steps or max(LEAST_STEPS, WORK // len(problem.visits)), 0.0, 1.0)
    plan = model.plan(search.best())
    return {shift: plan.route_of(shift) for shift in problem.shift if plan.route_of(shift) != before[shift]}


def _stability(kept: Kept, before: Mapping[str, Route], shifts: Iterable[str], steady: Steady) -> Stability:
    routes = tuple(before[shift] for shift in shifts)
    starts: dict[str, int] = {}
    for route in routes if steady.per_minute else ():
        times = schedule(kept.problem, route, kept.starts.get(route.shift))
        starts |= {stop.visit: stop.start for stop in times.stops}
    return Stability(Plan(routes), starts, steady.per_moved, steady.per_changed, steady.per_minute)


def part(kept: Kept, shifts: Sequence[str], visits: Iterable[str], stability: Stability) -> Problem:
    """The problem of some shifts, with the visits on their routes and others that are on none."""
    problem = kept.problem
    names = [name for shift in shifts for name in kept.routes[shift].visits]
    locks = problem.lock_of
    free = (name for name in visits if name not in kept.shift_of and problem.visit[name].place != NOWHERE)
    names += [name for name in free if name not in locks or locks[name].shift in (None, *shifts)]
    known, vans = set(names), [_at(kept.problem.shift[name], kept.starts.get(name)) for name in shifts]
    places = sorted({problem.visit[name].place for name in names} | {place for van in vans for place in _places(van)})
    row = {place: number for number, place in enumerate(places)}
    return Problem(
        visits=tuple(_elsewhere(problem.visit[name], row) for name in names),
        shifts=tuple(_moved(van, row) for van in vans),
        travel=_travel(problem.travel, {van.profile for van in vans}, places),
        goals=replace(problem.goals, balance=None, stability=stability),
        pairs=tuple(pair for pair in problem.pairs if pair.collect in known and pair.deliver in known),
        locks=(*(lock for lock in problem.locks if lock.visit in known), *_on_their_way(kept, vans)),
        epoch=problem.epoch,
        dimensions=problem.dimensions,
        groups=tuple(group for group in problem.groups if known.intersection(group.visits)),
        incompatible=problem.incompatible,
        relations=tuple(relation for relation in problem.relations if known.intersection(relation.visits)),
    )


def _elsewhere(visit: Visit, row: Mapping[int, int]) -> Visit:
    """The visit at a place of other matrices; what is a visit already needs no second look."""
    made = object.__new__(Visit)
    for name in VISIT:
        object.__setattr__(made, name, getattr(visit, name))
    object.__setattr__(made, "place", row[visit.place])
    return made


def _on_their_way(kept: Kept, vans: Iterable[Shift]) -> Iterator[Lock]:
    """Stops that vans between places drive to: their first leg leads nowhere else."""
    for van in vans:
        stops = kept.routes[van.id].visits
        if van.begun and van.begun.first_leg and stops and stops[0] not in kept.problem.lock_of:
            yield Lock(stops[0], van.id, 0)


def _at(shift: Shift, start: Start | None) -> Shift:
    return replace(shift, begun=start) if start else shift


def _places(shift: Shift) -> Iterator[int]:
    yield from (shift.start_place, shift.end_place)
    begun = shift.begun.place if shift.begun else None
    yield from (place for place in (shift.reload, begun) if place is not None)


def _moved(shift: Shift, row: Mapping[int, int]) -> Shift:
    begun = shift.begun
    if begun is not None and begun.place is not None:
        begun = replace(begun, place=row[begun.place])
    reload = None if shift.reload is None else row[shift.reload]
    return replace(
        shift, start_place=row[shift.start_place], end_place=row[shift.end_place], reload=reload, begun=begun
    )


def _travel(travel: Travel, profiles: Iterable[str], places: Sequence[int]) -> Travel:
    """The travel between some places alone."""
    cells = np.ix_(places, places)
    made: dict[str, Profile] = {}
    for name in profiles:
        profile = travel.profiles[name]
        if isinstance(profile, Slots):
            made[name] = Slots(profile.starts, tuple(_cut(matrix, cells) for matrix in profile.matrices))
        else:
            made[name] = _cut(profile, cells)
    return Travel(made)


def _cut(matrix: Matrix | Plane | Globe, cells: tuple[npt.NDArray[np.intp], ...]) -> Matrix:
    return Matrix(matrix.durations[cells], matrix.distances[cells], matrix.rung)


def _offer(kept: Kept, before: Mapping[str, Route], made: Mapping[str, Route]) -> Repair:
    was = {visit: route.shift for route in before.values() for visit in route.visits}
    now = {visit: route.shift for route in made.values() for visit in route.visits}
    if kept.is_plain:
        cost = sum(kept.trial(route).cost for route in made.values())
    else:
        after, now_is = Plan(tuple({**before, **made}.values())), Plan(tuple(before.values()))
        cost = plan_cost(kept.problem, after) - plan_cost(kept.problem, now_is)
        cost -= groups_cost(kept.problem, after) - groups_cost(kept.problem, now_is)
    placed = tuple(visit for visit in now if visit not in was)
    changed = tuple(visit for visit, shift in now.items() if was.get(visit, shift) != shift)
    return Repair(tuple(made.values()), cost, placed, changed)


def _may_be(kept: Kept, offer: Repair, steady: Steady, timed: Timed) -> bool:
    """Whether few enough change their shift, nobody is lost, and `schedule` and `check` find nothing wrong."""
    most = max(1, len(kept.shift_of) // 200) if steady.most_changed is None else steady.most_changed
    lost = {visit for route in offer.routes for visit in kept.routes[route.shift].visits}
    lost -= {visit for route in offer.routes for visit in route.visits}
    return not lost and len(offer.changed) <= most and all(_is_sound(kept, route, timed) for route in offer.routes)


def _is_sound(kept: Kept, route: Route, timed: Timed) -> bool:
    small = alone(kept.problem, route, kept.starts.get(route.shift))
    breaches = check(small, Plan((route,)), [timed(route)]) if route.visits else []
    return is_clean(kept.trial(route)) and (not breaches or kept.is_broken(route.shift))


def _rank(kept: Kept, stability: Stability, timed: Timed, offer: Repair) -> tuple[int, int]:
    """Most visits placed first, then the least cost with the prices of change."""
    priced = Problem((), (), kept.problem.travel, Goals(stability=stability))
    return -len(offer.placed), offer.cost + sum(stability_cost(priced, timed(route)) for route in offer.routes)
