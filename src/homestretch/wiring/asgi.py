"""The web process: the hot doors as plain ASGI, everything else to Django in threads. One worker process serves all.

Static files are served by Django's own handler out of the installed packages: they are few, browsers keep them, and no
build step or further server stands between a clone and a page. A proxy in front may take them over.
"""

from __future__ import annotations

import gc
import os
import time
from typing import Any

from homestretch.wiring.django import set_up

set_up()

from django.conf import settings  # noqa: E402  Django must be set up first
from django.contrib.staticfiles.handlers import StaticFilesHandler  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import connection, connections  # noqa: E402

from homestretch.doors.live.app import Live, Ways  # noqa: E402
from homestretch.doors.live.who import principal_of  # noqa: E402
from homestretch.doors.maps.app import Maps  # noqa: E402
from homestretch.events.clock import simulated  # noqa: E402
from homestretch.tracking.jobs import ask_follow  # noqa: E402
from homestretch.web.plain import Receive, Scope, Send  # noqa: E402
from homestretch.web.telemetry import note  # noqa: E402
from homestretch.wiring.adapter import WsgiInThreads  # noqa: E402
from homestretch.wiring.database import refuse_unsafe_role  # noqa: E402
from homestretch.wiring.health import PATHS, Health  # noqa: E402
from homestretch.wiring.stopping import before_signals, end_with_parent  # noqa: E402

HOT = ("positions", "events", "osmand", "owntracks")


def _follow(organization_id: object) -> None:
    try:
        ask_follow(organization_id)  # type: ignore[arg-type]
    finally:
        connections.close_all()  # back to the pool: this thread may not come again


class Application:
    """`/live/` to the hot doors, `/map/` to the maps, questions of health to their own, the rest to Django."""

    def __init__(self) -> None:
        django = StaticFilesHandler(get_wsgi_application())
        self._django = WsgiInThreads(django, settings.HOMESTRETCH_URL, settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
        self._live: Live | None = None
        self._maps = Maps(
            settings.HOMESTRETCH_MAPS,
            settings.HOMESTRETCH_URL,
            settings.ALLOWED_HOSTS,
            settings.HOMESTRETCH_MAP_ORIGINS,
        )
        self._health = Health(lambda: self._live.figures() if self._live else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        elif scope["type"] != "http":
            raise NotImplementedError(f"no door for {scope['type']}")
        elif scope["path"] in PATHS:
            await self._health(scope, send)
        elif scope["path"].startswith("/live/") and self._live is not None:
            await _measured(self._live, _hot_route(scope["path"]), scope, receive, send)
        elif self._maps.takes(scope["path"]):
            await _measured(self._maps, "map", scope, receive, send)
        else:
            await self._django(scope, receive, send)

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        await receive()
        try:
            await self._open()
        except Exception as error:
            await send({"type": "lifespan.startup.failed", "message": str(error)})
            raise
        await send({"type": "lifespan.startup.complete"})
        await receive()
        if self._live is not None:
            await self._live.close()
        self._django.close()
        self._health.close()
        await send({"type": "lifespan.shutdown.complete"})

    async def _open(self) -> None:
        end_with_parent()
        await self._django._run(_refuse_unsafe)
        ways = Ways(
            os.environ["DATABASE_URL"],
            settings.HOMESTRETCH_URL,
            principal_of,
            _follow,
            simulated=simulated(),
            proxied=settings.HOMESTRETCH_TRUSTED_PROXY,
        )
        _seldom_collect()
        self._live = Live(ways)
        await self._live.open()
        before_signals(self._live.stop)


def _hot_route(path: str) -> str:
    """Its first word alone is the route: what follows may be a secret."""
    name = path.split("/")[2]
    return f"live/{name}" if name in HOT else ""


async def _measured(door: Any, route: str, scope: Scope, receive: Receive, send: Send) -> None:
    """A door beside Django, counted when its answer begins: a stream lasts."""
    began = time.perf_counter()

    async def noting(message: Any) -> None:
        if message["type"] == "http.response.start":
            note(scope["method"], route, message["status"], time.perf_counter() - began)
        await send(message)

    await door(scope, receive, noting)


def _seldom_collect() -> None:
    """What was loaded stays, and what a request makes dies with its last reference: a look at all of it for cycles,
    after each few thousand objects of a large answer, took a quarter of that answer's time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def _refuse_unsafe() -> None:
    try:
        refuse_unsafe_role(connection)
    finally:
        connections.close_all()


application = Application()
