"""An order that can't wait, from its first word to the route of the driver who takes it and the one message of it.

All through the doors: the office's API, the drivers' phones, the recipient's link.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from homestretch.accounts.actions import update_organization
from homestretch.kernel.ids import uuid7
from tests.journeys.offplan import Off, a_day_off_plan, orders_on, two_roads
from tests.town.orders import raw_order
from tests.town.places import AT

pytestmark = pytest.mark.timeout(600)


@pytest.fixture
def day(committed: Any, tmp_path: Path) -> Iterator[Off]:
    """Urgent orders are offered by themselves; promises have an hour in hand."""
    with a_day_off_plan(tmp_path, offer_priority=9) as day:
        update_organization({"promise_late_s": 3600}, by=day.by, at=AT)
        yield day


def looks(day: Off, number: int) -> list[str]:
    """What a driver's phone shows as offered."""
    answer = day.posts(day.phones[number], "/driver/sync", {})
    assert answer["again_s"] == 10
    return [offer["offer_id"] for offer in answer["offers"]]


def test_one_does_not_answer_and_the_next_takes_it(day: Off) -> None:
    two_roads(day)
    before = day.told()
    new = day.posts(day.office, "/orders", raw_order(8, priority=9))
    day.works()
    shown = [looks(day, number) for number in (0, 1)]
    first = 0 if shown[0] else 1
    assert [len(offers) for offers in shown] == ([1, 0] if first == 0 else [0, 1]), "one driver at a time"
    day.works(1)  # the time is up, and nothing was said
    second = 1 - first
    (offer_id,) = looks(day, second)
    assert looks(day, first) == []
    late = {"id": str(uuid7()), "kind": "accept_offer", "counter": 1, "at": day.now.isoformat()}
    answer = day.posts(day.phones[first], "/driver/sync", {"intents": [{**late, "offer_id": shown[first][0]}]})
    assert answer["outcomes"][0]["refusal"]["code"] == "offer.over"
    day.taps_on(second, ("accept_offer", {"offer_id": offer_id}))
    day.works()
    assert new["id"] in orders_on(day.seen(second))
    assert new["id"] not in orders_on(day.seen(first))
    assert day.told() - before == Counter([new["id"]])
    order = day.gets(f"/orders/{new['id']}")
    assert order["state"] == "scheduled"
    history = day.gets(f"/recovery/offers?order_id={new['id']}")["items"]
    assert [offer["state"] for offer in history] == ["accepted", "lapsed"]
    assert day.gets("/recovery/proposals")["items"] == [], "it is offered, and not proposed besides"


def test_nobody_takes_it_and_the_office_is_told_who_was_asked(day: Off) -> None:
    two_roads(day)
    new = day.posts(day.office, "/orders", raw_order(8, priority=9))
    day.works()
    for _ in range(2):
        (number,) = [number for number in (0, 1) if looks(day, number)]
        day.taps_on(number, ("decline_offer", {"offer_id": looks(day, number)[0]}))
        day.works()
    (raised,) = day.gets("/exceptions?kind=unassigned&state=open")["items"]
    assert (raised["order_id"], raised["reason"], raised["severity"]) == (new["id"], "no_taker", "high")
    assert raised["assigned_to"] is not None
    assert [each["state"] for each in raised["details"]["offers"]] == ["declined", "declined"]
