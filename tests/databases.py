"""Databases for tests: one template by the hash of migrations and models, and a clone of it per process or test.

Everything is on the embedded server, with fsync off, in a cache folder. A template is made as the owner, as
`homestretch migrate` makes a database; tests connect as the app's role.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from homestretch.wiring import database, embedded

SOURCE = Path(__file__).resolve().parents[1] / "src" / "homestretch"
TEMPLATES_KEPT = 6
PREFIX = "test_"


@dataclass(frozen=True)
class Clone:
    """One database for tests, as addresses for each role."""

    server: embedded.Server
    name: str

    @property
    def app(self) -> str:
        return self.server.dsn(database.APP, self.name)

    @property
    def owner(self) -> str:
        return self.server.dsn(database.OWNER, self.name)

    @property
    def superuser(self) -> str:
        return self.server.dsn(embedded.SUPERUSER, self.name)

    @property
    def environment(self) -> dict[str, str]:
        """Environment for a process of ours that is to use this database."""
        return {**os.environ, "DATABASE_URL": self.app, "DATABASE_OWNER_URL": self.owner}


def cache_home() -> Path:
    """Where the test server lives. For root a folder that the server's own user can enter."""
    if os.geteuid() == 0:
        return Path("/var/cache/homestretch/tests")
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "homestretch" / "tests"


def schema_hash() -> str:
    """Hash of all that decides what a migrated database looks like."""
    files = {
        *SOURCE.glob("**/migrations/*.py"),
        *SOURCE.glob("**/models.py"),
        *SOURCE.glob("**/models/*.py"),
        *SOURCE.glob("**/apps.py"),
        *SOURCE.glob("**/*.sql"),
        SOURCE / "events" / "tenancy.py",
        SOURCE / "wiring" / "database.py",
        SOURCE / "wiring" / "schema.py",
        SOURCE / "wiring" / "settings.py",
        SOURCE.parents[1] / "requirements.lock",
        Path(__file__).with_name("template.py"),
    }
    digest = hashlib.sha256()
    for file in sorted(file for file in files if file.exists()):
        digest.update(f"{file.relative_to(SOURCE.parents[1])}\0".encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


@contextmanager
def clone(server: embedded.Server) -> Iterator[Clone]:
    """A fresh database of the current schema, dropped afterwards."""
    made = Clone(server, f"{PREFIX}{os.getpid()}_{secrets.token_hex(4)}")
    with _one_at_a_time(server), _connect(server, database.OWNER) as connection:
        template = _template(server)
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy").format(
                sql.Identifier(made.name), sql.Identifier(template)
            )
        )
    with psycopg.connect(made.owner, autocommit=True) as connection:
        database.grant(connection)  # a database's own privileges are not copied from its template
    try:
        yield made
    finally:
        with _connect(server, embedded.SUPERUSER) as connection:  # who may end an autovacuum that looks at it just then
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(made.name)))


def _template(server: embedded.Server) -> str:
    name = f"template_{schema_hash()}"
    with _connect(server, embedded.SUPERUSER) as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s AND datistemplate", [name]).fetchone():
            return name
        _sweep(connection)
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        address = _address(server, name)
        database.prepare(address)
        _migrate(address)
        connection.execute(
            sql.SQL("ALTER DATABASE {} WITH IS_TEMPLATE true ALLOW_CONNECTIONS false").format(sql.Identifier(name))
        )
    return name


def _address(server: embedded.Server, name: str) -> database.Address:
    return database.Address(server.dsn(database.APP, name), server.dsn(database.OWNER, name), server.dsn())


def _migrate(address: database.Address) -> None:
    """In a process of its own: this one's Django connects as the app's role."""
    command = [sys.executable, "-W", "error", str(Path(__file__).with_name("template.py"))]
    environment = {**os.environ, "DATABASE_URL": address.owner or ""}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise AssertionError(f"the migrations fail:\n{done.stdout}{done.stderr[-4000:]}")


def _sweep(connection: psycopg.Connection[tuple[str, bool]]) -> None:
    """Drop clones whose process is gone and all but the newest templates."""
    rows = connection.execute(
        "SELECT datname, datistemplate FROM pg_database WHERE datname ~ '^(test|template)_[0-9a-f]' ORDER BY oid DESC"
    ).fetchall()
    old = [name for name, is_template in rows if is_template][TEMPLATES_KEPT - 1 :]
    dead = [name for name, is_template in rows if not is_template and not _made_by_living(name)]
    for name in old:
        connection.execute(sql.SQL("ALTER DATABASE {} WITH IS_TEMPLATE false").format(sql.Identifier(name)))
    for name in old + dead:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _made_by_living(name: str) -> bool:
    """Whether the process in a clone's name still runs. A template left half made counts as dead: we hold the lock."""
    return name.startswith(PREFIX) and Path("/proc", name.split("_")[1]).exists()


def _connect(server: embedded.Server, role: str) -> psycopg.Connection[tuple[str, bool]]:
    return psycopg.connect(server.dsn(role, "postgres"), autocommit=True)


@contextmanager
def _one_at_a_time(server: embedded.Server) -> Iterator[None]:
    descriptor = os.open(server.folders.root / "template.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def prepare_roles(server: embedded.Server) -> None:
    """Make both roles before anybody connects as one of them."""
    with _one_at_a_time(server), _connect(server, embedded.SUPERUSER) as connection:
        if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [database.APP]).fetchone():
            database.prepare(_address(server, database.DATABASE))
