"""What a check is given, and what it finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from homestretch.events.scope import scope
from homestretch.kernel.actor import system


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that breaks an invariant. `organization` is None for what concerns the whole installation."""

    invariant: str
    organization: UUID | None
    subject: str
    what: str


Found = Iterator[tuple[str, str]]  # (subject, what)


@dataclass(frozen=True, slots=True)
class Look:
    """One organization in one snapshot. `now` is on the clock of the domain, `working` whether a worker is alive."""

    organization: UUID
    now: datetime
    working: bool
    jobs: frozenset[str] = field(default_factory=frozenset)

    def rows(self, statement: str, **values: Any) -> Iterator[tuple[Any, ...]]:
        """Rows of a query that filters by `%(org)s` itself; `%(now)s` is given too."""
        with connection.cursor() as cursor:
            cursor.execute(statement, {"org": self.organization, "now": self.now, **values})
            while page := cursor.fetchmany(1000):
                yield from page


Check = Callable[[Look], Found]


@contextmanager
def snapshot(organization: UUID | None = None) -> Iterator[None]:
    """A read-only transaction that sees one state of the database, in the organization's scope where one is given.

    It holds back no reader of the log, for it writes nothing.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("set transaction isolation level repeatable read, read only")
            cursor.execute("select name from pg_settings where name in ('statement_timeout', 'transaction_timeout')")
            for (name,) in cursor.fetchall():
                cursor.execute("select set_config(%s, '0', true)", [name])
        if organization is None:
            yield
        else:
            with scope(system(organization)):
                yield
