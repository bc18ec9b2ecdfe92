"""An HTTP client for addresses that strangers choose: it reaches the public internet and nothing of ours.

A name is resolved once, every address behind it is checked, and the connection goes to a checked address: there is no
second resolution that could answer otherwise (DNS rebinding).
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Iterable

import httpcore
import httpx

from homestretch.providers.errors import ProviderError
from homestretch.providers.http import tls_context, user_agent
from homestretch.providers.wire import TimedBackend, Wire

Resolve = Callable[[str, int], list[str]]
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_NAT64 = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("64:ff9b:1::/48"))


def guarded_client(
    *, timeout_seconds: float, allow_loopback: bool = False, resolve: Resolve | None = None
) -> httpx.Client:
    """A client that refuses private, loopback, link-local, reserved and multicast addresses with the `ProviderError`
    `permanent` `address_refused`.

    http and https only; no redirects, no proxies, no connection reused. `timeout_seconds` bounds the request as a
    whole, the resolver's own limits apart, however slowly the other side speaks.
    """
    backend = _GuardedBackend(resolve or system_addresses, allow_loopback=allow_loopback)
    return httpx.Client(
        transport=Wire(backend, tls_context(), kept_connections=0),
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


class _GuardedBackend(TimedBackend):
    """Connects by TCP, and only to addresses that it has checked itself."""

    def __init__(self, resolve: Resolve, *, allow_loopback: bool) -> None:
        super().__init__()
        self._resolve = resolve
        self._allow_loopback = allow_loopback

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        failed: Exception = httpcore.ConnectError("the name does not resolve")
        for address in self._checked(host, port):
            try:
                return super().connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
        raise failed

    def _checked(self, host: str, port: int) -> list[str]:
        try:
            addresses = self._resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError("the name does not resolve") from error
        if not all(is_public(address, allow_loopback=self._allow_loopback) for address in addresses):
            raise ProviderError("permanent", "address_refused", "the name leads to an address that is not public")
        return addresses
