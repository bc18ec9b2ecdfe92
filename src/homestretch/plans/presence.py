"""Who has a day's board open, and what they hold selected: rows that live as long as they are said again.

Presence is about people at their desks, so it goes by the real clock. A change is told on a channel of its own, beside
the log: `doors.live` hands it to every stream of the organization.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from django.db import connection

from homestretch.events.action import action
from homestretch.events.scope import current_organization
from homestretch.kernel.actor import Actor
from homestretch.kernel.ids import uuid7
from homestretch.plans.models import Presence

CHANNEL = "homestretch_board"
ALIVE = timedelta(seconds=25)  # a board says itself again every 10 s
MOST_SELECTED = 200

_SAY = """
insert into plans_presence as p (id, organization_id, member, tab, day, name, selected, seen_at)
values (%(id)s, %(organization)s, %(member)s, %(tab)s, %(day)s, %(name)s, %(selected)s::jsonb, %(seen_at)s)
on conflict (organization_id, member, tab)
    do update set day = excluded.day, name = excluded.name, selected = excluded.selected, seen_at = excluded.seen_at
"""


def tell() -> None:
    """Say, when the transaction commits, that what is beside the log has changed: presence, or a search's best."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_notify(%s, %s)", [CHANNEL, str(current_organization())])


@action
def say_present(day: date, tab: UUID, selected: Sequence[UUID], *, name: str, by: Actor, at: datetime) -> None:
    """This tab shows the board of a day, and has these selected. `at` is real time."""
    values = {
        "id": uuid7(),
        "organization": by.organization_id,
        "member": str(by),
        "tab": tab,
        "day": day,
        "name": name[:120],
        "selected": json.dumps([str(one) for one in selected[:MOST_SELECTED]]),
        "seen_at": at,
    }
    with connection.cursor() as cursor:
        cursor.execute(_SAY, values)
    Presence.objects.filter(seen_at__lt=at - 4 * ALIVE).delete()
    tell()


@action
def say_gone(tab: UUID, *, by: Actor) -> None:
    """This tab is closed."""
    Presence.objects.filter(member=str(by), tab=tab).delete()
    tell()


def present(day: date) -> list[Presence]:
    """Who has the board of a day open now."""
    since = datetime.now(UTC) - ALIVE
    return list(Presence.objects.filter(day=day, seen_at__gt=since).order_by("name", "member", "tab"))
