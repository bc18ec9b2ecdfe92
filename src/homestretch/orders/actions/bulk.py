"""One act on many orders, each by itself: what is refused for one holds up no other.

Many are done by a job, chunk by chunk, as whoever asked for it: `begin_bulk` claims the act with a fence, `take_some`
does a chunk and moves it on in one transaction. A job that was rescued goes on behind the last chunk.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from homestretch.accounts import queries as accounts
from homestretch.events.action import action
from homestretch.events.later import later
from homestretch.kernel.actor import Actor, Kind, Role
from homestretch.kernel.ids import uuid7
from homestretch.kernel.refusal import Refusal
from homestretch.orders.actions.change import cancel_order, update_order
from homestretch.orders.actions.create import confirm_order
from homestretch.orders.actions.days import reschedule
from homestretch.orders.actions.holding import free_order, hold_order
from homestretch.orders.models import BulkAct
from homestretch.orders.rules.bulk import CHUNK, MOST_TOLD, check_many, read_move
from homestretch.orders.values import Act, OrderChange

JOB = "orders.bulk"
MAY = (Role.OWNER, Role.DISPATCHER)


def act_on(order_id: UUID, act: Act, *, by: Actor, at: datetime) -> None:
    """Do it to one order. Refuses as the verb behind it does."""
    _VERBS[act.name](order_id, act, by=by, at=at)


def _move(order_id: UUID, act: Act, **who: Any) -> None:
    day, clock = read_move(act)
    reschedule(order_id, day, clock, **who)


def _prioritize(order_id: UUID, act: Act, **who: Any) -> None:
    update_order(order_id, OrderChange(priority=act.args["priority"]), **who)


_VERBS: Mapping[str, Callable[..., Any]] = {
    "move": _move,
    "priority": _prioritize,
    "release": lambda order_id, _, **who: confirm_order(order_id, **who),
    "hold": lambda order_id, act, **who: hold_order(order_id, act.args["reason"], **who),
    "free": lambda order_id, _, **who: free_order(order_id, **who),
    "cancel": lambda order_id, act, **who: cancel_order(order_id, act.args["reason"], **who),
}


@action
def ask_bulk(act: Act, order_ids: Sequence[UUID], *, by: Actor, at: datetime) -> BulkAct:
    """Have an act done to many orders, by a job. Refuses `bulk.nothing_chosen` and `bulk.too_many`."""
    check_many(order_ids)
    row = BulkAct(
        act=act.name,
        args=dict(act.args),
        order_ids=list(order_ids),
        total=len(order_ids),
        state="running",
        member_id=by.id,
        created_at=at,
    )
    row.save(force_insert=True)
    later(JOB, by.organization_id, bulk_id=row.id)
    return row


@action
def begin_bulk(bulk_id: UUID, *, by: Actor, at: datetime) -> tuple[UUID, Actor] | None:
    """Claim an act for a job: its fence, and as whom it is done. None where it is over.

    Whoever may no longer do it by then (the membership ended, or has another role) has it stopped where it is.
    """
    row = _locked(bulk_id)
    if row is None or row.state != "running":
        return None
    member = accounts.member(row.member_id)
    if not member.active or member.role not in MAY:
        _end(row, "stopped", at)
        return None
    row.fence = uuid7()
    row.save(update_fields=["fence"])
    return row.fence, Actor(Kind.PERSON, by.organization_id, row.member_id, Role(member.role))


@action
def take_some(bulk_id: UUID, fence: UUID, *, by: Actor, at: datetime) -> bool:
    """Do it to the next orders; whether there are more, and this job is still the one that does it."""
    row = _locked(bulk_id)
    if row is None or row.state != "running" or row.fence != fence:
        return False
    act, chunk = Act(row.act, row.args), row.order_ids[row.done : row.done + CHUNK]
    for order_id in chunk:
        try:
            with transaction.atomic():
                act_on(order_id, act, by=by, at=at)
        except Refusal as refusal:
            row.refused += 1
            if len(row.refusals) < MOST_TOLD:
                told = {"code": refusal.code, "cause": refusal.cause, "remedy": refusal.remedy}
                row.refusals.append({"order_id": str(order_id), **told})
    row.done += len(chunk)
    row.save(update_fields=["done", "refused", "refusals"])
    if row.done >= row.total:
        _end(row, "done", at)
    return row.state == "running"


@action
def stop_bulk(bulk_id: UUID, *, by: Actor, at: datetime) -> None:
    """It comes to no end: what was done stays."""
    row = _locked(bulk_id)
    if row is not None and row.state == "running":
        _end(row, "stopped", at)


def _end(row: BulkAct, state: str, at: datetime) -> None:
    row.state, row.fence, row.finished_at = state, None, at
    row.save(update_fields=["state", "fence", "finished_at"])


def _locked(bulk_id: UUID) -> BulkAct | None:
    return BulkAct.objects.select_for_update().filter(id=bulk_id).first()
