"""Where goods are: a route carries what was loaded at its start depot, and what it collects on its way."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from homestretch.kernel.refusal import Refusal

TAKE_OVER_S = 60  # seconds that taking over the goods of one stop takes


@dataclass(frozen=True, slots=True)
class Goods:
    """What a delivery brings. `depot_id`: where it is picked up, None: anywhere. `on_board`: by its scans it rides on
    the vehicle of the route that it stands on."""

    task_id: UUID
    depot_id: UUID | None
    on_board: bool = False


def refuse_elsewhere(goods: Iterable[Goods], depot_id: UUID) -> None:
    """Refuses `task.goods_elsewhere` where a delivery's goods are not at the depot that the route starts at, and
    `task.goods_on_board` where they ride on another vehicle."""
    for each in goods:
        if each.on_board:
            raise Refusal(
                "task.goods_on_board",
                "its packages ride on another vehicle",
                remedy="have the drivers meet and accept the breaches, or leave it on its route",
                task_id=str(each.task_id),
            )
        if each.depot_id is not None and each.depot_id != depot_id:
            raise Refusal(
                "task.goods_elsewhere",
                "its goods are at another depot than this route starts from",
                remedy="choose a route of that depot, or accept the breaches when the goods are brought over",
                task_id=str(each.task_id),
                depot_id=str(each.depot_id),
            )


def reachable(goods: Iterable[Goods], depot_id: UUID) -> bool:
    """Whether a route that starts at a depot can have all of the goods."""
    return all(not each.on_board and each.depot_id in (None, depot_id) for each in goods)
