"""What a recipient's page says of a stop that changes while it is read."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from homestretch.messaging.rules.shown import is_ahead, status


@dataclass
class Driven:
    state: str = "started"


@dataclass
class Halt:
    state: str
    route: Driven


@pytest.mark.parametrize("state", ["completed", "partial", "failed", "cancelled"])
def test_of_a_stop_that_ended_since_its_order_was_read_nothing_is_counted(state: str) -> None:
    word = status("in_progress", state, "completed")
    assert word == "scheduled"
    assert not is_ahead(word, Halt(state, Driven()))


@pytest.mark.parametrize("state", ["planned", "skipped", "en_route"])
def test_stops_before_one_that_is_to_be_reached_are_counted_while_the_route_is_under_way(state: str) -> None:
    word = status("scheduled", state, "")
    assert is_ahead(word, Halt(state, Driven()))
    assert not is_ahead(word, Halt(state, Driven("released")))
