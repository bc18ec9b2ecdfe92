"""Whom a fact gives something to be said, and about which order and stop."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from uuid import UUID

from homestretch.dispatch import queries as dispatch
from homestretch.events.models import Event
from homestretch.messaging.rules.kinds import CAUSES, ENDS, OUTCOMES
from homestretch.messaging.values import Occasion
from homestretch.orders import queries as orders


def occasions(event: Event) -> list[Occasion]:
    """What a fact gives cause to say. Failures first: of two orders of one person the failed one is to be told."""
    if event.type in ENDS:
        found = _ended(event.subject_id, {UUID(ident) for ident in event.data["order_ids"]})
        return sorted(found, key=lambda occasion: occasion.kind != "failed")
    kind = CAUSES[event.type]
    if event.type == "order.scheduled":
        return list(_scheduled(kind, event.subject_id, UUID(event.data["route_id"])))
    if event.type == "proposal.accepted":
        return list(_postponed(kind, event.data["postponed"]))
    if event.type == "order.cancelled":
        return [Occasion(kind, event.subject_id)] if _relies(event) else []
    if event.subject == "order":
        return [Occasion(kind, event.subject_id)]
    return list(_on_stop(kind, event.subject_id))


def _scheduled(kind: str, order_id: UUID, route_id: UUID) -> Iterator[Occasion]:
    """The last stop of the order on that route at which its recipient is met, unless the recipient knows when."""
    met = [
        (stop, work)
        for stop in dispatch.stops_for_order(order_id)
        if stop.route_id == route_id
        for work in stop.works.all()
        if work.live and work.order_id == order_id and _meets(work.task)
    ]
    if met and not _is_known(met[-1][1].task_id):
        yield Occasion(kind, order_id, met[-1][0].id)


def _is_known(task_id: UUID) -> bool:
    """Whether the promise that stands was told, or is told by what put it in another's place: an order that changes
    its route is no news."""
    promise = orders.current_promise(task_id)
    if promise is None:
        return False
    return bool(orders.tellings(promise.id)) or (promise.supersedes_id is not None and not promise.consented)


def _relies(event: Event) -> bool:
    """Whether a recipient whose order is called off waits for it: a time was told, and it is not the own wish."""
    if event.actor.startswith("link:") or event.data["reason"] == "recipient_wish":
        return False
    return any(orders.tellings(promise.id) for promise in orders.promises_of(event.subject_id))


def _postponed(kind: str, task_ids: Iterable[str]) -> Iterator[Occasion]:
    """The stop of each task for which another window is promised."""
    for task_id in map(UUID, task_ids):
        order_id = orders.task(task_id).order_id
        for stop in dispatch.stops_for_order(order_id):
            if any(work.live and work.task_id == task_id and _meets(work.task) for work in stop.works.all()):
                yield Occasion(kind, order_id, stop.id)


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
