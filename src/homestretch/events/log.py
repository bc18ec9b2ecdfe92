"""The log: `record` writes a fact once; readers page by (tx, id) below the oldest open transaction.

By id alone a reader loses events: a transaction that began earlier may commit later with a lower id.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from homestretch.events.models import Event
from homestretch.events.scope import current_organization
from homestretch.kernel.actor import Actor
from homestretch.kernel.facts import Fact
from homestretch.kernel.ids import uuid7

CHANNEL = "homestretch_events"
START = (0, UUID(int=0))
Position = tuple[int, UUID]

_INSERT = """
with subject as (
    insert into events_subject as s (id, organization_id, subject, subject_id, seq)
    values (%(subject_row)s, %(organization)s, %(subject)s, %(subject_id)s, 1)
    on conflict (organization_id, subject, subject_id) do update set seq = s.seq + 1
    returning seq),
fact as (
insert into events_event
    (id, tx, organization_id, type, subject, subject_id, subject_seq, actor, at, recorded_at, key, data)
select %(id)s, app_tx(), %(organization)s, %(type)s, %(subject)s, %(subject_id)s, subject.seq,
    %(actor)s, %(at)s, app_now(), %(key)s, %(data)s::jsonb
from subject
returning organization_id)
select pg_notify(%(channel)s, organization_id::text) from fact
"""

# As `_INSERT` for facts of one type about different subjects, which are locked in the order of their ids.
_INSERT_ALL = """
with given as (
    select * from unnest(%(ids)s::uuid[], %(rows)s::uuid[], %(subjects)s::uuid[], %(data)s::text[])
        as g(id, row, subject_id, data)),
subjects as (
    insert into events_subject as s (id, organization_id, subject, subject_id, seq)
    select g.row, %(organization)s, %(subject)s, g.subject_id, 1 from given g order by g.subject_id
    on conflict (organization_id, subject, subject_id) do update set seq = s.seq + 1
    returning s.subject_id, s.seq)
insert into events_event
    (id, tx, organization_id, type, subject, subject_id, subject_seq, actor, at, recorded_at, key, data)
select g.id, app_tx(), %(organization)s, %(type)s, %(subject)s, g.subject_id, s.seq,
    %(actor)s, %(at)s, app_now(), null, g.data::jsonb
from given g join subjects s using (subject_id)
"""

_after_record: list[Callable[[UUID, UUID, type[Fact]], None]] = []


def after_record(hook: Callable[[UUID, UUID, type[Fact]], None]) -> None:
    """Register what follows each fact inside its transaction (the subscriptions; set once at start)."""
    if hook not in _after_record:
        _after_record.append(hook)


def record(fact: Fact, *, by: Actor, at: datetime, key: str | None = None) -> UUID:
    """Write `fact` in the caller's transaction, tell the listeners, defer its subscribers. Returns the event's id.

    `at` is when it happened, by the clock of whoever saw it. `key`, where given, is unique per type: a second fact
    with it is refused by the database. The row lock on the subject orders the subject's facts.
    """
    organization_id, event_id = current_organization(), uuid7()
    values = {
        "id": event_id,
        "subject_row": uuid7(),
        "organization": organization_id,
        "type": fact.type,
        "subject": fact.subject,
        "subject_id": fact.subject_id,
        "actor": str(by),
        "at": at,
        "key": key,
        "data": json.dumps(fact.data()),
        "channel": CHANNEL,
    }
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, values)
    for hook in _after_record:
        hook(organization_id, event_id, type(fact))
    return event_id


def record_all(facts: Sequence[Fact], *, by: Actor, at: datetime) -> list[UUID]:
    """As `record`, for many facts of one type about different subjects, in one statement. Returns the events' ids.

    Raises `ValueError` for facts of several types, or two about one subject: their order would be lost.
    """
    if not facts:
        return []
    organization_id, ids, subjects = current_organization(), [uuid7() for _ in facts], [f.subject_id for f in facts]
    if len({fact.type for fact in facts}) > 1 or len(set(subjects)) < len(subjects):
        raise ValueError("facts of one type about different subjects")
    values = {
        "ids": ids,
        "rows": [uuid7() for _ in facts],
        "subjects": subjects,
        "data": [json.dumps(fact.data()) for fact in facts],
        "organization": organization_id,
        "type": facts[0].type,
        "subject": facts[0].subject,
        "actor": str(by),
        "at": at,
    }
    with connection.cursor() as cursor:
        cursor.execute(_INSERT_ALL, values)
        cursor.execute("select pg_notify(%s, %s)", [CHANNEL, str(organization_id)])
    for hook in _after_record:
        for event_id in ids:
            hook(organization_id, event_id, type(facts[0]))
    return ids


def tail(after: Position = START, *, limit: int = 500, types: list[str] | None = None) -> list[Event]:
    """The next events of the open scope's organization, in (tx, id) order, none that could still be overtaken."""
    rows = Event.objects.extra(
        where=["(events_event.tx, events_event.id) > (%s, %s)", "events_event.tx < app_xmin()"], params=list(after)
    ).order_by("tx", "id")
    if types is not None:
        rows = rows.filter(type__in=types)
    return list(rows[:limit])


def end() -> Position:
    """Where the log of the open scope's organization ends: all that `tail` gives now stands up to here."""
    return _last(Event.objects.extra(where=["events_event.tx < app_xmin()"]))


def newest() -> Position:
    """The newest fact that can be seen, also one that others may still overtake: for who asks whether anything is new,
    together with `end`."""
    return _last(Event.objects.all())


def _last(rows: QuerySet[Event]) -> Position:
    found = rows.order_by("-tx", "-id").values_list("tx", "id").first()
    return (found[0], found[1]) if found else START


def event(event_id: UUID) -> Event:
    """One event of the open scope's organization. Raises `Event.DoesNotExist`."""
    return Event.objects.get(id=event_id)


def history(subject: str, subject_id: UUID) -> list[Event]:
    """All that happened to one subject, in its own order."""
    return list(Event.objects.filter(subject=subject, subject_id=subject_id).order_by("subject_seq"))


def latest(
    subjects: Sequence[str], *, without: Sequence[str] = (), before: UUID | None = None, limit: int = 100
) -> list[Event]:
    """What happened last to subjects of these kinds, but for the types `without`, newest first; the next page is
    `before` the last one's id. Ids rise with time: for people to read, not to follow (`tail` loses nothing)."""
    rows = Event.objects.filter(subject__in=list(subjects)).exclude(type__in=list(without))
    if before is not None:
        rows = rows.filter(id__lt=before)
    return list(rows.order_by("-id")[:limit])
