"""Who listens: `each` is one job per fact, inside its transaction; `drain` is one reader with a cursor.

A drain is asked for after the commit and swept by the worker besides, for a lock taken inside the transaction
would serialize all writers and lose.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import connection, transaction
from procrastinate.exceptions import AlreadyEnqueued

from homestretch.events.later import app, defer, job
from homestretch.events.log import after_record, event, tail
from homestretch.events.models import Cursor, Event, Handled
from homestretch.events.scope import scope
from homestretch.kernel.actor import system
from homestretch.kernel.facts import Fact

PAGE = 200


@dataclass(frozen=True, slots=True)
class Subscription:
    """One listener, by the name of its consumer."""

    kind: str  # each or drain
    name: str


class Every:
    """Stands for every type of fact in the table of subscriptions."""


def each(name: str) -> Subscription:
    """One job per fact."""
    return Subscription("each", name)


def drain(name: str) -> Subscription:
    """One pending reader from its cursor."""
    return Subscription("drain", name)


_table: dict[type, list[Subscription]] = {}
_consumers: dict[str, Callable[[Event], None]] = {}
_drains: dict[str, Callable[[list[Event]], None]] = {}


def consumer(name: str) -> Callable[[Callable[[Event], None]], Callable[[Event], None]]:
    """Declare what an `each` calls: in a transaction of the organization's system actor, once per event for good."""

    def declare(function: Callable[[Event], None]) -> Callable[[Event], None]:
        @functools.wraps(function)
        def run(organization_id: UUID, event_id: UUID) -> None:
            with scope(system(organization_id)):
                _, fresh = Handled.objects.get_or_create(event_id=event_id, consumer=name)
                if fresh:
                    function(event(event_id))

        _consumers[name] = function
        job(name)(run)
        return function

    return declare


def drainer(name: str) -> Callable[[Callable[[list[Event]], None]], Callable[[list[Event]], None]]:
    """Declare what a `drain` calls with each page, in the transaction that moves its cursor."""

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
        if listener.kind == "each":
            defer(listener.name, organization_id, {"event_id": event_id})
        else:
            _ask_after_commit(listener.name, organization_id)


def _ask_after_commit(name: str, organization_id: UUID) -> None:
    """Once per transaction, however many facts it states: an import's chunk states a thousand."""
    asked = (name, organization_id)
    waiting = (getattr(entry[1], "args", None) for entry in connection.run_on_commit)
    if asked not in waiting:
        transaction.on_commit(functools.partial(ask_drain, *asked))


def ask_drain(name: str, organization_id: UUID) -> None:
    """Have a drain run, unless one waits already: its own short transaction, never inside a writer's."""
    task = app.configure_task("events.drain", queueing_lock=f"drain:{name}:{organization_id}", queue="drain")
    try:
        with transaction.atomic():
            task.defer(organization_id=str(organization_id), name=name)
    except AlreadyEnqueued:
        pass  # the one that waits will read ours too


# Never retried: a retry goes back under the queueing lock, which the next one has taken by then, and so would stay
# `doing` for ever. The sweep asks again.
@job("events.drain", queue="drain", retry=None)
def run_drain(organization_id: UUID, name: str) -> None:
    """Read pages from the cursor until there are none."""
    while _read_page(organization_id, name) == PAGE:
        pass


def _read_page(organization_id: UUID, name: str) -> int:
    with scope(system(organization_id)):
        Cursor.objects.bulk_create([Cursor(organization_id=organization_id, name=name)], ignore_conflicts=True)
        cursor = Cursor.objects.select_for_update().get(organization_id=organization_id, name=name)
        events = tail((cursor.tx, cursor.event_id), limit=PAGE)
        if events:
            _drains[name](events)
            cursor.tx, cursor.event_id = events[-1].tx, events[-1].id
            cursor.save()
        return len(events)


def introduce(organization_id: UUID) -> None:
    """Give a new organization its cursors, so that the sweeps know it."""
    names = ["events.seal", *_drains]
    Cursor.objects.bulk_create(
        [Cursor(organization_id=organization_id, name=name) for name in names], ignore_conflicts=True
    )


def known_organizations() -> list[UUID]:
    """Every organization that has a cursor."""
    return list(Cursor.objects.filter(name="events.seal").values_list("organization_id", flat=True))


def behind(organization_id: UUID) -> list[str]:
    """Drains with something to read: what the sweep asks for."""
    with scope(system(organization_id)):
        marks = {c.name: (c.tx, c.event_id) for c in Cursor.objects.filter(organization_id=organization_id)}
        return [name for name in _drains if tail(marks.get(name, (0, UUID(int=0))), limit=1)]
