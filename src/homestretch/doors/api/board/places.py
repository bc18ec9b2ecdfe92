"""Names for ids: what the stops of a board say of their places and tasks, read once for all of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from homestretch.kernel.units import iso_second
from homestretch.orders import queries as orders
from homestretch.orders.values import Brief
from homestretch.places import queries as places
from homestretch.places.values import Pin

NO_PIN = Pin("", "", "", None, None)


@dataclass(frozen=True)
class Lines:
    """What is known of places (by id as text) and tasks."""

    pins: Mapping[str, Pin]
    briefs: Mapping[str, Brief]

    @classmethod
    def of(cls, rows: Iterable[Mapping[str, Any]]) -> Lines:
        """All that these rows name: three reads."""
        listed = list(rows)
        pins = places.pins({row["place_id"] for row in listed}) if listed else {}
        briefs = orders.briefs({task for row in listed for task in row["tasks"]}) if listed else {}
        return cls(pins, briefs)

    def filled(self, row: dict[str, Any]) -> dict[str, Any]:
        """The row, now with names in the place of its ids."""
        _, label, address, lat, lon = self.pins.get(row["place_id"], NO_PIN)
        briefs = [self.briefs[task] for task in row["tasks"] if task in self.briefs]
        promise = min((brief.promise for brief in briefs if brief.promise), key=_ends, default=None)
        row["label"] = label or (briefs[0].recipient if briefs else "")
        row["address"], row["lat"], row["lon"] = address, lat, lon
        row["tasks"] = [_task(brief) for brief in briefs]
        row["orders"] = list(dict.fromkeys(brief.order or brief.order_id for brief in briefs))
        row["priority"] = max((brief.priority for brief in briefs), default=0)
        row["promise"] = [iso_second(promise[0]), iso_second(promise[1])] if promise else None
        return row


def _ends(span: tuple[int, int]) -> int:
    return span[1]


def _task(brief: Brief) -> dict[str, Any]:
    return {
        "id": brief.task_id,
        "kind": brief.kind,
        "order_id": brief.order_id,
        "order": brief.order,
        "recipient": brief.recipient,
        "loads": brief.loads,
        "pair": brief.pair,
        "state": brief.state,
    }
