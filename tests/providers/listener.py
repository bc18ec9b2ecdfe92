"""An HTTP server on loopback that answers as it was told to, or fails to in the ways in which servers fail."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

HANG = "hang"  # takes the request and says nothing
DROP = "drop"  # takes the request and hangs up
HALF = "half"  # begins an answer and hangs up
DRIP = "drip"  # a header, then a byte now and then


@dataclass(frozen=True)
class Answer:
    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    def raw(self) -> bytes:
        head = {"Content-Length": str(len(self.body)), "Connection": "keep-alive", **self.headers}
        lines = [f"HTTP/1.1 {self.status} Said", *(f"{name}: {value}" for name, value in head.items())]
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + self.body


@dataclass(frozen=True)
class Received:
    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode(), keep_blank_values=True))

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(self.target.partition("?")[2], keep_blank_values=True))


class Listener:
    """`say` sets what is answered from now on, or what makes it of a request; `received` are the requests,
    `connections` how many were opened."""

    def __init__(self) -> None:
        self.answer: Answer | str | Callable[[Received], Answer | str] = Answer()
        self.received: list[Received] = []
        self.connections = 0
        self._stop = threading.Event()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    @property
    def port(self) -> int:
        return int(self._socket.getsockname()[1])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def say(self, answer: Answer | str | Callable[[Received], Answer | str]) -> None:
        self.answer = answer

    def close(self) -> None:
        self._stop.set()
        socket.create_connection(("127.0.0.1", self.port)).close()
        for thread in self._threads:
            thread.join()
        self._socket.close()

    def _accept(self) -> None:
        while True:
            connection, _ = self._socket.accept()
            if self._stop.is_set():
                connection.close()
                return
            self.connections += 1
            thread = threading.Thread(target=self._serve, args=(connection,))
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        connection.settimeout(0.05)
        with connection, connection.makefile("rwb") as stream:
            try:
                while request := self._read(connection, stream):
                    self.received.append(request)
                    if not self._reply(connection):
                        return
            except OSError:
                return

    def _read(self, connection: socket.socket, stream) -> Received | None:
        while not self._stop.is_set():
            try:
                if not connection.recv(1, socket.MSG_PEEK):
                    return None
                break
            except TimeoutError:
                continue
        connection.settimeout(5)
        line = stream.readline().decode().split()
        if len(line) < 2:
            return None
        headers = {}
        while header := stream.readline().decode().strip():
            name, _, value = header.partition(":")
            headers[name.lower()] = value.strip()
        body = stream.read(int(headers.get("content-length", 0)))
        connection.settimeout(0.05)
        return Received(line[0], line[1], headers, body)

    def _reply(self, connection: socket.socket) -> bool:
        """Answer; whether the connection goes on."""
        answer = self.answer(self.received[-1]) if callable(self.answer) else self.answer
        if isinstance(answer, Answer):
            connection.sendall(answer.raw())
            return answer.headers.get("Connection") != "close"
        if answer == HANG:
            self._stop.wait(10)
        if answer == HALF:
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly thi")
        if answer == DRIP:
            connection.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
            while not self._stop.wait(0.05):
                connection.sendall(b"z")
        return False


@contextmanager
def listening() -> Iterator[Listener]:
    listener = Listener()
    try:
        yield listener
    finally:
        listener.close()


def closed_port() -> int:
    """A port of this machine where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])
