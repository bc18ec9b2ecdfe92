"""An organization, its post, and a route on the road."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from homestretch.kernel.actor import Actor
from tests.town.dispatch import Road, a_road, an_owner
from tests.town.messaging import Post, a_post


@pytest.fixture
def post(db: Any, tmp_path: Path) -> Iterator[Post]:
    """The fakes, under a clock that stands at seven, UTC (eight in the town)."""
    with a_post(tmp_path) as post:
        yield post


@pytest.fixture
def us(post: Post) -> Actor:
    """The owner of an organization."""
    return an_owner("Greengrocer Vans")


@pytest.fixture
def road(us: Actor) -> Road:
    """A released route with two orders."""
    return a_road(us, 2)


@pytest.fixture
def stranger(post: Post) -> Actor:
    """The owner of the organization next door."""
    return an_owner("Next Door Vans")
