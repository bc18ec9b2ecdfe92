"""In which order a driver will serve what is left, who may have left the planned order: by acts and positions. Pure.

While stops are served as planned, the plan is the order. Once a driver has passed stops over, four ways to go on are
held against each other, and the one that makes the least late and ends first is believed: whoever leaves the plan
knows the streets.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from homestretch.kernel.geo import Point, distance_m

STANDING_MH, DOOR_M = 4_000, 80
Judged = TypeVar("Judged", bound=tuple[int, ...])


@dataclass(frozen=True, slots=True)
class Waiting:
    """An open stop: its planned position, where it is, whether the driver is there, on the way, or put it off."""

    stop_id: UUID
    position: int
    point: Point
    state: str = "planned"


def first_by_position(waiting: Sequence[Waiting], here: Point | None, speed_mh: int | None) -> list[Waiting]:
    """The stops in their turn; one at whose door the vehicle stands goes first, unless another is being served."""
    if not waiting or here is None or speed_mh is None or speed_mh > STANDING_MH or waiting[0].state == "arrived":
        return list(waiting)
    far, at = min((distance_m(here, stop.point), number) for number, stop in enumerate(waiting))
    if far > DOOR_M or distance_m(here, waiting[0].point) <= DOOR_M:
        return list(waiting)
    return [waiting[at], *waiting[:at], *waiting[at + 1 :]]


def has_left(waiting: Sequence[Waiting], last_served: int | None) -> bool:
    """Whether stops were passed over: one is open that the plan has before what is served now, or was served last."""
    if not waiting:
        return False
    acted = waiting[0].position if _is_under_way(waiting) else (last_served or 0)
    return any(stop.position < acted for stop in waiting if stop.state == "planned")


def _is_under_way(waiting: Sequence[Waiting]) -> bool:
    """Whether the first is served or driven to: by an act, or because a vehicle at its door put it before others."""
    first = waiting[0]
    before = any(stop.position < first.position for stop in waiting[1:] if stop.state == "planned")
    return first.state in {"arrived", "en_route"} or (first.state == "planned" and before)


def likely(waiting: Sequence[Waiting], last_served: int | None, judge: Callable[[list[UUID]], Judged]) -> list[UUID]:
    """The ids of the open stops in the order in which they will be served. `judge`: (late, end) of an order."""
    planned = [stop.stop_id for stop in waiting]
    if not has_left(waiting, last_served):
        return planned
    ways = _ways(waiting, last_served)
    return min(ways, key=judge) if len(ways) > 1 else planned


def _ways(waiting: Sequence[Waiting], last_served: int | None) -> list[list[UUID]]:
    """As planned, passed ones at the end, passed ones backwards at the end, all backwards; each once."""
    head = [waiting[0]] if _is_under_way(waiting) else []
    rest = sorted((stop for stop in waiting[len(head) :] if stop.state != "skipped"), key=lambda stop: stop.position)
    off = [stop for stop in waiting[len(head) :] if stop.state == "skipped"]
    border = head[0].position if head else (last_served or 0)
    passed = [stop for stop in rest if stop.position < border]
    later = [stop for stop in rest if stop.position >= border]
    tails = (rest, later + passed, later + passed[::-1], rest[::-1], passed[::-1] + later)
    ways = [[stop.stop_id for stop in (*head, *tail, *off)] for tail in tails]
    return [way for number, way in enumerate(ways) if way not in ways[:number]]
