"""Conversations: what is to be answered, and all that was said about one order, in the order of time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.db.models import Q

from homestretch.messaging.models import Heard, Message, Survey
from homestretch.messaging.rules.surveys import UNHAPPY
from homestretch.orders import queries as orders

MOST_WAITING = 200


@dataclass(frozen=True, slots=True)
class Waiting:
    """A conversation that somebody should look at: who, since when, the newest words, how many of them wait."""

    order_id: UUID
    reference: str
    name: str
    since: datetime
    text: str
    meaning: str  # other, problem, rating
    score: int | None
    count: int


@dataclass(frozen=True, slots=True)
class Line:
    """One thing said: by us (`out`), by the recipient (`in`), or a rating."""

    at: datetime
    side: Literal["in", "out", "rating"]
    channel: str
    text: str
    kind: str
    state: str = ""
    why: str = ""
    sent_at: datetime | None = None
    delivered_at: datetime | None = None
    waits: bool = False
    score: int | None = None


def waiting() -> list[Waiting]:
    """What nobody answered, and unhappy ratings that nobody looked at, the oldest first."""
    heard = Heard.objects.filter(done_at=None).select_related("recipient", "order").order_by("at")[:MOST_WAITING]
    rated = Survey.objects.filter(score__lte=UNHAPPY, done_at=None).select_related("order__recipient")
    latest = _latest_orders(row.recipient_id for row in heard if row.order_id is None)
    found: dict[UUID, Waiting] = {}
    for row in heard:
        order = row.order or latest.get(row.recipient_id)
        if order is not None:
            seen = found.get(order.id)
            found[order.id] = Waiting(
                order.id,
                order.external_id or order.id.hex[-8:].upper(),
                row.recipient.name,
                seen.since if seen else row.at,
                row.text,
                "problem" if "problem" in (row.meaning, seen.meaning if seen else "") else row.meaning,
                None,
                seen.count + 1 if seen else 1,
            )
    for row in rated.order_by("submitted_at")[:MOST_WAITING]:
        _with_rating(found, row)
    return sorted(found.values(), key=lambda one: one.since)


def waiting_count() -> int:
    """How many things wait for somebody: words, and unhappy ratings."""
    unhappy = Survey.objects.filter(score__lte=UNHAPPY, done_at=None)
    return Heard.objects.filter(done_at=None).count() + unhappy.count()


def _with_rating(found: dict[UUID, Waiting], row: Any) -> None:
    order, seen = row.order, found.get(row.order_id)
    name = order.recipient.name
    found[order.id] = Waiting(
        order.id,
        order.external_id or order.id.hex[-8:].upper(),
        name,
        min(seen.since, row.submitted_at) if seen else row.submitted_at,
        seen.text if seen else row.comment,
        seen.meaning if seen else "rating",
        row.score,
        (seen.count if seen else 0) + 1,
    )


def _latest_orders(recipient_ids: Iterable[UUID]) -> dict[UUID, Any]:
    """Of each person the newest order."""
    wanted = set(recipient_ids)
    rows = orders.orders().filter(recipient_id__in=wanted).order_by("created_at", "id") if wanted else ()
    return {order.recipient_id: order for order in rows}


def thread(order_id: UUID) -> list[Line]:
    """All that was said about an order, or by its recipient about none, by time. Refuses `order.not_found`."""
    recipient = orders.recipient_of(order_id)
    about = Q(order_id=order_id) | Q(order_id=None)
    heard = Heard.objects.filter(about, recipient_id=recipient.id)
    lines = [Line(row.at, "in", row.channel, row.text, row.meaning, waits=row.done_at is None) for row in heard]
    lines += [_said(row) for row in Message.objects.filter(order_id=order_id)]
    survey = Survey.objects.filter(order_id=order_id, submitted_at__isnull=False).first()
    if survey is not None:
        waits = survey.score <= UNHAPPY and survey.done_at is None
        text = "\n".join(filter(None, [", ".join(survey.tags).replace("_", " "), survey.comment]))
        lines.append(Line(survey.submitted_at, "rating", "page", text, "rating", score=survey.score, waits=waits))
    return sorted(lines, key=lambda line: line.at)


def _said(row: Message) -> Line:
    return Line(
        row.sent_at or row.due_at,
        "out",
        row.channel,
        row.body,
        row.kind,
        row.state,
        row.why,
        row.sent_at,
        row.delivered_at,
    )
