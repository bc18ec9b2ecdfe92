"""What the console's pages call things."""

from __future__ import annotations

from homestretch.doors.console.words import said
from homestretch.kernel.refusal import Refusal


def test_a_refusal_in_a_line_keeps_its_capitals() -> None:
    refusal = Refusal("order.odd", "the order A-17 of Rosa is odd", remedy="call Ann at Mill Lane")
    assert said(refusal) == "The order A-17 of Rosa is odd: call Ann at Mill Lane. (order.odd)"


def test_a_refusal_that_nothing_helps_says_so_much() -> None:
    assert said(Refusal("order.odd", "the order is odd")) == "The order is odd. (order.odd)"
