"""How a process ends: streams by themselves at SIGTERM and SIGINT, and a worker together with its parent."""

from __future__ import annotations

import asyncio
import ctypes
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from types import FrameType

PR_SET_PDEATHSIG = 1
LOOK_S = 0.5


def before_signals(call: Callable[[], None]) -> None:
    """Have `call` run on the running loop when SIGTERM or SIGINT comes, and then whatever handled it before.

    Lifespan shutdown would be too late: a server waits for its open streams before it says so.
    """
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        _chain(number, loop, call)


def _chain(number: signal.Signals, loop: asyncio.AbstractEventLoop, call: Callable[[], None]) -> None:
    before = signal.getsignal(number)

    def handle(signum: int, frame: FrameType | None) -> None:
        if not loop.is_closed():
            loop.call_soon_threadsafe(call)
        if callable(before):
            before(signum, frame)
        elif before == signal.SIG_DFL:
            signal.signal(signum, signal.SIG_DFL)
            os.kill(os.getpid(), signum)

    signal.signal(number, handle)


def end_with_parent() -> None:
    """In a child process of a server: be killed when the server is, which a `kill -9` leaves it no time to say.

    Otherwise the orphan would go on answering beside the next start. Nothing acknowledged is lost by it.
    """
    parent = multiprocessing.parent_process()
    if parent is None or parent.pid is None:
        return
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    threading.Thread(target=_watch, args=(parent.pid,), name="parent", daemon=True).start()


def _watch(parent: int) -> None:
    """For where the kernel does not tell, and for a parent that was gone before it could be asked to."""
    while os.getppid() == parent:
        time.sleep(LOOK_S)
    os.kill(os.getpid(), signal.SIGKILL)
