"""From the visits of a proposal to the halts of a route: what has been served meanwhile drops out, what was moved must
still wait, and halts to take goods over at one place are one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any
from uuid import UUID

from homestretch.kernel.geo import Point

TOLD_FROM_S = 60  # windows are told in minutes


@dataclass(frozen=True, slots=True)
class Halt:
    """A halt of a route: an open stop, a task, or a place (`point`) to take over the goods of `visits`."""

    stop_id: UUID | None = None
    task_id: UUID | None = None
    point: Point | None = None
    visits: int = 0
    pieces: int = 0


def halts_of(
    wanted: Sequence[str],
    waiting: Sequence[str],
    came: Collection[str],
    meanings: Mapping[str, Mapping[str, Any]],
    loads_at: Point | None,
) -> list[Halt]:
    """The halts of a route that is to have the visits `wanted`, of which `came` are new to it and `waiting` are open on
    it now. Open stops that nobody named (they are being served, or stay with a vehicle that stands still) keep their
    place at the front. `loads_at`: where a route that has not set out loads, so it need not halt there."""
    named = set(wanted)
    halts = [Halt(stop_id=_ident(visit)) for visit in waiting if visit not in named]
    for visit in wanted:
        if visit.startswith("m:"):
            _meet(halts, meanings[visit], loads_at)
        elif visit.startswith("t:"):
            halts.append(Halt(task_id=_ident(visit)))
        elif visit in came or visit in waiting:
            halts.append(Halt(stop_id=_ident(visit)))
    return halts


def late_by(told: Iterable[Iterable[Mapping[str, Any]]]) -> dict[tuple[str, str], int]:
    """Seconds late by (task, order), of promises that are said to be broken by at least `TOLD_FROM_S`. What
    nobody comes for is not among them: it has no other time yet."""
    found: dict[tuple[str, str], int] = {}
    for said in chain.from_iterable(told):
        key = said["task"], said["order"]
        if said["after"] is not None and said["after"] >= TOLD_FROM_S:
            found[key] = max(found.get(key, 0), said["after"])
    return found


def _meet(halts: list[Halt], meaning: Mapping[str, Any], loads_at: Point | None) -> None:
    point = Point(meaning["lat"], meaning["lon"])
    if point == loads_at:
        return
    if halts and halts[-1].point == point:
        last = halts[-1]
        halts[-1] = replace(last, visits=last.visits + 1, pieces=last.pieces + meaning["pieces"])
    else:
        halts.append(Halt(point=point, visits=1, pieces=meaning["pieces"]))


def _ident(visit: str) -> UUID:
    return UUID(visit.split(":", 1)[1])
