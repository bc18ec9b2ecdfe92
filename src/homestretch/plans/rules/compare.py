"""What lies between two states of a plan, as a dispatcher would say it: visits that moved, came on or came off."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from homestretch.plans.rules.draft import Routes

Place = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Hunk:
    """Visits that went the same way together. `kind`: moved (to another shift), reordered (within its route), added (it
    was on none), left_out. `before`, `after`: shift and position (0 is first) of the first of them."""

    kind: str
    visits: tuple[str, ...]
    before: Place | None
    after: Place | None


def hunks(before: Routes, after: Routes) -> list[Hunk]:
    """All that differs. Of a route's own visits those count as reordered that have to be, so that the others stay in
    their order: as few as can be."""
    was, now = _places(before), _places(after)
    found: list[Hunk] = []
    for shift, visits in after.items():
        steady = _steady(visits, shift, was)
        found += [_hunk(visit, was.get(visit), now[visit]) for visit in visits if visit not in steady]
    found += [_hunk(visit, place, None) for visit, place in was.items() if visit not in now]
    return _joined(found)


def _places(routes: Routes) -> dict[str, Place]:
    return {visit: (shift, n) for shift, visits in routes.items() for n, visit in enumerate(visits)}


def _hunk(visit: str, before: Place | None, after: Place | None) -> Hunk:
    if before is None or after is None:
        return Hunk("added" if before is None else "left_out", (visit,), before, after)
    return Hunk("reordered" if before[0] == after[0] else "moved", (visit,), before, after)


def _steady(visits: Sequence[str], shift: str, was: Mapping[str, Place]) -> set[str]:
    """The most visits of a route that were on it before, in the same order: the longest rising run of old positions."""
    own = [visit for visit in visits if was.get(visit, ("", 0))[0] == shift]
    ends: list[int] = []  # the least position that a run of each length ends with
    tails: list[int] = []  # and whose it is
    before: dict[int, int | None] = {}
    for number, visit in enumerate(own):
        at = bisect_left(ends, was[visit][1])
        before[number] = tails[at - 1] if at else None
        ends[at : at + 1], tails[at : at + 1] = [was[visit][1]], [number]
    steady = set[str]()
    here = tails[-1] if tails else None
    while here is not None:
        steady.add(own[here])
        here = before[here]
    return steady


def _joined(found: Sequence[Hunk]) -> list[Hunk]:
    """Neighbors that stayed neighbors are one hunk."""
    made: list[Hunk] = []
    for one in found:
        last = made[-1] if made else None
        if last is not None and last.kind == one.kind and _follows(last, one):
            made[-1] = Hunk(last.kind, (*last.visits, *one.visits), last.before, last.after)
        else:
            made.append(one)
    return made


def _follows(last: Hunk, one: Hunk) -> bool:
    pairs = ((last.before, one.before), (last.after, one.after))
    by = len(last.visits)
    return all((a is None and b is None) or (a is not None and b == (a[0], a[1] + by)) for a, b in pairs)
