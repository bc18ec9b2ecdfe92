"""An HTTP client for addresses that strangers choose: it reaches the public internet and nothing of ours.

A name is resolved once, every address behind it is checked, and the connection goes to a checked address: there is no
second resolution that could answer otherwise (DNS rebinding).
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import time
import typing
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

import httpcore
import httpx

from homestretch.providers.errors import ProviderError
from homestretch.providers.http import tls_context, user_agent

Resolve = Callable[[str, int], list[str]]
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_WRITE_BYTES = 16_384  # a slow reader is noticed between two of these
_NAT64 = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("64:ff9b:1::/48"))


def guarded_client(
    *, timeout_seconds: float, allow_loopback: bool = False, resolve: Resolve | None = None
) -> httpx.Client:
    """A client that refuses private, loopback, link-local, reserved and multicast addresses with the `ProviderError`
    `permanent` `address_refused`.

    http and https only; no redirects, no proxies, no cookies kept, no connection reused. `timeout_seconds` bounds the
    connection as a whole, from its start to the last byte, however slowly the other side speaks.
    """
    backend = _GuardedBackend(timeout_seconds, resolve or system_addresses, allow_loopback=allow_loopback)
    return httpx.Client(
        transport=_GuardedTransport(backend),
        headers={"User-Agent": user_agent(), "Accept-Encoding": "identity"},
        trust_env=False,
        follow_redirects=False,
        timeout=timeout_seconds,
    )


def system_addresses(host: str, port: int) -> list[str]:
    """Every address that the system's resolver gives; its own time limits hold."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def is_public(address: str, *, allow_loopback: bool = False) -> bool:
    """Whether we may connect there. An IPv6 address that carries an IPv4 one is refused whatever it carries."""
    try:
        ip: Address = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if allow_loopback and ip.is_loopback:
        return True
    if isinstance(ip, ipaddress.IPv6Address) and _carries_ipv4(ip):
        return False
    return ip.is_global and not (ip.is_private or ip.is_multicast or ip.is_reserved or ip.is_unspecified)


def _carries_ipv4(ip: ipaddress.IPv6Address) -> bool:
    return bool(ip.ipv4_mapped or ip.sixtofour or ip.teredo or any(ip in net for net in _NAT64))


class _GuardedBackend(httpcore.NetworkBackend):
    """Connects by TCP to checked addresses only, and ends every connection at its deadline."""

    def __init__(self, timeout_seconds: float, resolve: Resolve, *, allow_loopback: bool) -> None:
        self._timeout = timeout_seconds
        self._allow_loopback = allow_loopback
        self._resolve = resolve
        self._plain = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        deadline = _Deadline(self._timeout)
        failed: Exception = httpcore.ConnectError("the name does not resolve")
        for address in self._checked(host, port):
            try:
                stream = self._plain.connect_tcp(address, port, deadline.left(timeout), local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
            else:
                return _TimedStream(stream, deadline)
        raise failed

    def _checked(self, host: str, port: int) -> list[str]:
        try:
            addresses = self._resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError("the name does not resolve") from error
        if not all(is_public(address, allow_loopback=self._allow_loopback) for address in addresses):
            raise ProviderError("permanent", "address_refused", "the name leads to an address that is not public")
        return addresses


class _Deadline:
    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def left(self, timeout: float | None) -> float:
        """Seconds that a step may take: its own limit, or what is left; never 0, which would mean "do not wait"."""
        return max(0.001, min(self._end - time.monotonic(), timeout or float("inf")))


class _TimedStream(httpcore.NetworkStream):
    """A connection whose every step is bounded by what is left of one deadline."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: _Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._deadline.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        for start in range(0, len(buffer), _WRITE_BYTES):
            self._stream.write(buffer[start : start + _WRITE_BYTES], self._deadline.left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        inner = self._stream.start_tls(ssl_context, server_hostname, self._deadline.left(timeout))
        return _TimedStream(inner, self._deadline)

    def get_extra_info(self, info: str) -> typing.Any:
        return self._stream.get_extra_info(info)


class _GuardedTransport(httpx.BaseTransport):
    """httpx over a pool with our backend; httpx's own transport takes no backend."""

    def __init__(self, backend: httpcore.NetworkBackend) -> None:
        self._pool = httpcore.ConnectionPool(
            ssl_context=tls_context(), network_backend=backend, max_keepalive_connections=0, retries=0
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        url = httpcore.URL(
            scheme=request.url.raw_scheme,
            host=request.url.raw_host,
            port=request.url.port,
            target=request.url.raw_path,
        )
        with _as_httpx():
            answer = self._pool.handle_request(
                httpcore.Request(
                    request.method,
                    url,
                    headers=request.headers.raw,
                    content=request.stream,
                    extensions=request.extensions,
                )
            )
        return httpx.Response(answer.status, headers=answer.headers, stream=_Body(answer))

    def close(self) -> None:
        self._pool.close()


class _Body(httpx.SyncByteStream):
    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        with _as_httpx():
            yield from typing.cast(Iterable[bytes], self._answer.stream)

    def close(self) -> None:
        self._answer.close()


_FAILURES = (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError, httpcore.UnsupportedProtocol)


@contextmanager
def _as_httpx() -> Iterator[None]:
    """The two libraries name the same failures with the same words."""
    try:
        yield
    except _FAILURES as error:
        raise getattr(httpx, type(error).__name__)(str(error)) from error
