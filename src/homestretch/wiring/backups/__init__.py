"""Backups: one archive with the database, the blobs and the key. A tar file, readable by its owner only:

manifest.json     what it is, of which version, sums
database.dump     PostgreSQL's custom format
secret_key        where it is kept in the home folder (one that the environment gives stays with whoever gives it)
blobs/<organization>/<sha256>    each blob, under its own sum
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from typing import Any

FORMAT = "homestretch.backup/2"
MANIFEST, DUMP, KEY, BLOBS = "manifest.json", "database.dump", "secret_key", "blobs/"


@dataclass(frozen=True)
class Manifest:
    """What an archive says of itself. `key` is a sum of the signing key, by which another one is noticed."""

    version: str
    made_at: str  # real time
    server: int  # PostgreSQL's major version
    dump_sha256: str
    blobs: int
    missing: list[str]  # blobs, <organization>/<sha256>, that the database names and the store did not have
    key: str
    format: str = FORMAT

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def key_sum(key: str) -> str:
    """Enough of a sum to tell keys apart, and nothing to find one by."""
    return hashlib.sha256(b"homestretch key " + key.encode()).hexdigest()[:16]
