"""What an amendment of several routes must keep."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NoReturn
from uuid import UUID

from homestretch.dispatch.values import Amended
from homestretch.kernel.refusal import Refusal, not_found


@dataclass(frozen=True, slots=True)
class Standing:
    """An open stop as it stands. `ends`: the (order, pair) of the ends of pairs that wait there."""

    stop_id: UUID
    route_id: UUID
    state: str
    ends: frozenset[tuple[UUID, str]]


def check(stops: Sequence[Standing], amended: Sequence[Amended]) -> None:
    """Refuses `route.sequence_incomplete`, `route.stop_in_service`, `task.paired`."""
    named = [halt.stop_id for each in amended for halt in each.halts if halt.stop_id is not None]
    if sorted(named) != sorted(stop.stop_id for stop in stops):
        raise Refusal(
            "route.sequence_incomplete",
            "the routes together must name each open stop once",
            remedy="read the routes again and send all their open stops",
            field="halts",
        )
    goes = {halt.stop_id: each.route_id for each in amended for halt in each.halts if halt.stop_id is not None}
    first = {each.route_id: each.halts[0].stop_id if each.halts else None for each in amended}
    for stop in stops:
        if stop.state == "arrived" and first[stop.route_id] != stop.stop_id:
            raise Refusal(
                "route.stop_in_service",
                "the driver is at a stop: it stays first",
                remedy="put the stop that is being served first",
                field="halts",
            )
    _check_pairs(stops, goes)


def _check_pairs(stops: Sequence[Standing], goes: dict[UUID, UUID]) -> None:
    """An end of a pair leaves its route only with the other one."""
    ends: dict[tuple[UUID, str], list[Standing]] = {}
    for stop in stops:
        for end in stop.ends:
            ends.setdefault(end, []).append(stop)
    for together in ends.values():
        routes = {goes[stop.stop_id] for stop in together}
        left = any(goes[stop.stop_id] != stop.route_id for stop in together)
        if len(routes) > 1 or (left and len(together) == 1):
            raise Refusal("task.paired", "one end of a pair does not leave alone", remedy="move both ends")


def no_task() -> NoReturn:
    """Refuses `task.not_found`."""
    raise not_found("task")
