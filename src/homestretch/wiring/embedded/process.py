"""Start, find, recover and stop the server's processes. Callers hold the gate."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

from psycopg import pq

from homestretch.kernel.refusal import Refusal

from .folders import Folders
from .programs import MAJOR, Programs

START_SECONDS = 60.0
ORPHAN_SECONDS = 5.0
LOG_BYTES = 10_000_000
POLL_SECONDS = 0.02

OPTIONS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "password_encryption": "scram-sha-256",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    "log_line_prefix": "%m [%p] %u@%d ",
    "jit": "off",
}
# Without fsync a commit still survives the death of every process of ours, only not that of the machine.
THROW_AWAY = {"fsync": "off", "full_page_writes": "off", "max_wal_size": "4GB"}


def ensure_running(folders: Folders, programs: Programs, *, durable: bool) -> None:
    """Return when a connection succeeds: to the server that runs, or to one recovered and started now."""
    if _answers(folders):
        return
    _clear_remains(folders)
    _create_data(folders, programs)
    _start(folders, programs, durable=durable)


def stop(folders: Folders, programs: Programs) -> None:
    """Stop the server, open transactions rolled back; quiet when it does not run."""
    if (folders.data / "postmaster.pid").exists():
        folders.account.run([programs.path("pg_ctl"), "-D", folders.data, "-m", "fast", "-w", "-t", "60", "stop"])


def processes(folders: Folders) -> list[int]:
    """Process ids of the postmaster and every backend of this data folder, orphans included.

    By command line: `/proc/PID/cwd` of another user is closed to root without CAP_SYS_PTRACE (a usual container).
    """
    data, title = os.fsencode(folders.data), f"postgres: {folders.cluster}: ".encode()
    found = []
    for pid, command in _commands():
        arguments = command.split(b"\0")
        if command.startswith(title) or (arguments[0].endswith(b"/postgres") and data in arguments):
            found.append(pid)
    return found


def _commands() -> Iterator[tuple[int, bytes]]:
    """Every process of the machine with its command line."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                yield int(entry.name), (entry / "cmdline").read_bytes()
            except OSError:  # ended meanwhile
                continue


def _answers(folders: Folders) -> bool:
    """Alive is what answers: a process id proves nothing. Starting up or shutting down is waited out."""
    deadline = time.monotonic() + START_SECONDS
    while (answer := _ping(folders)) == pq.Ping.REJECT and time.monotonic() < deadline:
        time.sleep(POLL_SECONDS)
    return answer == pq.Ping.OK


def _ping(folders: Folders) -> int:
    host = quote(str(folders.socket), safe="")
    return pq.PGconn.ping(f"postgresql://postgres@/postgres?host={host}&port=5432&connect_timeout=5".encode())


def _clear_remains(folders: Folders) -> None:
    """After a `kill -9` of the postmaster: end its orphans (they still write to the data), then drop its stale marks.

    The pid file and the socket's lock keep the dead process's id, which may be another's by now; each blocks a start.
    """
    marks = [folders.data / "postmaster.pid", *folders.socket.glob(".s.PGSQL.*")]
    left = processes(folders)
    if left and _postmaster(marks[0]) in left:
        raise Refusal(
            "embedded.stuck",
            f"PostgreSQL runs as process {_postmaster(marks[0])} but does not answer",
            remedy=f"end that process, then try again; its log is {folders.log}",
        )
    _signal(left, signal.SIGQUIT)  # what a postmaster tells its children after a crash
    if not _wait(lambda: not processes(folders), ORPHAN_SECONDS):
        _signal(processes(folders), signal.SIGKILL)
        _wait(lambda: not processes(folders), ORPHAN_SECONDS)
    for mark in marks:
        mark.unlink(missing_ok=True)


def _postmaster(pid_file: Path) -> int | None:
    try:
        return int(pid_file.read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return None


def _signal(pids: list[int], which: signal.Signals) -> None:
    for pid in pids:
        try:
            os.kill(pid, which)
        except ProcessLookupError:
            continue


def _create_data(folders: Folders, programs: Programs) -> None:
    marker = folders.data / "PG_VERSION"
    if marker.exists():
        if (found := marker.read_text().strip()) != MAJOR:
            raise Refusal(
                "embedded.other_version",
                f"{folders.data} was written by PostgreSQL {found}, this is {MAJOR}",
                remedy="back up with the version that wrote it, then restore here",
            )
        return
    fresh = folders.root / "data.new"  # renamed when whole: an initdb that was killed leaves no half data folder
    shutil.rmtree(fresh, ignore_errors=True)
    options = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--data-checksums"]
    done = folders.account.run([programs.path("initdb"), *options, "--no-instructions", "--pgdata", fresh])
    if done.returncode != 0:
        raise _start_failed(done.stderr, folders)
    fresh.rename(folders.data)


def _start(folders: Folders, programs: Programs, *, durable: bool) -> None:
    if folders.log.exists() and folders.log.stat().st_size > LOG_BYTES:
        folders.log.rename(folders.log.with_suffix(".log.1"))
    places = {"unix_socket_directories": f'"{folders.socket}"', "cluster_name": folders.cluster}
    options = OPTIONS | places | ({} if durable else THROW_AWAY)
    words = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
    command: list[str | Path] = [programs.path("pg_ctl")]
    command += ["-D", folders.data, "-l", folders.log, "-o", shlex.join(words), "-W", "start"]
    done = folders.account.run(command)
    ready = done.returncode == 0 and _wait(lambda: _ping(folders) == pq.Ping.OK, START_SECONDS, lambda: _gone(folders))
    if not ready:
        tail = folders.log.read_text(errors="replace")[-1000:] if folders.log.exists() else done.stderr
        raise _start_failed(tail, folders)


def _gone(folders: Folders) -> bool:
    """Whether the server gave up: neither it nor the pg_ctl and shell that become it is there."""
    data = os.fsencode(folders.data)
    return not any(data in command for _, command in _commands())


def _wait(done: Callable[[], bool], seconds: float, hopeless: Callable[[], bool] = lambda: False) -> bool:
    deadline = time.monotonic() + seconds
    while not done():
        if time.monotonic() > deadline or hopeless():
            return done()
        time.sleep(POLL_SECONDS)
    return True


def _start_failed(output: str, folders: Folders) -> Refusal:
    return Refusal(
        "embedded.start_failed",
        f"PostgreSQL did not start: {' '.join(output.split())[-600:]}",
        remedy=f"see {folders.log}; a full disk and a changed owner of the folder are the usual causes",
    )
