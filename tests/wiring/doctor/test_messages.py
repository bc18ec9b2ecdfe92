"""What was true when a message was sent: within one instant several states may have held, one after the other."""

from __future__ import annotations

from datetime import timedelta

import pytest

from homestretch.wiring.doctor.messages import _untrue
from tests.town.places import AT

EARLIER, LONG_AFTER = AT - timedelta(minutes=5), AT + timedelta(minutes=5)
ORDER = ((EARLIER, "scheduled"), (AT, "in_progress"))


@pytest.mark.parametrize(
    ("stop", "sent", "holds"),
    [
        (((EARLIER, "planned"), (AT, "en_route")), AT, True),
        (((EARLIER, "planned"), (AT, "en_route"), (AT, "arrived")), AT, True),
        (((EARLIER, "planned"), (AT, "en_route"), (AT, "arrived")), LONG_AFTER, False),
        (((EARLIER, "planned"),), AT, False),
        (((AT, "en_route"), (LONG_AFTER, "completed")), LONG_AFTER, True),
    ],
)
def test_a_premise_held_if_it_held_at_some_moment_of_the_sending(stop, sent, holds):
    assert (_untrue("on_the_way", ORDER, stop, sent) == "") is holds
