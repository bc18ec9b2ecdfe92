"""Group commit: what arrives within a tick is committed together, and acknowledged only then.

One transaction for all organizations, pipelined, the scope set anew before each one's rows. If it fails it is repeated
per organization, then per batch, so that one bad row hurts nobody else.

Who changes an organization's duties locks its positions out meanwhile. A tick waits for that a moment only: then it
goes on without that organization, whose batches are tried again, by themselves and without waiting, until it is free.
"""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from time import monotonic
from uuid import UUID

import psycopg
from psycopg import AsyncConnection

from homestretch.kernel.refusal import Refusal
from homestretch.tracking.intake import (
    KEEP,
    SET_ORGANIZATION,
    TRY_ORGANIZATION,
    WAIT_FOR_LOCKS,
    Report,
    days_of,
    keep_values,
)
from homestretch.tracking.rules.clocks import Sent, set_right
from homestretch.tracking.rules.fixes import OFF_SHIFT, Fix, by_the_clock, off_shift

log = logging.getLogger(__name__)
TICK_S = 0.02
MOST_WAITING = 20_000  # positions; beyond it the door says 503 rather than grow
AGAIN_S = 0.05  # until batches of an organization whose duties change are tried again,
PATIENCE_S = 10.0  # for so long

Connect = Callable[[], Awaitable[AsyncConnection]]
After = Callable[[set[UUID]], Awaitable[None]]


@dataclass(slots=True)
class Waiting:
    """A batch that waits for its commit, `since` this second; `apart`: its organization was found locked.

    `fixes` are those of `given` that go into the database, their clocks set right; `refused` by their index in `given`.
    """

    organization_id: UUID
    device_id: UUID
    given: Sequence[Fix]
    sent: Sent | None
    done: asyncio.Future[list[dict[str, object]]]
    fixes: Sequence[Fix] = ()
    refused: list[dict[str, object]] = field(default_factory=list)
    since: float = field(default_factory=monotonic)
    apart: bool = False

    @property
    def report(self) -> Report:
        """As the statement takes it."""
        return Report(self.organization_id, self.device_id, self.fixes)

    def read(self, now: datetime) -> None:
        """Set the clock right, and leave out what can't be of these days."""
        kept = by_the_clock(set_right(self.given, self.sent, now), now)
        self.fixes, self.refused = kept.fixes, kept.refused

    def leave_out(self, places: Iterable[int]) -> None:
        """These of `fixes` were off shift."""
        gone = {row["index"] for row in self.refused}
        indexes = [index for index in range(len(self.given)) if index not in gone]
        self.refused = [*self.refused, *(off_shift(indexes[place]) for place in places)]


class Busy(Exception):
    """An organization's duties are being changed."""


