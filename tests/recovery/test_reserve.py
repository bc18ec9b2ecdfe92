"""How much of the time until a promise ends is kept in hand."""

from __future__ import annotations

from homestretch.recovery.rules.question import MOST_RESERVE_S, reserve_s


def test_a_promise_is_kept_with_more_in_hand_the_further_ahead_it_ends_up_to_a_limit() -> None:
    assert [reserve_s(minutes * 60) for minutes in (0, 8, 40, 400)] == [0, 120, 600, MOST_RESERVE_S]
    assert reserve_s(-60) == 0, "what is late already has nothing in hand"
