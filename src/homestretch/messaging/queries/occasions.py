"""Whom a fact gives something to be said, and about which order and stop."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from homestretch.dispatch import queries as dispatch
from homestretch.events.models import Event
from homestretch.messaging.rules.kinds import CAUSES, ENDS, OUTCOMES
from homestretch.messaging.values import Occasion


def occasions(event: Event) -> list[Occasion]:
    """What a fact gives cause to say. Failures first: of two orders of one person the failed one is to be told."""
    if event.type in ENDS:
        found = _ended(event.subject_id, {UUID(ident) for ident in event.data["order_ids"]})
        return sorted(found, key=lambda occasion: occasion.kind != "failed")
    kind = CAUSES[event.type]
    if event.type == "order.scheduled":
        return list(_scheduled(kind, event.subject_id, UUID(event.data["route_id"])))
    if event.subject == "order":
        return [Occasion(kind, event.subject_id)]
    return list(_on_stop(kind, event.subject_id))


def _scheduled(kind: str, order_id: UUID, route_id: UUID) -> Iterator[Occasion]:
    """The last stop of the order on that route at which its recipient is met."""
    met = [
        stop
        for stop in dispatch.stops_for_order(order_id)
        if stop.route_id == route_id
        and any(work.live and work.order_id == order_id and _meets(work.task) for work in stop.works.all())
    ]
    if met:
        yield Occasion(kind, order_id, met[-1].id)


def _on_stop(kind: str, stop_id: UUID) -> Iterator[Occasion]:
    for work in dispatch.stop(stop_id).works.all():
        if work.live and _meets(work.task):
            yield Occasion(kind, work.order_id, stop_id)


def _ended(stop_id: UUID, order_ids: set[UUID]) -> Iterator[Occasion]:
    for work in dispatch.stop(stop_id).works.all():
        if work.order_id in order_ids and work.outcome in OUTCOMES and _meets(work.task):
            yield Occasion(OUTCOMES[work.outcome], work.order_id, stop_id)


def _meets(task: object) -> bool:
    """Whether the recipient is at the task's place: a collect of a pair is at somebody else's."""
    return not (getattr(task, "kind", "") == "collect" and getattr(task, "pair", ""))
