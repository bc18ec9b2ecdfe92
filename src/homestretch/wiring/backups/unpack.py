"""Putting a backup back: key, blobs, database, and a new era of transaction ids. Each step may be said again."""

from __future__ import annotations

import hashlib
import json
import os
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg

from homestretch.kernel.refusal import Refusal
from homestretch.providers.storage import Storage
from homestretch.wiring import database
from homestretch.wiring.backups import BLOBS, DUMP, FORMAT, KEY, MANIFEST, Manifest, key_sum, tools
from homestretch.wiring.home import home, secret_key

# Whoever has read the log beyond the backup must not take what comes now for read: new ids begin far above.
ERA = 1 << 40


@contextmanager
def opened(path: Path) -> Iterator[tuple[tarfile.TarFile, Manifest]]:
    """The archive and its manifest. Refuses `restore.not_a_backup`, `restore.damaged`."""
    try:
        archive = tarfile.open(path)  # noqa: SIM115  closed below
    except (OSError, tarfile.TarError) as error:
        raise Refusal("restore.not_a_backup", f"{path} can't be read", remedy="name the file of a backup") from error
    with archive:
        try:
            said = json.loads(_member(archive, MANIFEST).read())
        except (KeyError, ValueError, tarfile.TarError) as error:
            raise Refusal("restore.not_a_backup", f"{path} has no manifest", remedy="was it cut off?") from error
        if said.get("format") != FORMAT:
            raise Refusal("restore.not_a_backup", f"its format is {said.get('format')}", remedy=f"we read {FORMAT}")
        manifest = Manifest(**said)
        if hashlib.file_digest(_member(archive, DUMP), "sha256").hexdigest() != manifest.dump_sha256:
            raise Refusal("restore.damaged", "the database's dump has another sum than it had", remedy="try another")
        yield archive, manifest


def put_key(archive: tarfile.TarFile, manifest: Manifest) -> None:
    """Put the archive's key into the home folder; one that stood there is kept beside it. Before Django is set up.

    Refuses `restore.other_key` where the archive has none and the one in force is not the one it was made under.
    """
    if KEY in archive.getnames():
        path, key = home() / KEY, _member(archive, KEY).read()
        if path.exists() and path.read_bytes() != key:
            path.rename(path.with_name(f"{KEY}.before"))
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o711 if os.geteuid() == 0 else 0o700)
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(key)
    if key_sum(secret_key()) != manifest.key:
        raise Refusal(
            "restore.other_key",
            "another signing key is in force than the one that the backup was made under",
            remedy="set HOMESTRETCH_SECRET_KEY to that key: without it no tracking link and no webhook secret works",
        )


def put_blobs(archive: tarfile.TarFile, store_of: Callable[[UUID], Storage]) -> int:
    """Put every blob into its organization's store, before any row names it; how many. Refuses `restore.damaged`."""
    count = 0
    for member in archive:
        if member.name.startswith(BLOBS):
            data = _member(archive, member.name).read()
            organization, _, sha256 = member.name.removeprefix(BLOBS).partition("/")
            if store_of(UUID(organization)).put(data) != sha256:
                raise Refusal("restore.damaged", f"{member.name} has other bytes", remedy="try another backup")
            count += 1
    return count


def require_room(owner: str, *, replace: bool) -> None:
    """Refuses `restore.in_use` while anybody is connected, `restore.not_empty` where an organization stands."""
    with psycopg.connect(owner) as connection:
        others = _one(
            connection,
            "select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"
            " and usename is not null",  # what else there is to see of a session is hidden from the owner
        )
        if others:
            raise Refusal("restore.in_use", f"{others} sessions are connected", remedy="stop serve and work first")
        if replace or _one(connection, "select to_regclass('public.accounts_organization') is null"):
            return
        if _one(connection, "select exists (select from accounts_organization)"):
            raise Refusal(
                "restore.not_empty",
                "the database has an organization in it",
                remedy="back it up, then say --replace to lose it",
            )


def put_database(archive: tarfile.TarFile, owner: str, folder: Path) -> None:
    """Make the schema anew and restore the dump into it, as the tables' owner: all of it, or the schema is empty."""
    dump = folder / DUMP
    with _member(archive, DUMP) as source, dump.open("wb") as target:
        while block := source.read(1 << 20):
            target.write(block)
    with psycopg.connect(owner, autocommit=True) as connection:
        server = connection.info.server_version // 10000
        with connection.transaction():
            connection.execute("drop schema if exists public cascade")
            # No default privileges yet: the dump says who may do what, and would not take back what they give.
            connection.execute("create schema public")
    restore = tools.tool("pg_restore", server)
    parts: Any = psycopg.conninfo.conninfo_to_dict(owner)
    whole = ["--no-owner", "--exit-on-error", "--single-transaction"]
    tools.run([restore, *whole, f"--dbname={parts['dbname']}", dump], owner)
    with psycopg.connect(owner, autocommit=True) as connection:
        database.grant(connection)


def begin_era(owner: str) -> int:
    """Let transaction ids go on above every one that is stored: a new cluster counts from the start. The new offset."""
    with psycopg.connect(owner) as connection:
        highest = _one(
            connection,
            "select greatest((select max(tx) from events_event), (select max(tx) from events_cursor),"
            ' (select max("offset") from events_era), 0)',
        )
        offset = (highest // ERA + 1) * ERA
        connection.execute(
            'insert into events_era (id, "offset") values (1, %s) on conflict (id) do update set "offset" = %s',
            [offset, offset],
        )
    return int(offset)


def _one(connection: psycopg.Connection[Any], statement: str) -> Any:
    row: Any = connection.execute(statement).fetchone()
    return row[0]


def _member(archive: tarfile.TarFile, name: str) -> BufferedReader:
    file: Any = archive.extractfile(name)  # a buffered reader, which its type does not say
    if file is None:
        raise KeyError(name)
    return file
