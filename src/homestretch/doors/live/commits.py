"""Group commit: what arrives within a tick is committed together, and acknowledged only then.

One transaction for all organizations, pipelined, the scope set anew before each one's rows. If it fails it is repeated
per organization, then per batch, so that one bad row hurts nobody else.
"""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

import psycopg
from psycopg import AsyncConnection

from homestretch.kernel.refusal import Refusal
from homestretch.tracking.intake import KEEP, SET_ORGANIZATION, Report, days_of, keep_values
from homestretch.tracking.rules.fixes import Fix, by_the_clock

log = logging.getLogger(__name__)
TICK_S = 0.02
MOST_WAITING = 20_000  # positions; beyond it the door says 503 rather than grow

Connect = Callable[[], Awaitable[AsyncConnection]]
After = Callable[[set[UUID]], Awaitable[None]]


@dataclass(slots=True)
class Waiting:
    """A batch that waits for its commit."""

    organization_id: UUID
    device_id: UUID
    fixes: Sequence[Fix]
    done: asyncio.Future[list[dict[str, object]]]
    refused: list[dict[str, object]] = field(default_factory=list)

    @property
    def report(self) -> Report:
        """As the statement takes it."""
        return Report(self.organization_id, self.device_id, self.fixes)


class Committer:
    """Takes batches, commits ticks. `after` hears which organizations got positions, before they are acknowledged."""

    def __init__(self, connect: Connect, after: After, tick_s: float = TICK_S) -> None:
        self._connect, self._after, self._tick_s = connect, after, tick_s
        self._connection: AsyncConnection | None = None
        self._waiting: list[Waiting] = []
        self._count = 0
        self._wake = asyncio.Event()
        self._days: set[date] = set()
        self.committed = 0  # positions, since the start

    async def put(self, organization_id: UUID, device_id: UUID, fixes: Sequence[Fix]) -> list[dict[str, object]]:
        """Returns once the fixes are committed, with those that were refused by the clock.

        Refuses `positions.unavailable`: nothing of the batch is acknowledged, send it again.
        """
        if self._count + len(fixes) > MOST_WAITING:
            raise _unavailable("more positions come in than are written")
        done: asyncio.Future[list[dict[str, object]]] = asyncio.get_running_loop().create_future()
        self._waiting.append(Waiting(organization_id, device_id, fixes, done))
        self._count += len(fixes)
        self._wake.set()
        return await done

    async def run(self) -> None:
        """Commit ticks until cancelled; what waits then is refused."""
        try:
            while True:
                await self._wake.wait()
                await asyncio.sleep(self._tick_s)
                self._wake.clear()
                batches, self._waiting, self._count = self._waiting, [], 0
                await self._tick(batches)
        finally:
            for batch in self._waiting:
                batch.done.cancel()
            if self._connection is not None:
                await self._connection.close()

    async def _tick(self, batches: list[Waiting]) -> None:
        try:
            await self._try(batches)
        except psycopg.Error as error:
            log.warning("a tick of positions failed and is repeated in parts", exc_info=error)
            for part in _by_organization(batches).values():
                await self._part(part)
        done = {batch.organization_id for batch in batches if not batch.done.done()}
        try:
            await self._after(done)
        except Exception:  # the positions stand; the next ones, or the refresh, have them followed
            log.exception("nobody could be told of new positions")
        for batch in batches:
            if not batch.done.done():
                self.committed += len(batch.fixes)
                batch.done.set_result(batch.refused)

    async def _part(self, part: list[Waiting]) -> None:
        try:
            await self._try(part)
        except psycopg.Error as error:
            if len(part) > 1:
                for batch in part:
                    await self._part([batch])
            elif not part[0].done.done():
                log.error("a batch of positions was not written", exc_info=error)
                part[0].done.set_exception(_unavailable("the batch could not be written"))

    async def _try(self, batches: list[Waiting]) -> None:
        """One transaction. Whatever goes wrong leaves nothing, and the connection as new."""
        connection = await self._open()
        try:
            now = await self._clock(connection)
            for batch in batches:
                kept = by_the_clock(list(batch.fixes), now)
                batch.fixes, batch.refused = kept.fixes, batch.refused + kept.refused
            await self._make_days(connection, days_of(batch.report for batch in batches))
            await self._write(connection, batches, now)
        except psycopg.Error:
            await self._reset(connection)
            raise

    async def _open(self) -> AsyncConnection:
        if self._connection is None or self._connection.closed:
            self._connection = await self._connect()
        return self._connection

    async def _reset(self, connection: AsyncConnection) -> None:
        self._days.clear()
        try:
            await connection.rollback()
        except psycopg.Error:
            await connection.close()

    async def _clock(self, connection: AsyncConnection) -> datetime:
        row = await (await connection.execute("select app_now()")).fetchone()
        assert row is not None
        return row[0]

    async def _make_days(self, connection: AsyncConnection, days: set[date]) -> None:
        missing = days - self._days
        if missing:
            for day in sorted(missing):
                await connection.execute("select make_day(%s)", [day])
            await connection.commit()
            self._days |= missing

    async def _write(self, connection: AsyncConnection, batches: Iterable[Waiting], now: datetime) -> None:
        async with connection.pipeline():
            for organization_id, group in sorted(_by_organization(batches).items()):
                values = keep_values(organization_id, (batch.report for batch in group), now)
                await connection.execute(SET_ORGANIZATION, values, prepare=True)
                await connection.execute(KEEP, values, prepare=True)
            await connection.commit()


def _by_organization(batches: Iterable[Waiting]) -> dict[UUID, list[Waiting]]:
    groups: dict[UUID, list[Waiting]] = defaultdict(list)
    for batch in batches:
        groups[batch.organization_id].append(batch)
    return groups


def _unavailable(cause: str) -> Refusal:
    return Refusal("positions.unavailable", cause, remedy="send the batch again: twice is fine")
