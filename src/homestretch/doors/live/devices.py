"""Whose device is this: by the hash of its token, kept for ten seconds, so that a revoked one is out soon after."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import NamedTuple
from uuid import UUID

from homestretch.kernel.ids import secret_hash
from homestretch.kernel.refusal import Refusal

KEPT_S = 10.0
MOST_KEPT = 20_000
TOKEN = re.compile(r"hsd_[0-9a-f]{32,80}")
BATCHES_PER_S, BURST = 50.0, 200.0  # one device
UNKNOWN_PER_S, UNKNOWN_BURST = 0.5, 30.0  # tokens that nobody has, per address
LOOKUPS_PER_S, LOOKUPS_BURST = 50.0, 200.0  # tokens not seen before, per address: a fleet may share one


class Device(NamedTuple):
    """A phone or tracker that is let in."""

    organization_id: UUID
    device_id: UUID


Ask = Callable[[bytes], Awaitable[Device | None]]


class Buckets:
    """Rate limits of one process, in real time: what leaks at `rate` a second, with room for `burst`.

    The hot doors have one process; a statement per batch would cost more than the batch.
    """

    def __init__(self, rate: float, burst: float) -> None:
        self.rate, self.burst = rate, burst
        self._full_at: OrderedDict[object, float] = OrderedDict()

    def take(self, caller: object) -> None:
        """Use one. Refuses `request.rate_limited` with a true `retry_after`."""
        self._full_at[caller] = self.check(caller)
        self._full_at.move_to_end(caller)
        while len(self._full_at) > MOST_KEPT:
            self._full_at.popitem(last=False)

    def check(self, caller: object) -> float:
        """Refuse as `take` would, and use nothing; returns when the bucket would be empty again."""
        now, each = monotonic(), 1 / self.rate
        free_at = max(self._full_at.get(caller, 0.0), now) + each
        wait = free_at - now - self.burst * each
        if wait > 0:
            seconds = max(1, int(wait) + 1)
            raise Refusal(
                "request.rate_limited", "too many requests", remedy=f"ask again in {seconds} s", retry_after=seconds
            )
        return free_at


class Devices:
    """Answers by token. `ask` looks a hash up in the database."""

    def __init__(self, ask: Ask, factor: float = 1.0) -> None:
        self._ask = ask
        self._known: OrderedDict[bytes, tuple[float, Device | None]] = OrderedDict()
        self._batches = Buckets(BATCHES_PER_S * factor, BURST * factor)
        self._unknown = Buckets(UNKNOWN_PER_S * factor, UNKNOWN_BURST * factor)
        self._lookups = Buckets(LOOKUPS_PER_S * factor, LOOKUPS_BURST * factor)

    async def who(self, token: str, address: str) -> Device | None:
        """The device, or None for a token that opens nothing. Refuses `request.rate_limited`.

        An address that tried too many tokens in vain costs the database nothing more.
        """
        if not TOKEN.fullmatch(token):
            self._unknown.take(address)
            return None
        digest = secret_hash(token)
        until, device = self._known.get(digest, (0.0, None))
        if until <= monotonic():
            if device is None:  # one that was let in a while ago is not held up by what others try from its address
                self._unknown.check(address)
                self._lookups.take(address)
            device = await self._ask(digest)
            self._keep(digest, device)
        if device is None:
            self._unknown.take(address)
        else:
            self._batches.take(device.device_id)
        return device

    def _keep(self, digest: bytes, device: Device | None) -> None:
        self._known[digest] = (monotonic() + KEPT_S, device)
        self._known.move_to_end(digest)
        while len(self._known) > MOST_KEPT:
            self._known.popitem(last=False)
