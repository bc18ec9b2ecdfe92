"""An order that moves to another day keeps its local times, over a change of the clocks too."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from homestretch.events.scope import scope
from homestretch.kernel.actor import Actor
from homestretch.kernel.refusal import Refusal
from homestretch.kernel.windows import Window
from homestretch.orders import actions, queries
from homestretch.orders.rules.days import moved
from tests.town.orders import AT, an_order

ZONE = ZoneInfo("Europe/Luxembourg")
NINE = Window(datetime(2026, 10, 24, 7, tzinfo=UTC), datetime(2026, 10, 24, 9, tzinfo=UTC))  # 9 to 11 in summer


def test_nine_stays_nine_when_the_clocks_are_set_back() -> None:
    (later,) = moved([NINE], date(2026, 10, 24), date(2026, 10, 26), ZONE)
    assert later == Window(datetime(2026, 10, 26, 8, tzinfo=UTC), datetime(2026, 10, 26, 10, tzinfo=UTC))


def test_without_a_day_the_first_window_counts() -> None:
    (later,) = moved([NINE], None, date(2026, 10, 25), ZONE)
    assert later.start.astimezone(ZONE).day == 25
    assert moved([], None, date(2026, 10, 25), ZONE) == ()


def test_a_time_that_the_new_day_skips_is_refused() -> None:
    early = Window(datetime(2026, 3, 28, 1, 30, tzinfo=UTC), datetime(2026, 3, 28, 4, tzinfo=UTC))
    with pytest.raises(Refusal, match=r"window\.in_dst_gap"):
        moved([early], date(2026, 3, 28), date(2026, 3, 29), ZONE)


def test_what_changes_nothing_records_nothing(us: Actor) -> None:
    order = an_order(us, 1)
    day = date(2026, 11, 23)
    assert actions.reschedule(order.id, day, by=us, at=AT).version == order.version
    moved_order = actions.reschedule(order.id, day, (time(9), time(10)), by=us, at=AT)
    assert moved_order.version == order.version + 1
    with pytest.raises(Refusal, match=r"order\.stale"):
        actions.reschedule(order.id, day, version=order.version, by=us, at=AT)
    with scope(us):
        assert queries.get_order(order.id).day == day
