"""The promise ledger: made, told, superseded, settled; never edited."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from homestretch.events.action import action
from homestretch.events.log import record
from homestretch.kernel.actor import Actor
from homestretch.kernel.ids import uuid7
from homestretch.kernel.refusal import Refusal, not_found
from homestretch.kernel.windows import Window
from homestretch.orders.events import PromiseBroken, PromiseKept, PromiseMade, PromiseSuperseded, PromiseTold
from homestretch.orders.models import Order, Promise, Settlement, Task, Told
from homestretch.orders.queries import chain_of
from homestretch.orders.rules import Link, cancelling_breaks, is_their_wish, settle_chain

PICKUP = "pickup"  # a window at a depot, where the recipient comes to us
SOURCES = ("release", "booking", "recipient", "operator", PICKUP)
CHOSEN = ("booking", "recipient", PICKUP)  # by the recipient


@action
def make_promises(wanted: Sequence[tuple[UUID, Window]], source: str, *, by: Actor, at: datetime) -> list[Promise]:
    """Promise each task its window, unless one stands for the present attempt. Returns the promises that were made."""
    _check_source(source)
    task_ids = [task_id for task_id, _ in wanted]
    order_ids = Task.objects.filter(id__in=task_ids).values_list("order_id", flat=True)
    list(Order.objects.select_for_update().filter(id__in=set(order_ids)).order_by("id"))
    tasks = {task.id: task for task in Task.objects.filter(id__in=task_ids)}
    chains = _chains(task_ids)
    made = []
    for task_id, window in wanted:
        if task_id not in tasks:
            raise not_found("task", task_id)
        attempt, stands = chains.get(task_id, (0, False))
        if not stands:
            chains[task_id] = (attempt, True)
            values = {"source": source, "consented": source in CHOSEN, "attempt": attempt}
            made.append(_make(tasks[task_id], window, values, by, at))
    return made


def _chains(task_ids: Sequence[UUID]) -> dict[UUID, tuple[int, bool]]:
    """Of each task that was promised something: the number of the chain to write to, and whether one stands there."""
    firsts = Promise.objects.filter(task_id__in=task_ids, supersedes__isnull=True)
    settled = set(Settlement.objects.filter(promise__task_id__in=task_ids).values_list("promise_id", flat=True))
    return {
        first.task_id: (first.attempt + 1, False) if first.id in settled else (first.attempt, True)
        for first in firsts.order_by("attempt")
    }


def _check_source(source: str) -> None:
    if source not in SOURCES:
        raise Refusal("promise.source_unknown", source[:20], remedy=f"one of {', '.join(SOURCES)}", field="source")


def _make(task: Task, window: Window, values: dict[str, object], by: Actor, at: datetime) -> Promise:
    promise = Promise(
        id=uuid7(),
        order_id=task.order_id,
        task=task,
        start=window.start,
        end=window.end,
        made_at=at,
        actor=str(by),
        **values,
    )
    promise.save(force_insert=True)
    fact = PromiseMade(promise.id, task.order_id, task.id, window.start, window.end, promise.source)
    record(fact, by=by, at=at)
    return promise


def _locked(promise_id: UUID) -> Promise:
    """The promise, under its order's lock. Refuses `promise.not_found`."""
    promise = Promise.objects.filter(id=promise_id).select_related("task").first()
    if promise is None:
        raise not_found("promise", promise_id)
    Order.objects.select_for_update().get(id=promise.order_id)
    return promise


@action
def promise_told(promise_id: UUID, channel: str, *, by: Actor, at: datetime) -> Told:
    """A promise was told to its recipient. Once per channel."""
    promise = _locked(promise_id)
    told = Told.objects.filter(promise=promise, channel=channel).first()
    if told is None:
        told = Told.objects.create(promise=promise, channel=channel, at=at)
        record(PromiseTold(promise.id, promise.order_id, channel), by=by, at=at)
    return told


@action
def supersede_promise(
    promise_id: UUID, window: Window, *, consented: bool, source: str = "operator", by: Actor, at: datetime
) -> Promise:
    """Put another window in the place of a promise; the old one stays as it was. Without consent it is broken by that.

    Refuses `promise.not_found`, `promise.superseded` (it is not the standing one), `promise.settled`.
    """
    _check_source(source)
    promise = _locked(promise_id)
    if Promise.objects.filter(supersedes=promise).exists():
        raise Refusal("promise.superseded", "another promise stands in its place", remedy="supersede that one")
    if Settlement.objects.filter(promise=chain_of(promise.task_id, promise.attempt)[0]).exists():
        raise Refusal("promise.settled", "it was kept or broken already", remedy="promise the next attempt")
    values = {
        "source": source,
        "consented": consented,
        "attempt": promise.attempt,
        "supersedes": promise,
    }
    new = _make(promise.task, window, values, by, at)
    record(PromiseSuperseded(promise.id, promise.order_id, new.id, consented), by=by, at=at)
    return new


@action
def settle_promise(
    task_id: UUID,
    arrived_at: datetime | None,
    *,
    completed: bool,
    by: Actor,
    at: datetime,
) -> Settlement | None:
    """Judge the latest chain of a task's promises by the arrival (None: nobody came), once. None where there is none.

    Records `promise.kept` or `promise.broken` about the first promise of the chain.
    """
    task = Task.objects.filter(id=task_id).first()
    if task is None:
        raise not_found("task", task_id)
    Order.objects.select_for_update().get(id=task.order_id)
    chain = chain_of(task_id)
    if not chain:
        return None
    first = chain[0]
    settled = Settlement.objects.filter(promise=first).first()
    if settled is not None:
        return settled
    lay_ready = chain[-1].source == PICKUP and chain[-1].end <= at
    verdict = settle_chain(_links(chain), arrived_at, completed=completed, lay_ready=lay_ready)
    told = _is_told(chain)
    settlement = Settlement(
        promise=first, kept=verdict.kept, told=told, late_s=verdict.late_s, arrived_at=arrived_at, at=at
    )
    settlement.save(force_insert=True)
    if verdict.kept:
        record(PromiseKept(first.id, first.order_id, told), by=by, at=at)
    else:
        record(PromiseBroken(first.id, first.order_id, verdict.late_s, told), by=by, at=at)
    return settlement


def settle_cancelled(orders: Sequence[Order], reason: str, *, by: Actor, at: datetime) -> None:
    """Break the told promises of locked orders that are called off, where `rules.cancelling_breaks` says so. Those that
    fell by the wish of whom they were made to, or that nobody was told of, stay unsettled: they count nowhere."""
    wished = is_their_wish(by, reason)
    promised = Promise.objects.filter(order__in=orders).order_by("task_id").values_list("task_id", flat=True)
    for task_id in promised.distinct():
        chain = chain_of(task_id)
        if _is_told(chain) and cancelling_breaks(_links(chain), at, wished=wished):
            settle_promise(task_id, None, completed=False, by=by, at=at)


def _links(chain: Sequence[Promise]) -> list[Link]:
    return [Link(Window(p.start, p.end), p.consented) for p in chain]


def _is_told(chain: Sequence[Promise]) -> bool:
    return bool(Told.objects.filter(promise__in=[p.id for p in chain]).exists())
