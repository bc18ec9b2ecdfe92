"""The hot doors as one ASGI application: its routes, its connections, its tasks."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID

import psycopg
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from homestretch.doors.live.commits import Committer
from homestretch.doors.live.devices import Devices
from homestretch.doors.live.keeping import kept_up
from homestretch.doors.live.positions import Positions
from homestretch.doors.live.reading import Reader
from homestretch.doors.live.streams import Streams
from homestretch.events.log import CHANNEL
from homestretch.kernel.actor import Actor
from homestretch.kernel.ids import uuid7
from homestretch.kernel.refusal import Refusal
from homestretch.plans.presence import CHANNEL as BOARDS
from homestretch.tracking.intake import CHANNEL as MOVED
from homestretch.web.plain import Gone, Message, Receive, Scope, Send, refuse
from homestretch.web.problems import database_away

log = logging.getLogger(__name__)
NAME = "homestretch live"  # of the connections, for who looks at the database
RECONNECT_S = 1.0
FOLLOW_EVERY_S = 1.0
SIMULATED_RATE = 600.0  # a simulated day may run that many times faster, and so may its phones


@dataclass(frozen=True, slots=True)
class Ways:
    """What the doors are given: the database, this installation's address, and two questions that Django answers.

    `principal_of` says who asks for a stream, `ask_follow` asks for new positions of an organization to be followed;
    both are synchronous. On the `simulated` clock that is asked before positions are acknowledged, for that clock
    stands still while work waits.
    """

    dsn: str
    url: str
    principal_of: Callable[[Scope], Actor]
    ask_follow: Callable[[UUID], None]
    simulated: bool = False
    proxied: bool = False  # an own proxy stands before us, and says in X-Forwarded-For who asks
    pool: int = 6


class Live:
    """`/live/...`. Open it before the first request; `stop` ends the streams at once, `close` the rest."""

    def __init__(self, ways: Ways) -> None:
        self._ways = ways
        self._pool = AsyncConnectionPool(
            ways.dsn,
            min_size=1,
            max_size=ways.pool,
            open=False,
            check=AsyncConnectionPool.check_connection,
            kwargs={"application_name": NAME},
        )
        reader = Reader(self._pool)
        self._to_follow: set[UUID] = set()
        self._committer = Committer(self._connect, self._after)
        devices = Devices(reader.device, SIMULATED_RATE if ways.simulated else 1.0)
        self._positions = Positions(devices, self._committer, reader.now, proxied=ways.proxied)
        self._streams = Streams(reader.source, self._who)
        self._tasks: list[asyncio.Task[None]] = []

    async def open(self) -> None:
        """Connect, and begin to commit, listen and beat. Raises `psycopg.Error` where the database is away."""
        await self._pool.open(wait=True, timeout=10)
        for work in (self._committer.run, self._listen, self._streams.beat, self._follow):
            self._tasks.append(asyncio.create_task(kept_up(work)))

    def figures(self) -> dict[str, int]:
        """Positions that were committed or were off shift, and streams that are open."""
        committer = self._committer
        return {
            "positions": committer.committed,
            "positions_off_shift": committer.off_shift,
            "streams": self._streams.count,
        }

    def stop(self) -> None:
        """Have every stream end by itself."""
        self._streams.stop()

    async def close(self) -> None:
        """End all tasks and connections."""
        self.stop()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._streams.close()
        await self._pool.close()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, with a problem document where it can't be answered otherwise."""
        begun = False

        async def noting(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._route(scope, receive, noting)
        except Gone:
            return
        except Exception as error:
            if begun:  # the answer can't be taken back: the server cuts it off
                raise
            request_id = uuid7()
            await refuse(send, _refusal_of(error, request_id), self._ways.url, request_id)

    def _route(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        name, _, rest = scope["path"].removeprefix("/live/").partition("/")
        method, positions = scope["method"], self._positions
        if (method, name, rest) == ("POST", "positions", ""):
            return positions.json(scope, receive, send)
        if (method, name, rest) == ("GET", "events", ""):
            return self._streams.serve(scope, receive, send)
        if name == "osmand" and method in {"GET", "POST"}:
            return positions.osmand(scope, receive, send, rest.strip("/"))
        if name == "owntracks" and method == "POST" and rest:
            return positions.owntracks(scope, receive, send, rest.strip("/"))
        if name in {"positions", "events", "osmand", "owntracks"}:
            raise Refusal(
                "request.method_not_allowed", f"{method} is not for this address", remedy="see the API's docs"
            )
        raise Refusal("page.not_found", "there is nothing at this address", remedy="check the address")

    async def _connect(self) -> AsyncConnection:
        """For positions: one statement, planned once, for planning it anew takes a third of its time."""
        planned = "-c plan_cache_mode=force_generic_plan"
        return await AsyncConnection.connect(self._ways.dsn, connect_timeout=5, application_name=NAME, options=planned)

    async def _who(self, scope: Scope) -> Actor:
        return await asyncio.to_thread(self._ways.principal_of, scope)

    async def _after(self, organizations: set[UUID]) -> None:
        """Positions of these were committed."""
        if self._ways.simulated:
            for organization_id in organizations:
                await asyncio.to_thread(self._ways.ask_follow, organization_id)
        else:
            self._to_follow |= organizations

    async def _follow(self) -> None:
        """On the real clock new positions are followed once a second and organization, however many come."""
        while True:
            await asyncio.sleep(FOLLOW_EVERY_S)
            organizations, self._to_follow = self._to_follow, set()
            for organization_id in organizations:
                try:
                    await asyncio.to_thread(self._ways.ask_follow, organization_id)
                except Exception:  # the next positions, or the routes' refresh, have these followed
                    log.exception("nobody could be asked to follow positions")

    async def _listen(self) -> None:
        """Hear of facts and moves until cancelled; hubs also look each second by themselves."""
        while True:
            try:
                await self._hear()
            except (psycopg.Error, OSError):
                log.warning("the listening connection is gone; connecting again", exc_info=True)
            await asyncio.sleep(RECONNECT_S)

    async def _hear(self) -> None:
        connection = await AsyncConnection.connect(
            self._ways.dsn, autocommit=True, connect_timeout=5, application_name=NAME
        )
        try:
            await connection.execute(f"listen {CHANNEL}")
            await connection.execute(f"listen {MOVED}")
            await connection.execute(f"listen {BOARDS}")
            self._streams.tell(None)
            told = {CHANNEL: self._streams.tell, MOVED: self._streams.move, BOARDS: self._streams.look}
            async for notice in connection.notifies():
                with suppress(ValueError):  # another payload than an id is none of ours
                    told[notice.channel](UUID(notice.payload))
        finally:
            await connection.close()


def _refusal_of(error: Exception, request_id: UUID) -> Refusal:
    """What is said of an error; what nobody foresaw is logged, and said without any detail."""
    if isinstance(error, Refusal):
        return error
    away = database_away(error)
    if away is not None:
        log.error("the database does not answer a hot door: request %s", request_id, exc_info=error)
        return away
    log.error("a mistake behind a hot door: request %s", request_id, exc_info=error)
    return Refusal("internal.fault", "something went wrong on our side", remedy="tell us the request id")
