"""Who listens: `each` is one job per fact, inside its transaction; `bulk` is one, too, for facts that come by the
thousand, and lets all others go before it; `drain` is one reader with a cursor.

A drain is read by a loop of the worker, never asked for by a writer: a queueing lock taken inside the transaction would
serialize all writers, and a job per commit would be the half of all jobs.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import OperationalError, connection

from homestretch.events.later import defer, job
from homestretch.events.log import after_record, event, tail
from homestretch.events.models import Cursor, Event
from homestretch.events.scope import current_organization, scope
from homestretch.events.seals import SEALS
from homestretch.kernel.actor import system
from homestretch.kernel.facts import Fact
from homestretch.kernel.ids import uuid7

log = logging.getLogger(__name__)
PAGE, MOST_IN_A_TURN = 200, 20_000
REST_S = 10.0  # of a drain that failed
PRIORITY = {"each": 0, "bulk": -10}  # in the queue: the greater, the sooner

_BEHIND = """
select name from events_cursor c where organization_id = %s and exists (
    select from events_event e where e.organization_id = c.organization_id
    and (e.tx, e.id) > (c.tx, c.event_id) and e.tx < app_xmin())
order by name
"""

_HANDLED = """
insert into events_handled (id, organization_id, event_id, consumer) values (%s, %s, %s, %s)
on conflict (organization_id, event_id, consumer) do nothing
"""


@dataclass(frozen=True, slots=True)
class Subscription:
    """One listener, by the name of its consumer."""

    kind: str  # each, bulk or drain
    name: str


class Every:
    """Stands for every type of fact in the table of subscriptions."""


def each(name: str) -> Subscription:
    """One job per fact."""
    return Subscription("each", name)


def bulk(name: str) -> Subscription:
    """One job per fact, behind those of facts that somebody on the road waits for: a release of 5,000 orders must not
    hold up what becomes of a stop that failed."""
    return Subscription("bulk", name)


def drain(name: str) -> Subscription:
    """One reader from its cursor, of the types that it is subscribed to."""
    return Subscription("drain", name)


_table: dict[type, list[Subscription]] = {}
_consumers: dict[str, Callable[[Event], None]] = {}
_drains: dict[str, Callable[[list[Event]], None]] = {}
_resting: dict[tuple[str, UUID], float] = {}


def consumer(name: str) -> Callable[[Callable[[Event], None]], Callable[[Event], None]]:
    """Declare what an `each` calls: in a transaction of the organization's system actor, once per event for good."""

    def declare(function: Callable[[Event], None]) -> Callable[[Event], None]:
        def run(organization_id: UUID, event_id: UUID) -> None:
            with scope(system(organization_id)):
                if _is_first(event_id, name):
                    function(event(event_id))

        _consumers[name] = function
        job(name)(run)
        return function

    return declare


def _is_first(event_id: UUID, name: str) -> bool:
    """Mark an event as handled by a consumer; False where it is already. Waits for whoever is at it."""
    with connection.cursor() as cursor:
        cursor.execute(_HANDLED, [uuid7(), current_organization(), event_id, name])
        return cursor.rowcount == 1


def drainer(name: str) -> Callable[[Callable[[list[Event]], None]], Callable[[list[Event]], None]]:
    """Declare what a `drain` calls with what it wants of each page, in the transaction that moves its cursor."""

    def declare(function: Callable[[list[Event]], None]) -> Callable[[list[Event]], None]:
        _drains[name] = function
        return function

    return declare


def subscribe(table: Mapping[type, list[Subscription]]) -> None:
    """Install the table of subscriptions (wiring, once, at start)."""
    _table.clear()
    _table.update(table)
    after_record(_follow)


def installed() -> dict[type, list[Subscription]]:
    """The installed table."""
    return dict(_table)


def consumers() -> dict[str, Callable[[Event], None]]:
    """Every declared `each` consumer by name."""
    return dict(_consumers)


def drains() -> dict[str, Callable[[list[Event]], None]]:
    """Every declared drain by name."""
    return dict(_drains)


def _follow(organization_id: UUID, event_id: UUID, fact: type[Fact]) -> None:
    for listener in _table.get(fact, []) + _table.get(Every, []):
        if listener.kind in PRIORITY:
            defer(listener.name, organization_id, {"event_id": event_id}, priority=PRIORITY[listener.kind])


def _wanted(name: str, events: list[Event]) -> list[Event]:
    """What of a page a drain is subscribed to."""
    facts = {fact for fact, listeners in _table.items() if drain(name) in listeners}
    if Every in facts:
        return events
    types = {fact.type for fact in facts if issubclass(fact, Fact)}
    return [event for event in events if event.type in types]


def catch_up(organization_id: UUID, names: Iterable[str] | None = None) -> int:
    """Let every drain of an organization, or those of `names`, read what has settled; returns how many events it was.

    One that fails rests for a while, one that has very much to read goes on in the next turn: neither keeps another
    from its own.
    """
    names = behind(organization_id) if names is None else names
    return sum(_read_on(name, organization_id) for name in names if name in _drains)


def _read_on(name: str, organization_id: UUID) -> int:
    if _resting.get((name, organization_id), 0.0) > time.monotonic():
        return 0
    read = 0
    try:
        while read < MOST_IN_A_TURN and (page := read_page(name, organization_id)):
            read += page
    except OperationalError:
        raise  # the database is away: for all of them
    except Exception:
        log.exception("a drain failed", extra={"drain": name, "organization": str(organization_id)})
        _resting[name, organization_id] = time.monotonic() + REST_S
    return read


def read_page(name: str, organization_id: UUID) -> int:
    """Have a drain read one page, in the transaction that moves its cursor; 0 where another process is at it."""
    with scope(system(organization_id)):
        mine = Cursor.objects.filter(organization_id=organization_id, name=name)
        cursor = mine.select_for_update(skip_locked=True).first()
        events = tail((cursor.tx, cursor.event_id), limit=PAGE) if cursor else []
        if cursor and events:
            if wanted := _wanted(name, events):
                _drains[name](wanted)
            cursor.tx, cursor.event_id = events[-1].tx, events[-1].id
            cursor.save()
        return len(events)


def introduce(organization_id: UUID) -> None:
    """Give an organization the cursors that it lacks, so that the worker's loops know it."""
    names = [SEALS, *_drains]
    Cursor.objects.bulk_create(
        [Cursor(organization_id=organization_id, name=name) for name in names], ignore_conflicts=True
    )


def known_organizations() -> list[UUID]:
    """Every organization that has a cursor."""
    return list(Cursor.objects.filter(name=SEALS).values_list("organization_id", flat=True))


def behind(organization_id: UUID) -> list[str]:
    """The cursors that have something to read; takes no lock, for most of the time it is none."""
    with scope(system(organization_id)), connection.cursor() as cursor:
        cursor.execute(_BEHIND, [organization_id])
        return [name for (name,) in cursor.fetchall()]
