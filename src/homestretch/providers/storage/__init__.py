"""Blobs, kept under the SHA-256 of their bytes."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from typing import Protocol

from homestretch.providers.errors import ProviderError

_SHA256 = re.compile(r"[0-9a-f]{64}\Z")


class Storage(Protocol):
    """Content addressed: a name is the lower-case hex SHA-256 of what it names, so nothing is ever overwritten.

    A failing store raises `ProviderError` `deferred`; a name that is none, `permanent` `blob_name_invalid`.
    """

    def put(self, data: bytes) -> str:
        """Keep `data` and return its name; when this returns, a crash does not lose it. Twice is once."""
        ...

    def get(self, sha256: str) -> bytes:
        """The bytes of that name, verified. Raises `permanent` `blob_missing` or `blob_corrupt`."""
        ...

    def exists(self, sha256: str) -> bool: ...

    def verify(self, sha256: str) -> bool:
        """Whether it exists and its bytes still have that name."""
        ...

    def list(self) -> Iterator[str]:
        """All names, in rising order; what is put or deleted meanwhile may or may not be among them."""
        ...

    def delete(self, sha256: str) -> bool:
        """Forget it; whether it was there."""
        ...


def name_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def checked_name(sha256: str) -> str:
    """The name, if it is one: names become paths."""
    if not _SHA256.match(sha256):
        raise ProviderError("permanent", "blob_name_invalid", "the name of a blob is 64 lower-case hex digits")
    return sha256


def missing() -> ProviderError:
    return ProviderError("permanent", "blob_missing", "there is no blob of that name")


def corrupt() -> ProviderError:
    return ProviderError("permanent", "blob_corrupt", "the bytes of the blob are no longer those of its name")
