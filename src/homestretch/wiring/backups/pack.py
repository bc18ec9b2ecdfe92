"""Making a backup while everything runs: first the dump, which is one snapshot, then the blobs.

A blob is in the store before a row names it, so each one that the dump names is there when the blobs are read, but for
one that was erased in between.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import tarfile
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg

from homestretch.kernel.refusal import Refusal
from homestretch.providers.errors import ProviderError
from homestretch.providers.storage import Storage
from homestretch.wiring.backups import BLOBS, DUMP, KEY, MANIFEST, Manifest, key_sum, tools
from homestretch.wiring.home import home, secret_key

_NAMED = """
select organization_id::text || '/' || sha256 from dispatch_blob
union select organization_id::text || '/' || encode(sha256, 'hex') from orders_import where length(sha256) = 32
"""
_ORGANIZATIONS = "select id from accounts_organization order by id"


def place_for(target: Path) -> Path:
    """The archive's path: `target`, or a name by the time in that folder. Refuses `backup.exists`."""
    if target.is_dir():
        target = target / f"homestretch-{datetime.now(UTC):%Y%m%d-%H%M%S}.tar"
    if target.exists():
        raise Refusal("backup.exists", f"{target} exists", remedy="name another file, or a folder")
    if not target.parent.is_dir():
        raise Refusal("backup.no_folder", f"{target.parent} is no folder", remedy="make it first")
    return target


def pack(owner: str, store_of: Callable[[UUID], Storage], target: Path, version: str) -> Manifest:
    """Write the archive, whole or not at all. `owner` is the address of the tables' owner."""
    with tempfile.TemporaryDirectory(prefix=".homestretch-", dir=target.parent) as folder:
        dump = Path(folder) / DUMP
        server, organizations, named = _dump(owner, dump)
        partial = Path(folder) / "archive"
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as archive:
                archive.add(dump, DUMP, filter=_plain)
                kept = {name for each in organizations for name in _add_blobs(archive, each, store_of(each))}
                _add_key(archive)
                manifest = Manifest(
                    version=version,
                    made_at=datetime.now(UTC).isoformat(),
                    server=server,
                    dump_sha256=_sum(dump),
                    blobs=len(kept),
                    missing=sorted(named - kept),
                    key=key_sum(secret_key()),
                )
                _add(archive, MANIFEST, json.dumps(manifest.to_json(), indent=1).encode())
            file.flush()
            os.fsync(file.fileno())
        partial.rename(target)
    return manifest


def _dump(owner: str, dump: Path) -> tuple[int, list[UUID], set[str]]:
    """Dump one snapshot; the server's major version, and organizations and blobs that the same snapshot names."""
    with psycopg.connect(owner) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        row: Any = connection.execute("select pg_export_snapshot()").fetchone()
        named = {name for (name,) in connection.execute(_NAMED)}
        organizations = [ident for (ident,) in connection.execute(_ORGANIZATIONS)]
        server = connection.info.server_version // 10000
        command: list[str | Path] = [
            tools.tool("pg_dump", server),
            "--format=custom",
            "--no-unlogged-table-data",
            f"--file={dump}",
        ]
        tools.run([*command, f"--snapshot={row[0]}", "--exclude-table-data=django_cache"], owner)
    return server, organizations, named


def _add_blobs(archive: tarfile.TarFile, organization_id: UUID, store: Storage) -> set[str]:
    kept = set()
    for sha256 in store.list():
        try:
            data = store.get(sha256)
        except ProviderError as error:
            if error.kind != "permanent":
                raise Refusal("backup.store_unavailable", error.cause, remedy="try again") from error
            continue  # erased meanwhile, or rotten: named in the manifest if the database names it
        name = f"{organization_id}/{sha256}"
        _add(archive, BLOBS + name, data)
        kept.add(name)
    return kept


def _add_key(archive: tarfile.TarFile) -> None:
    path = home() / KEY
    if path.exists() and path.read_text().strip() == secret_key():
        _add(archive, KEY, path.read_bytes())


def _add(archive: tarfile.TarFile, name: str, data: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode = len(data), 0o600
    archive.addfile(member, io.BytesIO(data))


def _plain(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mode = 0o600
    return member


def _sum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
