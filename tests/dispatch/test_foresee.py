"""What a change on the road would come to is what it comes to: told beforehand, by the same clock; nothing is kept."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from homestretch.dispatch import actions, queries
from homestretch.dispatch.values import Sequenced, Terms
from homestretch.events.scope import scope
from homestretch.kernel.actor import Actor
from homestretch.kernel.ids import uuid7
from homestretch.kernel.refusal import Refusal
from homestretch.kernel.units import iso
from tests.town.dispatch import Road, a_road, an_owner
from tests.town.orders import an_order
from tests.town.places import AT

SOON = AT + timedelta(minutes=1)


@pytest.fixture
def by(db: Any) -> Actor:
    return an_owner()


def ids(road: Road) -> list[Any]:
    return [stop.id for stop in road.stops if stop.state == "planned"]


def told(by: Actor, *wanted: Sequenced) -> list[Any]:
    with scope(by):
        return queries.foresee(wanted, at=SOON)


def times(road: Road) -> list[Any]:
    """When each open stop is reached by the plan, in turn."""
    return [stop.planned_arrive for stop in road.stops if stop.state == "planned"]


def test_another_order_is_told_as_it_then_comes_and_nothing_is_kept(by: Actor) -> None:
    road = a_road(by, 4).start()
    before, turned = times(road), ids(road)[::-1]
    (one,) = told(by, Sequenced(road.route_id, tuple(turned)))
    assert times(road) == before
    assert [stop.id for stop in one.stops] == turned
    actions.resequence(road.route_id, turned, terms=Terms(accept_breaches=True), by=by, at=SOON)
    assert [stop.arrive for stop in one.stops] == times(road)
    assert one.ends_at == road.route.planned_end


def test_a_stop_that_changes_routes_is_told_on_both(by: Actor) -> None:
    here, there = a_road(by, 3).start(), a_road(by, 3, first_number=20).start()
    moved = ids(here)[1]
    rest = tuple(one for one in ids(here) if one != moved)
    left, joined = told(by, Sequenced(here.route_id, rest), Sequenced(there.route_id, tuple(ids(there)), best=(moved,)))
    assert left.after.meters < left.before.meters
    assert joined.after.seconds > joined.before.seconds
    place = [stop.id for stop in joined.stops].index(moved)
    made = actions.move_stop(moved, there.route_id, None, terms=Terms(accept_breaches=True), by=by, at=SOON)
    assert [stop.id for stop in there.stops].index(made.id) == place
    assert [stop.arrive for stop in joined.stops] == times(there)
    assert [stop.arrive for stop in left.stops] == times(here)


def test_a_task_that_waits_is_told_where_it_would_go(by: Actor) -> None:
    road, order = a_road(by, 2).start(), an_order(by, 30)
    with scope(by):
        (task_id,) = tasks_of(order)
    first, second = ids(road)
    (one,) = told(by, Sequenced(road.route_id, (first, task_id, second)))
    actions.add_task(road.route_id, task_id, 1, terms=Terms(accept_breaches=True), by=by, at=SOON)
    assert [stop.arrive for stop in one.stops] == times(road)


def tasks_of(order: Any) -> list[Any]:
    """The ids of an order's tasks."""
    return list(order.tasks.values_list("id", flat=True))


def test_what_it_would_break_is_told_and_not_what_was_broken_before(by: Actor) -> None:
    road = a_road(by, 3).start()
    now, turned = ids(road), ids(road)[::-1]
    (stands,) = told(by, Sequenced(road.route_id, tuple(now)))
    first = stands.stops[0]
    window_of(road, 0, first.arrive, first.start + timedelta(seconds=60))
    assert told(by, Sequenced(road.route_id, tuple(now)))[0].breaches == ()
    ((breach,),) = [one.breaches for one in told(by, Sequenced(road.route_id, tuple(turned)))]
    assert (breach.code, breach.stop_id) == ("time_window", str(now[0]))
    assert breach.amount > 0
    window_of(road, 2, AT - timedelta(hours=2), AT - timedelta(hours=1))
    assert told(by, Sequenced(road.route_id, tuple(now)))[0].breaches == (), "it was late before"


def window_of(road: Road, number: int, start: datetime, end: datetime) -> None:
    """The only window of a stop."""
    with scope(road.by):
        stop = road.stops[number]
        stop.windows = [{"start": iso(start), "end": iso(end)}]
        stop.save(update_fields=["windows"])


def test_what_is_not_on_the_road_or_served_now_is_refused(by: Actor) -> None:
    road = a_road(by, 3).start()
    with pytest.raises(Refusal, match=r"route\.not_found"):
        told(by, Sequenced(uuid7(), ()))
    with pytest.raises(Refusal, match=r"stop\.not_found"):
        told(by, Sequenced(road.route_id, (uuid7(),)))
    first, *rest = ids(road)
    actions.arrive_stop(first, by=road.driver, at=SOON)
    with pytest.raises(Refusal, match=r"route\.stop_in_service"):
        told(by, Sequenced(road.route_id, (*rest, first)))
    stranger = an_owner("Next Door")
    with pytest.raises(Refusal, match=r"route\.not_found"):
        told(stranger, Sequenced(road.route_id, tuple(rest)))
