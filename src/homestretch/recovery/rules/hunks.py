"""The parts of a proposal: what can be taken alone, what each needs, what each does.

A hunk moves visits from one route (or none) to another, or puts the visits that stay on a route in another order. All
hunks together make the proposed routes; a set of hunks with all that they need makes routes that breach nothing. That
holds because less on a route never breaches more: so of each route only four cases are looked at, not all sets.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

Routes = Mapping[str, Sequence[str]]
Fits = Callable[[str, Sequence[str]], bool]


@dataclass(frozen=True, slots=True)
class Part:
    """A hunk: `visits` go from `source` ("": no route that goes on) to `to`; with `reorder` the staying visits of
    `to` are put in their new order. `needs`: numbers of hunks without which it does not fit."""

    number: int
    source: str
    to: str
    visits: tuple[str, ...] = ()
    needs: tuple[int, ...] = ()

    @property
    def reorder(self) -> bool:
        """Whether nothing changes its route by it."""
        return not self.visits


def parts_of(before: Routes, after: Routes, fits: Fits) -> list[Part]:
    """The hunks from one state to another. `fits` says whether a route may have these visits in this order."""
    home = {visit: route for route, visits in before.items() for visit in visits}
    moved: dict[tuple[str, str], list[str]] = {}
    for route, visits in after.items():
        for visit in visits:
            if home.get(visit, "") != route:
                moved.setdefault((_source(visit, home), route), []).append(visit)
    made = [Part(0, source, to, tuple(visits)) for (source, to), visits in moved.items()]
    made += [Part(0, route, route) for route in after if _turned(before.get(route, ()), after[route])]
    parts = [replace(part, number=number) for number, part in enumerate(made, start=1)]
    needs: dict[int, set[int]] = {part.number: set() for part in parts}
    for route in after:
        for number, wanted in _needs_on(route, parts, before, after, fits).items():
            needs[number] |= wanted
    return [replace(part, needs=tuple(sorted(needs[part.number]))) for part in parts]


def _source(visit: str, home: Mapping[str, str]) -> str:
    """The route that a visit leaves; a halt to take goods over goes with the visit that it is for."""
    return home.get(visit.removeprefix("m:"), "")


def _turned(was: Sequence[str], now: Sequence[str]) -> bool:
    """Whether what stays on a route stands in another order."""
    stays = set(was) & set(now)
    return [visit for visit in was if visit in stays] != [visit for visit in now if visit in stays]


def _needs_on(route: str, parts: Sequence[Part], before: Routes, after: Routes, fits: Fits) -> dict[int, set[int]]:
    """What the hunks that touch a route need of each other there."""
    ins = [part for part in parts if part.to == route and not part.reorder]
    outs = [part for part in parts if part.source == route and not part.reorder]
    turns = [part for part in parts if part.reorder and part.to == route]

    def able(*chosen: Sequence[Part]) -> bool:
        return fits(route, applied(before, after, [part for some in chosen for part in some])[route])

    needed: dict[int, set[int]] = {}
    if ins and not able(ins):
        ways = ((outs,), (turns,), (outs, turns))
        way = next((way for way in ways if any(way) and able(ins, *way)), (outs, turns))
        helping = {part.number for some in way for part in some}
        needed |= {part.number: helping for part in ins}
    if turns and outs and not able(ins, turns):
        needed |= {part.number: {out.number for out in outs} for part in turns}
    elif turns and not able(turns):
        needed |= {part.number: {part.number for part in outs} for part in turns}
    return needed


def applied(before: Routes, after: Routes, parts: Iterable[Part]) -> dict[str, list[str]]:
    """The routes with some of the hunks: of all of them, `after`. A visit that comes in stands behind the one that it
    stands behind in `after`, or the nearest before that one that is there."""
    chosen = list(parts)
    moving = {visit: part.to for part in chosen for visit in part.visits}
    turned = {part.to for part in chosen if part.reorder}
    routes = {}
    for route in {**before, **after}:
        own = [visit for visit in before.get(route, ()) if moving.get(visit, route) == route]
        new = {visit for visit, to in moving.items() if to == route}
        wanted = after.get(route, ())
        if route in turned:
            turned_own = [visit for visit in wanted if visit in new or visit in own]
            routes[route] = _woven(turned_own, set(own) - set(turned_own), before.get(route, ()))
        else:
            routes[route] = _woven(own, new, wanted)
    return routes


def _woven(kept: Sequence[str], new: Collection[str], wanted: Sequence[str]) -> list[str]:
    """Visits put among others, each behind the nearest that is before it in `wanted`."""
    route = list(kept)
    behind = -1
    for visit in wanted:
        if visit in new and visit not in route:
            behind += 1
            route.insert(behind, visit)
        elif visit in route:
            behind = max(behind, route.index(visit))
    return route


def closed(chosen: Collection[int], parts: Iterable[Part]) -> set[int]:
    """The chosen hunks with all that they need."""
    needs = {part.number: part.needs for part in parts}
    found, waiting = set[int](), list(chosen)
    while waiting:
        number = waiting.pop()
        if number not in found:
            found.add(number)
            waiting += needs.get(number, ())
    return found
