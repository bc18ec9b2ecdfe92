"""What all tests share.

- `db`: the process's database, as the app's role, rolled back after the test (pytest-django's own fixture).
- `committed`: a fresh database for tests that need real commits or several processes; this process points at it too,
  and `committed.environment` is for the others.
- `superuser`: a superuser's connection to the test's database, for planting what the app's role could never write.

`transactional_db` is refused: flushing needs TRUNCATE, which the app's role does not have.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, settings
from pytest_django.plugin import DjangoDbBlocker

from homestretch.wiring import embedded
from homestretch.wiring.database import django_settings, refuse_unsafe_role
from tests import databases

# The same examples each time, however slow the machine: a suite that is red is red for a reason that can be repeated.
settings.register_profile("house", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")
os.environ.setdefault("HOMESTRETCH_SECRET_KEY", "a key for tests, of no secret")
os.environ["HOMESTRETCH_HOME"] = os.environ.get("HOMESTRETCH_HOME") or str(databases.cache_home())
# Processes that a test starts run the same source, installed or not.
os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(databases.SOURCE.parent), os.environ.get("PYTHONPATH")]))
for outside in ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_ADMIN_URL"):
    os.environ.pop(outside, None)


@pytest.fixture(scope="session")
def test_server() -> Iterator[embedded.Server]:
    """The embedded server for tests, without fsync."""
    with embedded.start(databases.cache_home(), durable=False) as server:
        databases.prepare_roles(server)
        yield server


@pytest.fixture(scope="session")
def django_db_setup(test_server: embedded.Server, django_db_blocker: DjangoDbBlocker) -> Iterator[databases.Clone]:
    """This process's database. Refuses to go on as a role that row-level security does not hold."""
    with databases.clone(test_server) as clone, django_db_blocker.unblock(), _pointed_at(clone):
        from django.db import connection

        refuse_unsafe_role(connection)
        connection.close()
        with django_db_blocker.block():
            yield clone


@pytest.fixture
def committed(
    request: pytest.FixtureRequest,
    django_db_setup: databases.Clone,
    test_server: embedded.Server,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[databases.Clone]:
    """A database of the test's own, where commits are real."""
    if "db" in request.fixturenames:
        pytest.fail("take `db` or `committed`: one rolls back what the other commits")
    with databases.clone(test_server) as clone, django_db_blocker.unblock(), _pointed_at(clone):
        yield clone


@pytest.fixture
def superuser(request: pytest.FixtureRequest) -> Iterator[psycopg.Connection[Any]]:
    """A superuser in the test's database, autocommit. It sees what is committed: use it with `committed`."""
    fixture = "committed" if "committed" in request.fixturenames else "django_db_setup"
    with psycopg.connect(request.getfixturevalue(fixture).superuser, autocommit=True) as connection:
        yield connection


@pytest.fixture
def in_the_morning(db: None, settings: Any) -> None:
    """The town's morning for whoever asks what time it is, doors too: a shift of that day is not over whenever the
    tests are run."""
    from homestretch.events.clock import set_clock
    from tests.town.places import AT

    settings.HOMESTRETCH_SIMULATED_CLOCK = True
    set_clock(AT)


@pytest.fixture
def transactional_db() -> None:
    """Refused: see the module."""
    pytest.fail("take `committed` instead: the app's role can't truncate")


@contextmanager
def _pointed_at(clone: databases.Clone) -> Iterator[None]:
    """Let Django's connections, in every thread, lead to the clone."""
    from django.db import connection

    def point(settings: dict[str, Any]) -> None:
        connection.close()
        if connection.alias in connection._connection_pools:
            connection.close_pool()
        connection.settings_dict.update(settings)

    kept = dict(connection.settings_dict)
    point(django_settings(clone.app, pool=20))
    try:
        yield
    finally:
        point(kept)
