"""The database's address, its two roles, and the refusal to run as anybody who could see past row-level security.

- `hs_owner` owns the database and makes its tables; only `migrate` (and `backup`) connects as it.
- `hs_app` owns nothing, creates nothing and bypasses nothing; all else connects as it. Its timeouts belong to the
  role, so that every connection has them, whoever opens it.

Without `DATABASE_URL` the embedded server stands in and both roles are made here. With it, `DATABASE_URL` is the
address of `hs_app` and `DATABASE_OWNER_URL` that of `hs_owner`; `DATABASE_ADMIN_URL`, a superuser, lets `migrate`
make the roles.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from homestretch.kernel.refusal import Refusal

from . import embedded
from .home import home
from .options import option

OWNER = "hs_owner"
APP = "hs_app"
DATABASE = "homestretch"
LOWEST_VERSION = 150000

# A long transaction holds back every reader of the log, so none may be long. Milliseconds.
APP_TIMEOUTS = {
    "statement_timeout": 30_000,
    "lock_timeout": 10_000,
    "idle_in_transaction_session_timeout": 60_000,
    "transaction_timeout": 120_000,  # PostgreSQL 17 and newer
}


# Processes that start together would else meet in "tuple concurrently updated".
ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtext('homestretch.roles'))"


@dataclass(frozen=True)
class Address:
    """Where the database is, as `postgresql://` URLs. `admin` (a superuser) and `owner` only where they are known."""

    app: str
    owner: str | None
    admin: str | None


@contextmanager
def available() -> Iterator[Address]:
    """The database's address, as long as it is needed: holds the embedded server where no `DATABASE_URL` is given."""
    if url := option("DATABASE_URL"):
        yield Address(url, option("DATABASE_OWNER_URL") or None, option("DATABASE_ADMIN_URL") or None)
        return
    with embedded.start(home()) as server:
        address = Address(server.dsn(APP, DATABASE), server.dsn(OWNER, DATABASE), server.dsn())
        prepare(address)
        yield address


@contextmanager
def connected(*, as_owner: bool = False) -> Iterator[Address]:
    """As `available`, and Django, here and in child processes, finds the address in `DATABASE_URL`.

    Refuses `database.owner_unknown` where the owner's address is asked for and not given.
    """
    before = os.environ.get("DATABASE_URL")
    with available() as address:
        if as_owner and address.owner is None:
            raise Refusal(
                "database.owner_unknown",
                "DATABASE_URL is given, but not the address of the tables' owner",
                remedy=f"set DATABASE_OWNER_URL to the same database as the role {OWNER}",
            )
        os.environ["DATABASE_URL"] = (address.owner or "") if as_owner else address.app
        try:
            yield address
        finally:
            if before is None:
                del os.environ["DATABASE_URL"]
            else:
                os.environ["DATABASE_URL"] = before


def django_settings(url: str, pool: int) -> dict[str, Any]:
    """Django's description of the database at `url` (empty: none, and whoever connects is told so by Django)."""
    parts = conninfo_to_dict(url)
    known = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
    settings: dict[str, Any] = {name: str(parts.pop(key, "") or "") for name, key in known.items()}
    return settings | {
        "ENGINE": "django.db.backends.postgresql",
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": parts | {"pool": {"min_size": 0, "max_size": pool, "timeout": 10}},
    }


def prepare(address: Address) -> None:
    """Make the roles, the database and the grants, as superuser where one is known, else what the owner may do itself.

    Safe to say twice. Refuses `database.too_old` and `database.role_missing`.
    """
    owner = address.owner or ""
    if address.admin:
        with psycopg.connect(address.admin, autocommit=True) as connection:
            _require_version(connection)
            _make_roles(connection, {APP: _password(address.app), OWNER: _password(owner)})
            _make_database(connection, str(conninfo_to_dict(owner)["dbname"]))
    with psycopg.connect(owner, autocommit=True) as connection:
        _require_version(connection)
        _require_roles(connection)
        grant(connection)


