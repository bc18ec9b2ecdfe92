"""What makes the service of a stop long or short, as far as it is known before: for who learns and foretells."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import prefetch_related_objects

if TYPE_CHECKING:
    from homestretch.dispatch.models import Stop


@dataclass(frozen=True, slots=True)
class Effort:
    """`kind` of its first task, `skills` of all (a second person is one), `items` and `pieces` together, `floors` by
    the orders' metadata (`floors`, or `floor`), None where nobody says; `access_s` from the curb to the door."""

    kind: str
    skills: str
    items: int
    pieces: int | None
    floors: int | None
    access_s: int

    def plain(self) -> dict[str, Any]:
        """As JSON."""
        return asdict(self)


def efforts(stops: Iterable[Stop]) -> dict[UUID, Effort]:
    """Of each stop, all its works counted, also those that are done."""
    rows = list(stops)
    prefetch_related_objects(rows, "place", "works__task__items", "works__order")
    return {row.id: _effort(row) for row in rows}


def _effort(stop: Stop) -> Effort:
    works = sorted(stop.works.all(), key=lambda work: work.id)
    tasks = [work.task for work in works]
    pieces = [task.loads["pieces"] for task in tasks if isinstance(task.loads.get("pieces"), int)]
    floors = [said for work in works if (said := _floors(work.order.metadata)) is not None]
    return Effort(
        kind=tasks[0].kind if tasks else "",
        skills=",".join(sorted({skill for task in tasks for skill in task.skills})),
        items=sum(item.quantity for task in tasks for item in task.items.all()),
        pieces=sum(pieces) if pieces else None,
        floors=max(floors, default=None),
        access_s=stop.place.access_s,
    )


def _floors(metadata: dict[str, Any]) -> int | None:
    said = metadata.get("floors", metadata.get("floor"))
    try:
        return int(said) if said is not None and abs(int(said)) < 200 else None
    except (TypeError, ValueError):
        return None
