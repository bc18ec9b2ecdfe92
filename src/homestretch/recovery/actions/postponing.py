"""Promises that a change breaks: whoever can be reached is promised another window, and told so once and at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from homestretch.accounts import queries as accounts
from homestretch.dispatch import queries as dispatch
from homestretch.dispatch.rules.releasing import promise as window_of
from homestretch.kernel.actor import Actor
from homestretch.orders import actions as promising
from homestretch.orders import queries as orders
from homestretch.recovery import rules
from homestretch.recovery.actions import exceptions
from homestretch.recovery.models import Hunk, Proposal
from homestretch.recovery.rules.amending import TOLD_FROM_S, late_by

CHANNELS = ("sms", "email")


def postpone(row: Proposal, chosen: Sequence[Hunk], *, by: Actor, at: datetime) -> tuple[UUID, ...]:
    """Promise another window for each task that will be late by what was accepted; returns them.

    That breaks the promise that stood, in our ledger as for its recipient. Where nobody can be told, the promise stays
    as it is, with an exception: a person has to call.
    """
    whole = len(chosen) == row.hunks.count()
    told = [row.promises] if whole else [hunk.promises for hunk in chosen]
    postponed = []
    for (task, order), seconds in sorted(late_by(told).items()):
        promise = orders.current_promise(UUID(task))
        stop = _stop_of(UUID(order), UUID(task))
        if promise is None or stop is None:
            continue
        if not whole:  # what each part does alone was said; what some of them do together, the new times say
            seconds = int((stop.planned_arrive - promise.end).total_seconds())
        if seconds < TOLD_FROM_S:
            continue
        if _can_be_told(UUID(order)):
            _promise_anew(promise, stop, seconds, by=by, at=at)
            postponed.append(UUID(task))
        else:
            cause = rules.promise_at_risk(promise.id, UUID(order), seconds)
            details = {**cause.details, "proposal_id": str(row.id)}
            exceptions.raise_(replace(cause, details=details), by=by, at=at)
    return tuple(postponed)


def _stop_of(order_id: UUID, task_id: UUID) -> Any:
    """Where the task waits; None where it is on no route."""
    stops = dispatch.stops_for_order(order_id)
    return next((s for s in stops if any(work.live and work.task_id == task_id for work in s.works.all())), None)


def _can_be_told(order_id: UUID) -> bool:
    recipient = orders.recipient_of(order_id)
    return any(orders.may_message(recipient, channel) for channel in CHANNELS)


def _promise_anew(promise: Any, stop: Any, seconds: int, *, by: Actor, at: datetime) -> None:
    """The window about the time that was accepted, by the organization's rule."""
    rule = accounts.organization()
    expected = promise.end + timedelta(seconds=seconds)
    window = window_of(expected, dispatch.windows_of(stop), rule.promise_early_s, rule.promise_late_s)
    promising.supersede_promise(promise.id, window, consented=False, by=by, at=at)
