"""The town is built once; each test has a copy of its database and of its blobs to spoil."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql
from pytest_django.plugin import DjangoDbBlocker

from homestretch.wiring import database, doctor, embedded
from tests import databases
from tests.conftest import _pointed_at
from tests.wiring.doctor.town import build, standing

# Readers wait for every open transaction of the server, so for other tests' too. Here is one writer: none can overtake.
NOBODY_ELSE_WRITES = """
create or replace function app_xmin() returns bigint language sql volatile as $$
    select coalesce((select "offset" from events_era), 0) + pg_snapshot_xmax(pg_current_snapshot())::text::bigint + 1
$$
"""


@dataclass
class Patient:
    """A copy of the town. `plant` runs SQL as a superuser, to whom neither triggers nor policies say no."""

    clone: databases.Clone
    folder: Path
    superuser: psycopg.Connection[Any]

    def plant(self, statement: str, *values: Any) -> Any:
        """Spoil something; the first value that comes back."""
        cursor = self.superuser.execute(statement, values or None)
        assert cursor.rowcount != 0, "nothing was spoilt"
        row = cursor.fetchone() if cursor.description else None
        return row[0] if row else None

    def examined(self) -> doctor.Report:
        """What the doctor says."""
        return doctor.examine(self.clone.owner)


@pytest.fixture(scope="session")
def town(
    tmp_path_factory: pytest.TempPathFactory,
    django_db_setup: databases.Clone,
    test_server: embedded.Server,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[tuple[databases.Clone, Path]]:
    """The healthy town's database, which nobody is connected to, and its folder."""
    folder = tmp_path_factory.mktemp("town")
    with databases.clone(test_server) as clone:
        with psycopg.connect(clone.owner) as owner:
            owner.execute(NOBODY_ELSE_WRITES)
        with django_db_blocker.unblock(), _pointed_at(clone):
            build(folder)
        yield clone, folder


@pytest.fixture
def patient(
    town: tuple[databases.Clone, Path],
    tmp_path: Path,
    test_server: embedded.Server,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[Patient]:
    """A copy of the town, with Django's connections leading to it."""
    original, folder = town
    shutil.copytree(folder, tmp_path / "town")
    copy = databases.Clone(test_server, f"{databases.PREFIX}{os.getpid()}_{secrets.token_hex(4)}")
    names = {"copy": sql.Identifier(copy.name), "original": sql.Identifier(original.name)}
    with psycopg.connect(test_server.dsn(), autocommit=True) as server:
        statement = "CREATE DATABASE {copy} TEMPLATE {original} OWNER {owner} STRATEGY file_copy"
        server.execute(sql.SQL(statement).format(owner=sql.Identifier(database.OWNER), **names))
        try:
            with psycopg.connect(copy.owner, autocommit=True) as owner:
                database.grant(owner)
            with (
                psycopg.connect(copy.superuser, autocommit=True) as superuser,
                django_db_blocker.unblock(),
                _pointed_at(copy),
                standing(tmp_path / "town"),
            ):
                superuser.execute("set session_replication_role = replica")
                yield Patient(copy, tmp_path / "town", superuser)
        finally:
            server.execute(sql.SQL("DROP DATABASE {copy} WITH (FORCE)").format(**names))
