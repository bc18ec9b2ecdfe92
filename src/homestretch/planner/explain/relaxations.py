"""What would let an unassigned visit in: the least of each rule that has to be given up, found on the kept routes.

Nothing is searched for: the nearest misses by shift say which rules stand in the way and by how much, and each way out
is priced by the board and then judged by `check` on the relaxed problem of its route.
"""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace

from homestretch.planner.check import check
from homestretch.planner.cost import route_cost
from homestretch.planner.edit import alone, put_in, taken_off
from homestretch.planner.explain.reasons import Found
from homestretch.planner.explain.relaxing import LIMITS, WINDOWS, Relaxation, another, relaxed
from homestretch.planner.explain.words import given_up_words
from homestretch.planner.kept.places import ends_of, is_clean, ranked, tried
from homestretch.planner.kept.routes import Kept, Swap, Trial
from homestretch.planner.problem import Plan, Problem, Route, Shift, Visit
from homestretch.planner.schedule import schedule

DEAR = 2**40  # minor units that stand for leaving out a required visit, when swaps are ranked
LISTED = 4  # ways out that are told of a visit
QUARTER = 900
STEPS = (QUARTER, 2 * QUARTER, 4 * QUARTER, 8 * QUARTER)  # by which its own windows are widened, in turn
SWAPS = 2  # visits that are tried to be left out for it
PLACES = 3  # positions of a route that are tried for it
BONDS = frozenset({"group", "together", "in_order", "adjacent"})
TIMES = frozenset({"time_window", "shift_end", "max_duration", "break"})
GIVEN_UP = {
    "time_window": "window_later",
    "shift_end": "overtime",
    "max_duration": "duration",
    "max_drive": "drive",
    "max_distance": "distance",
    "max_stops": "stops",
}
ROUNDED = {"window_later": QUARTER, "overtime": QUARTER, "duration": QUARTER, "drive": QUARTER, "distance": 1000}
GRANTED = {"overtime": "close", **LIMITS}
UNABLE = {"skill": "skill", "crew": "crew", "barred": "barred", "locked_elsewhere": "lock", "lock_window": "lock"}


@dataclass(frozen=True, slots=True)
class _Way:
    """A way out that is not judged yet: the rule given up, and the route as it would be."""

    given_up: Relaxation
    route: Route


def swaps_of(kept: Kept, visits: Sequence[Visit]) -> dict[str, list[Swap]]:
    """For each of the visits the routes that leave out one of theirs for it, the cheapest first."""
    worth = {name: _worth(kept.problem, name) for name in kept.shift_of}
    alone = [visit.id for visit in visits if visit.id not in kept.problem.pair_of and visit.id in kept.board.number]
    free = {name: price for name, price in worth.items() if price is not None}
    return kept.swaps(alone, free, SWAPS)


def _worth(problem: Problem, name: str) -> int | None:
    """What leaving out a visit costs; None where it is bound to others or to its place."""
    if name in problem.pair_of or name in problem.lock_of or name in problem.group_of:
        return None
    visit = problem.visit[name]
    return DEAR * (1 + visit.priority) if visit.prize is None else visit.prize


def ways_in(kept: Kept, visit: Visit, found: Found, swaps: Sequence[Swap]) -> list[Relaxation]:
    """The least ways to let a visit in, the cheapest first; none for one that fits as it is, or has no place."""
    fits = any(not made.misses for made in found.nearest.values())
    if fits or not (found.nearest or found.barred):
        return []
    ways = [*_nearly(kept, visit, found), *_able(kept, visit, found)]
    if any(all(miss.code in TIMES for miss in made.misses) for made in found.nearest.values()):
        ways += _widened(kept, visit)
    ways += [*_vans(kept, visit), *_instead(kept, visit, swaps)]
    listed: list[Relaxation] = []
    for way in sorted(ways, key=lambda way: (way.given_up.required, way.given_up.cost, way.given_up.amount)):
        if len(listed) < LISTED and not any(_same(way.given_up, other) for other in listed):
            listed += [way.given_up] if _holds(kept, visit, way) else []
    return listed


def _same(one: Relaxation, other: Relaxation) -> bool:
    return one.code == other.code and (one.code != "window_later" or one.visit == other.visit)


