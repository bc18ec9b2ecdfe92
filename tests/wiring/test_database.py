"""Two roles, one that owns and one that is held, and the refusal to run as anybody else."""

from __future__ import annotations

import os

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from homestretch.kernel.refusal import Refusal
from homestretch.wiring import database


def test_the_app_owns_nothing_and_creates_nothing(committed):
    with psycopg.connect(committed.app, autocommit=True) as connection:
        database.refuse_unsafe_role(connection)
        for statement in ("create table t ()", "create temp table t ()", "create schema s", "create database d"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)


def test_a_table_made_later_by_the_owner_is_the_apps_to_use(committed):
    with psycopg.connect(committed.owner, autocommit=True) as owner:
        owner.execute("create table later (id serial, n int)")
    with psycopg.connect(committed.app, autocommit=True) as app:
        app.execute("insert into later (n) values (1)")
        app.execute("update later set n = 2")
        assert app.execute("select id, n from later").fetchone() == (1, 2)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute("truncate later")


@pytest.mark.parametrize(("role", "why"), [("superuser", "is a superuser"), ("owner", "owns tables")])
def test_a_role_that_sees_past_row_level_security_is_refused(committed, role, why):
    with psycopg.connect(getattr(committed, role)) as connection:
        with pytest.raises(Refusal, match=why) as refused:
            database.refuse_unsafe_role(connection)
        assert refused.value.code == "database.unsafe_role"


@pytest.mark.parametrize(("power", "why"), [("in role hs_owner", "owns tables"), ("bypassrls", "has BYPASSRLS")])
def test_a_role_with_borrowed_powers_is_refused(committed, superuser, power, why):
    name = f"hs_probe_{os.getpid()}"
    superuser.execute(f"create role {name} login {power}")
    try:
        superuser.execute(f"grant connect on database {committed.name} to {name}")
        probe = psycopg.connect(committed.server.dsn(name, committed.name))
        with probe, pytest.raises(Refusal, match=why):
            database.refuse_unsafe_role(probe)
    finally:
        superuser.execute(f"drop owned by {name}; drop role {name}")


def test_every_connection_of_the_app_has_timeouts(committed):
    with psycopg.connect(committed.app) as connection:
        found = {
            name: connection.execute(f"select setting::int from pg_settings where name = '{name}'").fetchone()[0]
            for name in database.APP_TIMEOUTS
        }
    assert found == database.APP_TIMEOUTS


def test_preparing_twice_changes_nothing(committed):
    address = database.Address(committed.app, committed.owner, committed.server.dsn())
    query = "select datacl::text from pg_database where datname = current_database()"
    with psycopg.connect(committed.owner) as connection:
        before = connection.execute(query).fetchone()
    database.prepare(address)
    database.prepare(database.Address(committed.app, committed.owner, None))
    with psycopg.connect(committed.owner) as connection:
        assert connection.execute(query).fetchone() == before


def test_preparing_as_anybody_but_the_owner_is_refused(committed):
    with pytest.raises(Refusal, match="connected as hs_app") as refused:
        database.prepare(database.Address(committed.app, committed.app, None))
    assert refused.value.code == "database.role_missing"


def test_an_administrators_address_makes_roles_with_their_passwords(committed, superuser):
    address = database.Address(
        committed.app.replace("hs_app@", "hs_app:eins%2Fzwei@"), committed.owner, committed.server.dsn()
    )
    database.prepare(address)
    query = "select rolpassword like 'SCRAM-SHA-256$%%' from pg_authid where rolname = %s"
    assert superuser.execute(query, ["hs_app"]).fetchone() == (True,)
    superuser.execute("alter role hs_app password null")


def test_the_owners_address_is_asked_for_only_where_it_is_needed(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://hs_app@db.example/homestretch")
    with database.connected() as address:
        assert address.owner is None
    with pytest.raises(Refusal, match="DATABASE_URL is given") as refused, database.connected(as_owner=True):
        pytest.fail("went on without the owner's address")
    assert refused.value.code == "database.owner_unknown"
    assert os.environ["DATABASE_URL"] == "postgresql://hs_app@db.example/homestretch"


def test_an_address_becomes_djangos_settings_with_a_pool():
    url = "postgresql://hs_app:p%40ss@db.example:6543/home?sslmode=require"
    settings = database.django_settings(url, pool=7)
    assert {name: settings[name] for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT")} == {
        "NAME": "home",
        "USER": "hs_app",
        "PASSWORD": "p@ss",
        "HOST": "db.example",
        "PORT": "6543",
    }
    assert settings["OPTIONS"]["sslmode"] == "require"
    assert settings["OPTIONS"]["pool"]["max_size"] == 7


def test_a_shown_address_has_no_password():
    shown = database.shown("postgresql://hs_app:secret@db.example/home")
    assert shown == "postgresql://hs_app@db.example/home"
    assert "password" not in conninfo_to_dict(shown)
