"""The embedded PostgreSQL server: one per home folder, shared by every process that holds it.

Two file locks rule its life. `gate.lock` is held (exclusive) while someone starts or stops the server; `hold.lock` is
held (shared) for as long as a process uses it. Whoever lets go and then gets `hold.lock` for itself was the last one
and stops the server. The kernel drops the locks of a killed process, so no count goes wrong.
"""

from __future__ import annotations

import atexit
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from urllib.parse import quote, urlencode

from . import process
from .account import Account
from .folders import Folders
from .programs import Programs

SUPERUSER = "postgres"
PORT = 5432


class Server:
    """A hold on a running server. Let go by `close()`, at the end of a `with`, or when the process exits normally."""

    def __init__(self, folders: Folders, programs: Programs, hold: int) -> None:
        self.folders = folders
        self.programs = programs
        self._hold: int | None = hold
        self._holder = os.getpid()
        atexit.register(self.close)

    def dsn(self, user: str = SUPERUSER, database: str = "postgres") -> str:
        """Address as a `postgresql://` URL. No password: the socket's folder admits its owner and root only."""
        query = urlencode({"host": str(self.folders.socket), "port": PORT}, quote_via=quote)
        return f"postgresql://{quote(user, safe='')}@/{quote(database, safe='')}?{query}"

    def close(self) -> None:
        """Let go; stop the server when nobody else holds it. Safe to say twice, and of no effect in a forked child."""
        if self._hold is None or self._holder != os.getpid():
            return
        hold, self._hold = self._hold, None
        atexit.unregister(self.close)
        with _gate(self.folders):
            if _lock(hold, fcntl.LOCK_EX | fcntl.LOCK_NB):
                process.stop(self.folders, self.programs)
            os.close(hold)

    def __enter__(self) -> Server:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def start(home: Path, *, durable: bool = True) -> Server:
    """Hold the server of `home`, starting it (and creating its data) if it does not run.

    `durable=False` gives up fsync: for throw-away test databases only.
    Refuses `embedded.cannot_become_nobody`, `embedded.programs_missing`, `embedded.other_version`,
    `embedded.socket_folder_unsafe`, `embedded.stuck` and `embedded.start_failed`.
    """
    account = Account.current()
    programs = Programs.reachable_by(account)
    folders = Folders.prepare(home.absolute(), account)
    with _gate(folders):
        hold = os.open(folders.root / "hold.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _lock(hold, fcntl.LOCK_SH)
            process.ensure_running(folders, programs, durable=durable)
        except BaseException:
            os.close(hold)
            raise
    return Server(folders, programs, hold)


@contextmanager
def _gate(folders: Folders) -> Iterator[None]:
    gate = os.open(folders.root / "gate.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _lock(gate, fcntl.LOCK_EX)
        yield
    finally:
        os.close(gate)


def _lock(descriptor: int, operation: int) -> bool:
    try:
        fcntl.flock(descriptor, operation)
    except BlockingIOError:
        return False
    return True
