"""A morning: a clock that stands at eight in the town."""

from __future__ import annotations

from typing import Any

import pytest

from homestretch.events.clock import set_clock
from tests.town.places import AT


@pytest.fixture
def at_eight(db: Any, settings: Any) -> None:
    """Whatever the machine's clock says, it is the day that the town's orders are for."""
    settings.HOMESTRETCH_SIMULATED_CLOCK = True
    set_clock(AT)
