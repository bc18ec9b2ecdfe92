"""Work that must not end unseen: a process whose positions are no longer committed looks healthy from outside."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

log = logging.getLogger(__name__)
PAUSE_S = 1.0


async def kept_up(work: Callable[[], Awaitable[None]]) -> None:
    """Do endless `work` until cancelled: what ends it otherwise is logged, and it is begun again a second later."""
    while True:
        try:
            await work()
            log.critical("%s has ended, and is begun again", work)
        except Exception:
            log.critical("%s has failed, and is begun again", work, exc_info=True)
        await asyncio.sleep(PAUSE_S)
