"""A recipient with a link to an order on the road."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.town.accounts import a_link
from tests.town.dispatch import Road, a_road, an_owner
from tests.town.messaging import Post, a_post
from tests.town.orders import an_order
from tests.town.places import AT

PEOPLE = [
    {
        "name": f"Rosa <b>{number}</b>",
        "phone": f"+35262100001{number}",
        "email": f"rosa{number}@example.com",
        "language": language,
        "consent": {"sms": True},
    }
    for number, language in enumerate(("en", "fr", "de", "ar"))
]


@pytest.fixture
def post(db: Any, tmp_path: Path) -> Iterator[Post]:
    with a_post(tmp_path) as post:
        yield post


@pytest.fixture
def road(post: Post) -> Road:
    """Four recipients, of four languages."""
    us = an_owner("Green & Grocer")
    return a_road(us, orders=[an_order(us, 1 + n, recipient=person) for n, person in enumerate(PEOPLE)])


@pytest.fixture
def token(road: Road) -> str:
    """The first recipient's."""
    return a_link(road.by, road.orders[0].id, at=AT)
