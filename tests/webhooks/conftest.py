"""An organization, and a program of its own that listens on loopback."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import override_settings

from homestretch.events.clock import set_clock
from homestretch.kernel.actor import Actor
from tests.providers.listener import Listener, listening
from tests.town.dispatch import an_owner
from tests.town.places import AT


@pytest.fixture
def listener() -> Iterator[Listener]:
    with listening() as listener:
        yield listener


@pytest.fixture
def us(db: Any) -> Iterator[Actor]:
    """The owner of an organization, under a clock that stands; webhooks may go to this machine."""
    with override_settings(HOMESTRETCH_SIMULATED_CLOCK=True, HOMESTRETCH_WEBHOOK_LOOPBACK=True):
        set_clock(AT)
        yield an_owner("Greengrocer Vans")
