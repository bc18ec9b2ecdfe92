"""The web and worker processes of a demo: started beside us, tended while it runs, ended with us."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from homestretch.wiring.stopping import PR_SET_PDEATHSIG

STOP_S = 20.0
LOOK_S = 0.2
WORKERS = ("worker", "second-worker")  # what a step of the clock gives them to do comes all at once
LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None  # loaded here: between fork and exec nothing may be


@dataclass(slots=True)
class Process:
    """One of our commands as a process group of its own. Its output goes to a file."""

    name: str
    words: list[str]
    environment: Mapping[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it (anew)."""
        command = [sys.executable, "-m", "homestretch.wiring.main", *self.words]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command,
                env=dict(self.environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=_end_with_parent,
            )

    @property
    def is_alive(self) -> bool:
        """Whether it runs."""
        return self.process is not None and self.process.poll() is None

    def kill(self) -> None:
        """`kill -9` of the whole group: what a power cut does."""
        self._signal(signal.SIGKILL)
        if self.process is not None:
            self.process.wait()

    def stop(self) -> None:
        """End it gracefully, or hard where it does not end."""
        if self.process is None:
            return
        if self.is_alive:
            self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self.kill()

    def _signal(self, number: signal.Signals) -> None:
        if self.process is not None:
            try:
                os.killpg(self.process.pid, number)
            except ProcessLookupError:
                return


@dataclass(slots=True)
class Crew:
    """The processes together. Whoever dies is started again, until the crew is stopped."""

    processes: list[Process]
    say: Callable[[str], None] = print
    restarts: int = 0
    _over: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def __enter__(self) -> Crew:
        for process in self.processes:
            process.start()
        self._thread = threading.Thread(target=self._tend, name="tend", daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        if self._thread is not None:
            self._thread.join()
        for process in self.processes:
            process.stop()

    def _tend(self) -> None:
        while not self._over.wait(LOOK_S):
            for process in self.processes:
                if not process.is_alive:
                    self.restarts += 1
                    self.say(f"{process.name} died and is started again; see {process.log}")
                    process.start()


def crew(port: int, folder: Path, environment: Mapping[str, str], *, say: Callable[[str], None] = print) -> Crew:
    """A web process on `port` and two workers, on the database of `environment`; their output goes into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    web = Process("web", ["serve", "--port", str(port), "--json"], environment, folder / "web.log")
    workers = [Process(name, ["work"], environment, folder / f"{name}.log") for name in WORKERS]
    return Crew([web, *workers], say)


def free_port(wanted: int) -> int:
    """`wanted` if nobody listens there, else any other."""
    for port in (wanted, 0):
        with socket.socket() as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                listener.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(listener.getsockname()[1])
    raise OSError("no port is free")


def _end_with_parent() -> None:
    if LIBC is not None:
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
