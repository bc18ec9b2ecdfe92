"""Rate limits, in real time, the same for every process: a generic cell rate, one statement each.

A limit of 600 a minute lets 600 through at once and then one every 0.1 s. `Retry-After` is true: asked again after
that many seconds, the caller is let in.
"""

from __future__ import annotations

import hashlib
import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.conf import settings
from django.db import connection
from django.http import HttpRequest

from homestretch.events.clock import simulated
from homestretch.kernel.refusal import Refusal

SIMULATED_FACTOR = 600  # a simulated day may run that many times faster than the real one
TIDY_EVERY_S = 600


@dataclass(frozen=True, slots=True)
class Limit:
    """So many calls in so many seconds, per caller. The name keeps limits of one caller apart."""

    name: str
    calls: int
    seconds: int


PER_PRINCIPAL = Limit("principal", 1200, 60)  # a person, key, device or link
PER_ADDRESS = Limit("address", 300, 60)  # whoever has shown no credential
FAILED = Limit("failed", 30, 60)  # credentials that open nothing, per address
PAIRING = Limit("pairing", 10, 600)  # one-time codes that open nothing, per address: 50 random bits stand behind one
INVITATION = Limit("invitation", 20, 600)  # and tokens of invitations

_TAKE = """
insert into web_allowance as a (caller, free_at)
values (%(caller)s, clock_timestamp() + %(each)s * interval '1 second')
on conflict (caller) do update
set free_at = greatest(a.free_at, clock_timestamp()) + %(each)s * interval '1 second'
where greatest(a.free_at, clock_timestamp()) + %(each)s * interval '1 second'
    <= clock_timestamp() + %(span)s * interval '1 second'
returning free_at
"""
_WAIT = """
select extract(epoch from free_at - clock_timestamp()) + %(each)s - %(span)s
from web_allowance where caller = %(caller)s
"""
_TIDY = "delete from web_allowance where caller in (select caller from web_allowance where free_at < now() limit 5000)"

_tidied = [time.monotonic()]


def take(limit: Limit, caller: str) -> None:
    """Use one call of `limit`. Refuses `request.rate_limited` with `retry_after`, whole seconds."""
    calls = limit.calls * settings.HOMESTRETCH_RATE * (SIMULATED_FACTOR if simulated() else 1)
    digest = hashlib.blake2b(f"{limit.name}:{caller}".encode(), digest_size=16).digest()
    values = {"caller": digest, "each": limit.seconds / calls, "span": limit.seconds}
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, values)
        if cursor.fetchone():
            _tidy()
            return
        cursor.execute(_WAIT, values)
        row = cursor.fetchone()
    wait = max(1, math.ceil(row[0])) if row else 1
    raise Refusal(
        "request.rate_limited",
        f"more than {limit.calls} in {limit.seconds} s",
        remedy=f"ask again in {wait} s",
        retry_after=wait,
    )


def used_up(limit: Limit, caller: str) -> bool:
    """Whether `take` would refuse; uses nothing."""
    calls = limit.calls * settings.HOMESTRETCH_RATE * (SIMULATED_FACTOR if simulated() else 1)
    digest = hashlib.blake2b(f"{limit.name}:{caller}".encode(), digest_size=16).digest()
    with connection.cursor() as cursor:
        cursor.execute(_WAIT, {"caller": digest, "each": limit.seconds / calls, "span": limit.seconds})
        row = cursor.fetchone()
    return row is not None and row[0] > 0


@contextmanager
def failures(limit: Limit, caller: str) -> Iterator[None]:
    """Use a call of `limit` for what is refused inside, and for nothing else: many who come rightly from one address,
    as a depot's drivers do in the morning, are no guessers. Refuses as `take` does, before anything is tried."""
    if used_up(limit, caller):
        take(limit, caller)
    try:
        yield
    except Refusal:
        take(limit, caller)
        raise


def address_of(request: HttpRequest) -> str:
    """The caller's address: the last proxy's word where a proxy of our own stands before us, else the connection's."""
    if settings.HOMESTRETCH_TRUSTED_PROXY:
        forwarded = str(request.META.get("HTTP_X_FORWARDED_FOR", "")).rsplit(",", 1)[-1].strip()
        if forwarded:
            return forwarded
    return str(request.META.get("REMOTE_ADDR", ""))


def _tidy() -> None:
    if time.monotonic() - _tidied[0] > TIDY_EVERY_S:
        _tidied[0] = time.monotonic()
        with connection.cursor() as cursor:
            cursor.execute(_TIDY)
