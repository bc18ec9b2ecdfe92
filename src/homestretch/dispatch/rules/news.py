"""What of a route is new to its driver: against the stops as they stood when the route was last read."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from homestretch.dispatch.rules.automata import OPEN_STOP

RETIMED = timedelta(minutes=5)  # less is not worth a driver's look


@dataclass(frozen=True, slots=True)
class Seen:
    """A stop of a route, in its turn."""

    stop_id: str
    state: str
    arrive: datetime


@dataclass(frozen=True, slots=True)
class News:
    """Stops that came, that were taken off, that come in another turn, and that keep their turn at another hour, each
    with the hour that was read."""

    added: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    moved: tuple[str, ...] = ()
    retimed: tuple[tuple[str, datetime], ...] = ()

    def __bool__(self) -> bool:
        """Whether there is anything to read."""
        return bool(self.added or self.gone or self.moved or self.retimed)


def news(known: Sequence[tuple[str, datetime]], stops: Sequence[Seen]) -> News:
    """What differs between what was `known`, in its turn, and the stops as they are."""
    was = dict(known)
    stands = [stop for stop in stops if stop.state in OPEN_STOP]
    both = [stop for stop in stands if stop.stop_id in was]
    turn = {stop_id: number for number, (stop_id, _) in enumerate(known)}
    moved = _moved([stop.stop_id for stop in both], turn)
    return News(
        added=tuple(stop.stop_id for stop in stands if stop.stop_id not in was),
        gone=tuple(stop.stop_id for stop in stops if stop.state == "cancelled" and stop.stop_id in was),
        moved=tuple(stop.stop_id for stop in both if stop.stop_id in moved),
        retimed=tuple(
            (stop.stop_id, was[stop.stop_id])
            for stop in both
            if stop.stop_id not in moved and abs(stop.arrive - was[stop.stop_id]) >= RETIMED
        ),
    )


def _moved(stops: Sequence[str], turn: Mapping[str, int]) -> set[str]:
    """The fewest that must have moved: all but a longest run in the old order (patience sorting)."""
    tops: list[int] = []
    piles: list[int] = []
    for stop in stops:
        pile = bisect_left(tops, turn[stop])
        tops[pile : pile + 1] = [turn[stop]]
        piles.append(pile)
    wanted, moved = len(tops) - 1, set[str]()
    for stop, pile in zip(reversed(stops), reversed(piles), strict=True):
        if pile == wanted:
            wanted -= 1
        else:
            moved.add(stop)
    return moved
