"""Two organizations for these tests."""

from __future__ import annotations

from typing import Any

import pytest

from homestretch.kernel.actor import Actor
from tests.town.organizations import an_organization


@pytest.fixture
def us(db: Any) -> Actor:
    """A dispatcher of ours."""
    return an_organization("Ours")


@pytest.fixture
def stranger(db: Any) -> Actor:
    """A dispatcher of the organization next door."""
    return an_organization("Theirs")