def grant(connection: psycopg.Connection[Any]) -> None:
    """What the app's role may do here. Said by the owner: default privileges hold only for whoever set them."""
    names = {"database": sql.Identifier(connection.info.dbname), "app": sql.Identifier(APP)}
    with connection.transaction():
        connection.execute(ONE_AT_A_TIME)
        for statement in (
            "REVOKE ALL ON DATABASE {database} FROM PUBLIC",
            "GRANT CONNECT ON DATABASE {database} TO {app}",
            "REVOKE ALL ON SCHEMA public FROM PUBLIC",
            "GRANT USAGE ON SCHEMA public TO {app}",
            "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {app}",
            "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {app}",
        ):
            connection.execute(sql.SQL(statement).format(**names))


def refuse_unsafe_role(connection: Any) -> None:
    """Refuse `database.unsafe_role` where the connected role could see past row-level security.

    Takes any connection with `cursor()`: Django's or psycopg's. Web, worker and tests call it before anything else.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT r.rolname, r.rolsuper, r.rolbypassrls,
                      EXISTS (SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                              WHERE c.relkind IN ('r', 'p', 'm', 'v') AND n.nspname !~ '^pg_|^information_schema$'
                                AND pg_has_role(r.oid, c.relowner, 'MEMBER'))
               FROM pg_roles r WHERE r.rolname = current_user"""
        )
        name, superuser, bypasses, owns = cursor.fetchone()
    reasons = [
        text
        for holds, text in ((superuser, "is a superuser"), (bypasses, "has BYPASSRLS"), (owns, "owns tables"))
        if holds
    ]
    if reasons:
        raise Refusal(
            "database.unsafe_role",
            f"the role {name} {' and '.join(reasons)}, so row-level security would not hold it",
            remedy=f"let DATABASE_URL connect as {APP}",
        )


def _require_version(connection: psycopg.Connection[Any]) -> None:
    if connection.info.server_version < LOWEST_VERSION:
        raise Refusal(
            "database.too_old",
            f"this is PostgreSQL {connection.info.server_version // 10000}",
            remedy=f"use PostgreSQL {LOWEST_VERSION // 10000} or newer",
        )


def _require_roles(connection: psycopg.Connection[Any]) -> None:
    user = connection.info.user
    found = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [APP]).fetchone()
    if user != OWNER or found is None:
        raise Refusal(
            "database.role_missing",
            f"connected as {user}, and the role {APP} {'exists' if found else 'does not exist'}",
            remedy=f"make the roles {OWNER} and {APP}, or set DATABASE_ADMIN_URL and run `homestretch migrate` again",
        )


def _make_roles(connection: psycopg.Connection[Any], passwords: dict[str, str]) -> None:
    with connection.transaction():
        connection.execute(ONE_AT_A_TIME)
        for role, attributes in ((OWNER, "LOGIN CREATEDB"), (APP, "LOGIN NOBYPASSRLS")):
            name = sql.Identifier(role)
            if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone():
                connection.execute(sql.SQL("CREATE ROLE {} " + attributes).format(name))
            if passwords[role]:
                statement = sql.SQL("ALTER ROLE {} PASSWORD {}").format(name, sql.Literal(passwords[role]))
                connection.execute(statement)
        for setting, milliseconds in APP_TIMEOUTS.items():
            if setting == "transaction_timeout" and connection.info.server_version < 170000:
                continue
            connection.execute(
                sql.SQL("ALTER ROLE {} SET {} = {}").format(
                    sql.Identifier(APP), sql.Identifier(setting), sql.Literal(milliseconds)
                )
            )


def _make_database(connection: psycopg.Connection[Any], name: str) -> None:
    if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
        return
    statement = sql.SQL("CREATE DATABASE {} OWNER {} ENCODING 'UTF8' TEMPLATE template0")
    try:
        connection.execute(statement.format(sql.Identifier(name), sql.Identifier(OWNER)))
    except (psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):  # another process was faster
        return


def _password(url: str) -> str:
    return str(conninfo_to_dict(url).get("password") or "")


def shown(url: str) -> str:
    """The address without its password, for messages."""
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.replace(f":{parts.password}@", "@")).geturl()
