"""The web server: granian, one worker process, whose streams and threads end with it."""

from __future__ import annotations

from typing import Any

TARGET = "homestretch.wiring.asgi:application"
KILL_AFTER_S = 10  # a worker that does not end by itself
MOST_CONNECTIONS = 4096


def server(address: str, port: int, *, quiet: bool = False) -> Any:
    """The server, to be run by its `serve()`, which returns after SIGTERM or SIGINT. `DATABASE_URL` is set.

    One worker: hubs, group commit and rate limits of the hot doors are a process's own. One that dies is started anew.
    """
    from granian import Granian
    from granian.constants import Interfaces, Loops
    from granian.log import LogLevels

    return Granian(
        TARGET,
        address=address,
        port=port,
        interface=Interfaces.ASGI,
        workers=1,
        loop=Loops.uvloop,
        websockets=False,
        backlog=2048,
        backpressure=MOST_CONNECTIONS,
        respawn_failed_workers=True,
        respawn_interval=0.5,
        workers_kill_timeout=KILL_AFTER_S,
        log_level=LogLevels.warning if quiet else LogLevels.info,
    )
