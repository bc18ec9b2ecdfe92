"""Ids and secrets. UUIDv7 (RFC 9562) minted here, for PostgreSQL before 18 has none; ids are no secrets."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable
from random import Random
from uuid import NAMESPACE_URL, UUID, uuid5

Mint = Callable[[], UUID]

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford base32: no I, L, O, U
SECRET_BYTES = 24  # 192 bits, above the 144 that we promise


def uuid7(*, ms: int | None = None, random_bytes: bytes | None = None) -> UUID:
    """A UUIDv7 of Unix time `ms` (milliseconds; default now) and ten `random_bytes` (default from the system)."""
    ms = time.time_ns() // 1_000_000 if ms is None else ms
    noise = int.from_bytes(random_bytes or os.urandom(10), "big")
    value = (ms & (1 << 48) - 1) << 80 | 0x7 << 76 | (noise >> 68 & 0xFFF) << 64 | 0b10 << 62 | noise & (1 << 62) - 1
    return UUID(int=value)


def seeded_ids(seed: int) -> Mint:
    """A mint that repeats: for simulations and tests. Time stands at the Unix epoch of the seed's counter."""
    random = Random(seed)  # noqa: S311  repeatable on purpose
    count = iter(range(1 << 40))
    return lambda: uuid7(ms=next(count), random_bytes=random.randbytes(10))


def derived_id(*parts: object) -> UUID:
    """The same id for the same parts, for what must be created once however often it is asked (RFC 9562 v5)."""
    return uuid5(NAMESPACE_URL, "homestretch:" + "/".join(str(part) for part in parts))


def new_secret(prefix: str) -> str:
    """A printable secret `prefix_...` of 192 random bits; the prefix lets scanners recognize a leak."""
    return f"{prefix}_{os.urandom(SECRET_BYTES).hex()}"


def secret_hash(secret: str) -> bytes:
    """SHA-256 of a high-entropy secret, 32 bytes: all that is stored of it."""
    return hashlib.sha256(secret.encode()).digest()


def pairing_code() -> str:
    """A one-time code of 50 random bits that a person can type: `XXXXX-XXXXX` in Crockford base32."""
    number = int.from_bytes(os.urandom(7), "big")
    letters = "".join(_ALPHABET[number >> 5 * i & 31] for i in range(10))
    return f"{letters[:5]}-{letters[5:]}"


def read_pairing_code(text: str) -> str:
    """The code as minted, from what a person typed: case, blanks, O for 0, I and L for 1 forgiven."""
    letters = "".join(c for c in text.upper() if c.isalnum()).translate(str.maketrans("OIL", "011"))
    return f"{letters[:5]}-{letters[5:]}"