def _nearly(kept: Kept, visit: Visit, found: Found) -> Iterator[_Way]:
    """Of what one rule alone keeps out, rule by rule the least miss."""
    least: dict[tuple[str, str], tuple[int, int, Trial]] = {}
    for made in found.nearest.values():
        if len(made.misses) == 1:
            miss = made.misses[0]
            code = GIVEN_UP.get(miss.code, miss.code)
            step = ROUNDED.get(code, 1)
            key = code, miss.visit if code == "window_later" else ""
            rival = -(-miss.amount // step) * step, made.cost, made
            if (code in GRANTED or code == "window_later" or code.startswith("load:")) and (
                key not in least or rival[:2] < least[key][:2]
            ):
                least[key] = rival
    for (code, whose), (amount, _, made) in least.items():
        yield from _way(kept, visit, Relaxation(code, made.route.shift, whose, amount, 0, 0, ""), made.route)


def _way(kept: Kept, visit: Visit, asked: Relaxation, route: Route) -> Iterator[_Way]:
    """The way with its price and words, if giving up the rule is enough."""
    with _given_up(kept, visit, asked):
        made = kept.trial(route)
    if not made.misses:
        told = replace(asked, position=route.visits.index(visit.id), cost=made.cost)
        yield _Way(replace(told, text=given_up_words(kept.problem, visit, told)), route)


@contextmanager
def _given_up(kept: Kept, visit: Visit, asked: Relaxation) -> Iterator[None]:
    """For a while the kept routes without the rule."""
    changed = WINDOWS[asked.code](kept.problem.visit[asked.visit], asked.amount) if asked.code in WINDOWS else None
    with ExitStack() as stack:
        if not kept.is_plain:
            stack.enter_context(kept.supposing(relaxed(kept.problem, visit.id, asked)))
        if changed is not None:
            stack.enter_context(kept.instead(changed))
        elif asked.code in UNABLE.values():
            stack.enter_context(kept.instead(visit, unbound=True))
        elif asked.code.startswith("load:"):
            capacity = [asked.amount * (asked.code == f"load:{name}") for name in kept.problem.dimensions]
            stack.enter_context(kept.board.granted(capacity=capacity))
        else:
            stack.enter_context(kept.board.granted(**{GRANTED[asked.code]: asked.amount}))
        yield


def _widened(kept: Kept, visit: Visit) -> Iterator[_Way]:
    """By how many quarters of an hour its own windows would have to end later, or begin sooner."""
    for code in WINDOWS if visit.windows else ():
        for step in STEPS:
            route = _clean_route(kept, WINDOWS[code](visit, step))
            if route is not None:
                yield from _way(kept, visit, Relaxation(code, route.shift, visit.id, step, 0, 0, ""), route)
                break


def _clean_route(kept: Kept, visit: Visit, *, unbound: bool = False, shifts: Sequence[str] = ()) -> Route | None:
    """The cheapest of the promising routes with a visit as it might be (on one of the shifts, if some are named)."""
    with kept.instead(visit, unbound=unbound):
        ends = ends_of(kept.problem, visit.id, kept.shift_of)
        most = PLACES * len(kept.problem.shifts) if shifts else PLACES
        places = ranked(kept, ends, each=PLACES, most=most, every=False)
        hopeful = [place for place in places if not shifts or place.shift in shifts]
        made = [
            each
            for place in hopeful[:PLACES]
            if not (place.missed and kept.is_sure(place.shift))
            for each in tried(kept, ends, place, PLACES)
            if is_clean(each)
        ]
    return min(made, key=lambda each: each.cost).route if made else None


def _able(kept: Kept, visit: Visit, found: Found) -> Iterator[_Way]:
    """A shift that may not serve it, if it might: for want of skills, of a crew, for a bar or a lock."""
    by_code: dict[str, list[str]] = {}
    for shift, barred in found.barred.items():
        codes = {UNABLE.get(miss.code, "") for miss in barred}
        if len(codes) == 1:
            by_code.setdefault(codes.pop(), []).append(shift)
    for code, shifts in by_code.items():
        route = _clean_route(kept, visit, unbound=True, shifts=shifts) if code else None
        if route is not None:
            yield from _way(kept, visit, Relaxation(code, route.shift, visit.id, 0, 0, 0, ""), route)


def _vans(kept: Kept, visit: Visit) -> Iterator[_Way]:
    """One more van, of each kind that there is."""
    pair = kept.problem.pair_of.get(visit.id)
    stops = (pair.collect, pair.deliver) if pair else (visit.id,)
    if any(stop in kept.shift_of or stop not in kept.board.number for stop in stops):
        return
    for shift in kept.kinds:
        van = another(shift)
        route = Route(van.id, stops)
        small = _with_shift(kept.problem, van, route)
        times = schedule(small, route)
        cost = route_cost(small, times) + kept.between(times) - kept.between()
        if kept.bound and {each.code for each in kept.bonds(route)} & BONDS:
            continue
        told = Relaxation("van", shift.id, "", 1, stops.index(visit.id), cost, "")
        yield _Way(replace(told, text=given_up_words(kept.problem, visit, told)), route)


def _with_shift(problem: Problem, shift: Shift, route: Route) -> Problem:
    """The problem of one route of a shift that the problem does not have."""
    bare = alone(problem, Route(problem.shifts[0].id, route.visits))
    return replace(bare, shifts=(shift,), goals=problem.goals)


def _instead(kept: Kept, visit: Visit, swaps: Sequence[Swap]) -> Iterator[_Way]:
    """Another visit left out for it."""
    for swap in swaps:
        other = kept.problem.visit[swap.gone]
        route = put_in(taken_off(kept.routes[swap.shift], swap.gone), visit.id, swap.position)
        made = kept.trial(route)
        if not made.misses:
            lost = other.prize is None
            cost = made.cost + (other.prize or 0)
            told = Relaxation("without", swap.shift, other.id, 0, swap.position, cost, "", lost)
            yield _Way(replace(told, text=given_up_words(kept.problem, visit, told)), route)


def _holds(kept: Kept, visit: Visit, way: _Way) -> bool:
    """Whether `check` finds nothing on the route in the relaxed problem, but what it finds on it now."""
    given_up, route = way.given_up, way.route
    if given_up.code == "van":
        small = _with_shift(kept.problem, another(kept.problem.shift[given_up.shift]), route)
        return not check(small, Plan((route,)))
    start = kept.starts.get(route.shift)
    breaches = check(relaxed(alone(kept.problem, route, start), visit.id, given_up), Plan((route,)))
    if not breaches:
        return True
    was = kept.routes[route.shift]
    known = {(each.code, each.visit) for each in check(alone(kept.problem, was, start), Plan((was,)))}
    return all((each.code, each.visit) in known and each.visit != visit.id for each in breaches)
