"""A committed database for all tests of a module: what is refused leaves it as it was."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from tests import databases
from tests.conftest import _pointed_at
from tests.journeys.bad import Town, a_town


@pytest.fixture(scope="module")
def town(
    django_db_setup: Any, test_server: Any, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Town]:
    """The town, once for the module."""
    with (
        databases.clone(test_server) as clone,
        django_db_blocker.unblock(),
        _pointed_at(clone),
        a_town(tmp_path_factory.mktemp("town")) as town,
    ):
        town.superuser = clone.superuser
        yield town


@pytest.fixture
def watch(town: Town) -> Iterator[psycopg.Connection[Any]]:
    """A superuser's connection to the town's database."""
    with psycopg.connect(town.superuser, autocommit=True) as connection:
        yield connection
