"""What the hot doors read, on connections of their own: devices, the log's tail, vehicles, the clock."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from homestretch.accounts.principals import WHO_IS_DEVICE
from homestretch.doors.live.devices import Device
from homestretch.doors.live.hub import Entry, Moved, Position, Source
from homestretch.events.log import START
from homestretch.kernel.units import iso

SET_ORGANIZATION = "select set_config('app.organization', %s, true)"

EVENTS = """
select tx, id, type, subject, subject_id, subject_seq, actor, at, recorded_at, data from events_event
where organization_id = %s and (tx, id) > (%s, %s) and tx < app_xmin() order by tx, id limit %s
"""

END = """
select tx, id from events_event where organization_id = %s and tx < app_xmin() order by tx desc, id desc limit 1
"""

VEHICLES = """
select w.route_id, r.vehicle_id, w.at, w.lat, w.lon, w.speed_mh, w.bearing_deg
from tracking_whereabouts w join dispatch_route r on r.organization_id = w.organization_id and r.id = w.route_id
where w.organization_id = %s and w.at > app_now() - interval '12 hours' and r.finished_at is null
"""

PRESENT = """
select day, name, tab, selected, seen_at from plans_presence
where organization_id = %s and seen_at > clock_timestamp() - interval '25 seconds' order by day, name, tab
"""

SEARCHES = """
select plan_id, state, base, seconds, progress, best is not null from plans_optimization
where organization_id = %s and state in ('waiting', 'running') order by created_at, id
"""


class Reader:
    """Reads by a pool; each organization's rows in a transaction with its scope."""

    def __init__(self, pool: AsyncConnectionPool) -> None:
        self._pool = pool

    @property
    def source(self) -> Source:
        """For hubs."""
        return Source(self.events, self.end, self.vehicles, self.boards)

    async def device(self, digest: bytes) -> Device | None:
        """The device behind a token's hash; one that waits for its code is nobody."""
        async with self._pool.connection() as connection:
            row = await (await connection.execute(WHO_IS_DEVICE, [digest])).fetchone()
        if row is None or row[5]:
            return None
        return Device(row[0], row[1])

    async def now(self) -> datetime:
        """What time it is."""
        async with self._pool.connection() as connection:
            row = await (await connection.execute("select app_now()")).fetchone()
        assert row is not None
        return row[0]

    async def events(self, organization_id: UUID, after: Position, limit: int) -> list[Entry]:
        """The next events of the log, none that could still be overtaken."""
        return [Entry(*row) async for row in self._rows(organization_id, EVENTS, [organization_id, *after, limit])]

    async def end(self, organization_id: UUID) -> Position:
        """Where the log ends now."""
        rows = [row async for row in self._rows(organization_id, END, [organization_id])]
        return (rows[0][0], rows[0][1]) if rows else START

    async def vehicles(self, organization_id: UUID) -> list[Moved]:
        """Vehicles on the road that were heard of late."""
        return [Moved(*row) async for row in self._rows(organization_id, VEHICLES, [organization_id])]

    async def boards(self, organization_id: UUID) -> list[tuple[str, dict[str, Any]]]:
        """Who has which day's board open, and the searches that run."""
        people = [
            {"day": day.isoformat(), "name": name, "tab": str(tab), "selected": selected, "seen_at": iso(seen_at)}
            async for day, name, tab, selected, seen_at in self._rows(organization_id, PRESENT, [organization_id])
        ]
        names = ("plan_id", "state", "base", "seconds", "progress", "best")
        searches = [
            dict(zip(names, (str(row[0]), *row[1:]), strict=True))
            async for row in self._rows(organization_id, SEARCHES, [organization_id])
        ]
        return [("presence", {"people": people}), ("search", {"searches": searches})]

    async def _rows(self, organization_id: UUID, query: Any, values: list[Any]) -> AsyncIterator[tuple[Any, ...]]:
        async with self._scope(organization_id) as connection:
            for row in await (await connection.execute(query, values)).fetchall():
                yield row

    @asynccontextmanager
    async def _scope(self, organization_id: UUID) -> AsyncIterator[AsyncConnection]:
        async with self._pool.connection() as connection, connection.transaction():
            await connection.execute(SET_ORGANIZATION, [str(organization_id)])
            yield connection
