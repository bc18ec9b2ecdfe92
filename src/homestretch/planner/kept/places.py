"""Places for a visit on kept routes: ranked by the board, tried exactly. Of an open pair both ends go in."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from homestretch.planner.edit import put_in
from homestretch.planner.kept.routes import Candidate, Kept, Trial
from homestretch.planner.problem import NOWHERE, Pair, Problem
from homestretch.planner.terms import may_serve

PER_ROUTE = 8  # positions of one route that are worth ranking against other routes'
LATENESS = frozenset({"time_window", "shift_end"})


@dataclass(frozen=True, slots=True)
class Ends:
    """What goes in for a visit: `first`, and with it `other`, the delivering end of an open pair. `bound` is the shift
    that the visit's pair rides on already."""

    first: str
    other: str | None
    bound: str | None


def ends_of(problem: Problem, visit: str, on_routes: Mapping[str, str]) -> Ends:
    """What must go in for a visit that is on no route."""
    pair = problem.pair_of.get(visit)
    if pair is None:
        return Ends(visit, None, None)
    if is_open(pair, on_routes):
        return Ends(pair.collect, pair.deliver, None)
    return Ends(visit, None, on_routes.get(pair.deliver if pair.collect == visit else pair.collect))


def is_open(pair: Pair, on_routes: Mapping[str, str]) -> bool:
    """Whether neither end is on a route."""
    return pair.collect not in on_routes and pair.deliver not in on_routes


def is_located(problem: Problem, ends: Ends) -> bool:
    """Whether what goes in has places to go to."""
    return all(problem.visit[end].place != NOWHERE for end in (ends.first, ends.other) if end)


def ranked(
    kept: Kept, ends: Ends, *, shift: str | None = None, each: int = PER_ROUTE, most: int, every: bool = True
) -> list[Candidate]:
    """Positions for the first end, the most promising first."""
    stop = kept.board.number[ends.first]
    found = kept.ranked(stop, shift=shift or ends.bound, each=each, most=most, every=every)
    if ends.other is not None:
        other, problem = kept.problem.visit[ends.other], kept.problem
        found = [place for place in found if may_serve(problem, problem.shift[place.shift], other)]
    return found


def tried(kept: Kept, ends: Ends, place: Candidate, most: int = PER_ROUTE) -> Iterator[Trial]:
    """The route with the visit there; with the other end of its pair at up to `most` positions behind it."""
    route = kept.routes[place.shift]
    with_first = put_in(route, ends.first, place.position)
    if ends.other is None:
        yield kept.trial(with_first)
        return
    number = kept.board.number[ends.other]
    kept.board.set_route(with_first, kept.starts.get(place.shift))
    behind = kept.ranked(number, shift=place.shift, each=most, most=most)
    kept.board.set_route(route, kept.starts.get(place.shift))
    for position in dict.fromkeys([*(each.position for each in behind), place.position + 1]):
        yield kept.trial(put_in(with_first, ends.other, position))


def is_clean(made: Trial, *, late_ok: bool = False) -> bool:
    """Nothing is missed, or only lateness where that may be."""
    return all(late_ok and miss.code in LATENESS for miss in made.misses)
