"""Sending, at most once: `begin` commits `sending` before the provider is called, `finish` notes what came of it.

Whoever finds a message in `sending` under another fence finds a worker that died, perhaps after the provider had
taken it: the message is `unknown` from then on, settled by a receipt, and never sent again.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection

from homestretch.accounts import queries as accounts
from homestretch.accounts.models import Organization
from homestretch.events.action import action
from homestretch.events.log import record
from homestretch.kernel.actor import Actor
from homestretch.kernel.ids import uuid7
from homestretch.messaging.actions.planning import address_of, ask, quiet_hours
from homestretch.messaging.actions.wording import About, promise_of, word, work_of
from homestretch.messaging.events import MessageFailed, MessageSent, SurveyRequested
from homestretch.messaging.models import Message, Survey
from homestretch.messaging.queries import survey_of
from homestretch.messaging.rules.kinds import KINDS, TELLS_ANEW, Facts, why_untrue
from homestretch.messaging.rules.timing import next_try, quiet_until
from homestretch.messaging.values import Letter, Outcome
from homestretch.orders import actions as orders
from homestretch.orders import queries as orders_queries

WAITING = ("planned", "deferred")

_SPEND = """
insert into messaging_spent as s (id, organization_id, day, messages) values (%s, %s, %s, 1)
on conflict (organization_id, day) do update set messages = s.messages + 1 where s.messages < %s
"""


@action
def begin(message_id: UUID, fence: UUID, *, by: Actor, at: datetime) -> Letter | None:
    """Take a message for the job that holds `fence`. None when it is not to be sent now, or never.

    Its premise, patience, quiet hours, the recipient's word and the day's cap are looked at here, in the transaction
    that commits `sending`: a STOP that has committed before is seen, for both hold the address, whoever's row has it.
    """
    row = locked(message_id)
    if row is None or row.due_at > at:
        return None
    if row.state == "sending" and row.fence != fence:
        row.state, row.why = "unknown", "worker_lost"
        row.save(update_fields=["state", "why"])
    if row.state not in WAITING:
        return None
    recipient = orders_queries.addressee(row.recipient_id, row.channel)
    about = About(recipient, accounts.organization(), work_of(row))
    why = _why_not(row, about, at)
    if why:
        drop(row, why, by=by, at=at)
        return None
    if _put_off(row, about.organization, by=by, at=at):
        return None
    return _take(row, about, fence, by=by, at=at)


def locked(message_id: UUID) -> Message | None:
    """The message, locked, with its order and stop."""
    rows = Message.objects.select_for_update(of=("self",)).select_related("order", "stop__place")
    return rows.filter(id=message_id).first()


def _why_not(row: Message, about: About, at: datetime) -> str:
    """Why the message is never to be sent; '' if it may be."""
    recipient = about.recipient
    if at > row.patience_until:
        return "too_late"
    if recipient.erased_at is not None or not address_of(recipient, row.channel):
        return "no_address"
    if orders_queries.is_silent(recipient, row.channel):
        return "opted_out"
    if KINDS[row.kind].consent and not orders_queries.may_message(recipient, row.channel):
        return "no_consent"
    return why_untrue(row.kind, _facts(row, about.work))


def _facts(row: Message, work: Any) -> Facts:
    survey = survey_of(row.order_id) if row.kind == "survey" else None
    return Facts(
        order=row.order.state,
        stop=row.stop.state if row.stop else "",
        work_open=work is not None and work.live,
        rated=survey is not None and survey.submitted_at is not None,
        told=row.kind in TELLS_ANEW and _is_told(row, work),
        promised=row.kind == "invited" and bool(orders_queries.promises_of(row.order_id)),
    )


def _is_told(row: Message, work: Any) -> bool:
    promise = promise_of(row, work)
    return promise is not None and any(told.channel == row.channel for told in orders_queries.tellings(promise.id))


def _put_off(row: Message, organization: Organization, *, by: Actor, at: datetime) -> bool:
    """In quiet hours: until they end, or never if nobody would want it then."""
    end = quiet_until(quiet_hours(organization), at)
    if end is None:
        return False
    if end > row.patience_until:
        drop(row, "quiet_hours", by=by, at=at)
    else:
        row.due_at = end
        row.save(update_fields=["due_at"])
        ask(row)
    return True


def _take(row: Message, about: About, fence: UUID, *, by: Actor, at: datetime) -> Letter | None:
    worded = word(row, about, by=by, at=at)
    if not _spend(about.organization, at):
        drop(row, "message_cap", by=by, at=at)
        return None
    row.state, row.why, row.fence, row.tries, row.sending_at = "sending", "", fence, row.tries + 1, at
    row.body, row.segments, row.promise_id = worded.kept, worded.segments, worded.promise_id
    row.save()
    return worded.letter


def _spend(organization: Organization, at: datetime) -> bool:
    """Count one message of the organization's local day; False when the day's are used up. At the end of `begin`, for
    all that the organization sends waits for this row."""
    if organization.message_cap < 1:
        return False
    day = at.astimezone(ZoneInfo(organization.zone)).date()
    with connection.cursor() as cursor:
        cursor.execute(_SPEND, [uuid7(), organization.id, day, organization.message_cap])
        return cursor.rowcount == 1


@action
def finish(message_id: UUID, fence: UUID, outcome: Outcome, *, by: Actor, at: datetime) -> Message | None:
    """Note what the provider said. Nothing when another worker has the message, or a receipt was faster."""
    row = locked(message_id)
    if row is None or row.fence != fence or row.state not in ("sending", "unknown"):
        return row
    row.provider_id = outcome.provider_id or row.provider_id
    if outcome.result == "sent":
        note_sent(row, by=by, at=at)
    elif outcome.result == "unknown":
        row.state, row.why = "unknown", outcome.code[:60]
        row.save()
    elif outcome.result == "permanent":
        row.state, row.why = "refused", outcome.code[:60]
        row.save()
        record(MessageFailed(row.id, row.order_id, row.why), by=by, at=at)
    else:
        _try_again(row, outcome, by=by, at=at)
    return row


def _try_again(row: Message, outcome: Outcome, *, by: Actor, at: datetime) -> None:
    due_at = next_try(row.tries, at, outcome.wait_s)
    if due_at > row.patience_until:
        drop(row, outcome.code[:60], by=by, at=at)
        return
    row.state, row.why, row.due_at = "deferred", outcome.code[:60], due_at
    row.save()
    ask(row)


def note_sent(row: Message, *, by: Actor, at: datetime) -> None:
    """The provider took it: the promise in its words is told, a survey is asked for."""
    row.state, row.why, row.sent_at = "sent", "", at
    row.save()
    record(MessageSent(row.id, row.order_id, row.kind, row.channel), by=by, at=at)
    if row.promise_id is not None:
        orders.promise_told(row.promise_id, row.channel, by=by, at=at)
    if row.kind == "survey":
        survey, made = Survey.objects.get_or_create(order_id=row.order_id, defaults={"requested_at": at})
        if made:
            record(SurveyRequested(survey.id, row.order_id), by=by, at=at)


def drop(row: Message, why: str, *, by: Actor, at: datetime) -> None:
    """Keep the message, and do not send it."""
    row.state, row.why = "dropped", why
    row.save(update_fields=["state", "why"])
    record(MessageFailed(row.id, row.order_id, row.why), by=by, at=at)
