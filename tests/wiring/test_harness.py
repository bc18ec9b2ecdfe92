"""The harness itself: who we are in a test, what is rolled back, what is really committed."""

from __future__ import annotations

import os
import subprocess
import sys

import psycopg
import pytest
from django.db import ProgrammingError, connection


def _one(query: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchone()[0]


def test_a_test_connects_as_the_role_of_the_app(db):
    assert _one("select current_user") == "hs_app"
    assert _one("show transaction_timeout") == "2min"


@pytest.mark.parametrize(
    "statement", ["truncate django_session", "create table x ()", "alter table django_session add x int"]
)
def test_the_role_of_the_app_changes_no_table(db, statement):
    with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize("_", [1, 2])
def test_what_a_test_writes_is_gone_in_the_next(db, _):
    assert _one("select count(*) from django_session") == 0
    with connection.cursor() as cursor:
        cursor.execute("insert into django_session values ('k', 'd', now())")


def test_committed_is_seen_by_another_process_and_only_there(committed, superuser):
    with connection.cursor() as cursor:
        cursor.execute("insert into django_session values ('k', 'd', now())")
    assert superuser.execute("select count(*) from django_session").fetchone() == (1,)
    script = (
        "import os, psycopg\n"
        "with psycopg.connect(os.environ['DATABASE_URL']) as connection:\n"
        "    print(connection.execute('table django_session').fetchall())"
    )
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, env=committed.environment, capture_output=True, text=True, check=False)
    assert "'k'" in done.stdout, done.stderr


def test_after_committed_the_database_of_the_process_is_back(db):
    assert _one("select count(*) from django_session") == 0


def test_a_superuser_is_one(superuser):
    assert superuser.execute("show is_superuser").fetchone() == ("on",)
    assert psycopg.conninfo.conninfo_to_dict(superuser.info.dsn)["dbname"].startswith(f"test_{os.getpid()}_")