class Committer:
    """Takes batches, commits ticks. `after` hears which organizations got positions, before they are acknowledged."""

    def __init__(self, connect: Connect, after: After, tick_s: float = TICK_S) -> None:
        self._connect, self._after, self._tick_s = connect, after, tick_s
        self._connection: AsyncConnection | None = None
        self._waiting: list[Waiting] = []
        self._taken: list[Waiting] = []
        self._count = 0
        self._ended = False
        self._wake = asyncio.Event()
        self._days: set[date] = set()
        self.committed = 0  # positions, since the start
        self.off_shift = 0

    async def put(
        self, organization_id: UUID, device_id: UUID, fixes: Sequence[Fix], sent: Sent | None = None
    ) -> list[dict[str, object]]:
        """Returns once the fixes are committed, with those that were refused by the clock, or were taken off shift.

        Refuses `positions.unavailable`: nothing of the batch is acknowledged, send it again.
        """
        if self._ended:
            raise _unavailable("this process stops")
        if self._count + len(fixes) > MOST_WAITING:
            raise _unavailable("more positions come in than are written")
        done: asyncio.Future[list[dict[str, object]]] = asyncio.get_running_loop().create_future()
        self._add(Waiting(organization_id, device_id, fixes, sent, done))
        self._wake.set()
        return await done

    def _add(self, batch: Waiting) -> None:
        self._waiting.append(batch)
        self._count += len(batch.given)

    async def run(self) -> None:
        """Commit ticks until cancelled; what waits then is refused, and so is what comes later.

        A tick that fails for whatever reason is refused as a whole, and the next one tried: nobody waits in vain.
        """
        self._ended = False
        try:
            while True:
                await self._next()
                self._taken, self._waiting, self._count = self._waiting, [], 0
                try:
                    await self._tick(self._taken)
                except Exception:
                    log.critical("a tick of positions could not be committed", exc_info=True)
                    _refuse(self._taken, "the positions could not be written")
        finally:
            self._ended = True
            _refuse([*self._taken, *self._waiting], "this process stops")
            if self._connection is not None:
                await self._connection.close()

    async def _next(self) -> None:
        """Until there is something to commit, and a tick longer for what comes with it."""
        with suppress(TimeoutError):
            async with asyncio.timeout(AGAIN_S if self._waiting else None):
                await self._wake.wait()
        await asyncio.sleep(self._tick_s)
        self._wake.clear()

    async def _tick(self, batches: list[Waiting]) -> None:
        apart = {batch.organization_id for batch in batches if batch.apart}
        together = [batch for batch in batches if batch.organization_id not in apart]
        parts = _by_organization(batch for batch in batches if batch.organization_id in apart)
        try:
            if together:
                await self._try(together)
        except Exception as error:
            log.warning("a tick of positions failed and is repeated in parts", exc_info=error)
            parts |= _by_organization(together)
        for part in parts.values():
            await self._part(part)
        back = {id(batch) for batch in self._waiting}
        written = [batch for batch in batches if not batch.done.done() and id(batch) not in back]
        try:
            await self._after({batch.organization_id for batch in written})
        except Exception:  # the positions stand; the next ones, or the refresh, have them followed
            log.exception("nobody could be told of new positions")
        for batch in written:
            if not batch.done.done():
                off = sum(row["code"] == OFF_SHIFT for row in batch.refused)
                self.committed += len(batch.fixes) - off
                self.off_shift += off
                batch.done.set_result(batch.refused)

    async def _part(self, part: list[Waiting]) -> None:
        """Batches of one organization, in a transaction of their own."""
        try:
            await self._try(part, alone=True)
        except Busy:
            self._put_back(part)
        except Exception as error:
            if len(part) > 1:
                for batch in part:
                    await self._part([batch])
            else:
                log.error("a batch of positions was not written", exc_info=error)
                _refuse(part, "the batch could not be written")

    def _put_back(self, part: list[Waiting]) -> None:
        """To be tried again soon, but not for ever."""
        late = [batch for batch in part if monotonic() - batch.since > PATIENCE_S]
        _refuse(late, "the organization's duties are being changed")
        for batch in part:
            if not batch.done.done():
                batch.apart = True
                self._add(batch)

    async def _try(self, batches: list[Waiting], *, alone: bool = False) -> None:
        """One transaction. Whatever goes wrong leaves nothing, and the connection as new.

        `alone`: of one organization; raises `Busy` rather than wait for its lock.
        """
        connection = await self._open()
        try:
            now = await self._clock(connection)
            for batch in batches:
                batch.read(now)
            await self._make_days(connection, days_of(batch.report for batch in batches))
            if alone and not await self._is_free(connection, batches[0].organization_id):
                raise Busy
            await self._write(connection, batches, now)
        except Busy:
            await connection.rollback()
            raise
        except Exception:
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

    async def _is_free(self, connection: AsyncConnection, organization_id: UUID) -> bool:
        """Takes the organization's lock for this transaction, if that can be done at once."""
        row = await (await connection.execute(TRY_ORGANIZATION, {"organization": str(organization_id)})).fetchone()
        return bool(row and row[0])

    async def _make_days(self, connection: AsyncConnection, days: set[date]) -> None:
        missing = days - self._days
        if missing:
            for day in sorted(missing):
                await connection.execute("select make_day(%s)", [day])
            await connection.commit()
            self._days |= missing

    async def _write(self, connection: AsyncConnection, batches: Iterable[Waiting], now: datetime) -> None:
        answers = []
        async with connection.pipeline():
            await connection.execute(WAIT_FOR_LOCKS)
            for organization_id, group in sorted(_by_organization(batches).items()):
                values = keep_values(organization_id, (batch.report for batch in group), now)
                await connection.execute(SET_ORGANIZATION, values, prepare=True)
                answers.append((group, await connection.execute(KEEP, values, prepare=True)))
            await connection.commit()
        for group, answer in answers:
            _leave_out(group, [number for (number,) in await answer.fetchall()])


def _by_organization(batches: Iterable[Waiting]) -> dict[UUID, list[Waiting]]:
    groups: dict[UUID, list[Waiting]] = defaultdict(list)
    for batch in batches:
        groups[batch.organization_id].append(batch)
    return groups


def _leave_out(group: Iterable[Waiting], places: Sequence[int]) -> None:
    """Tell each batch of a statement which of its fixes were off shift."""
    begin = 0
    for batch in group:
        end = begin + len(batch.fixes)
        batch.leave_out(place - begin for place in places if begin <= place < end)
        begin = end


def _refuse(batches: Iterable[Waiting], cause: str) -> None:
    for batch in batches:
        if not batch.done.done():
            batch.done.set_exception(_unavailable(cause))


def _unavailable(cause: str) -> Refusal:
    return Refusal("positions.unavailable", cause, remedy="send the batch again: twice is fine")
