"""A finished route teaches how long drives take and how slow roads are: once, and travel adopts what it comes to."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise
from random import Random
from typing import Any

import pytest

from homestretch.events.scope import scope
from homestretch.insights import learning, passes
from homestretch.insights.models import LegFact, RoadFact
from homestretch.kernel.actor import system
from homestretch.kernel.geo import Point, between, distance_m, offset
from homestretch.kernel.ids import uuid7
from homestretch.kernel.windows import Window
from homestretch.tracking.rules.fixes import Fix
from homestretch.travel import queries as travel
from tests.town.dispatch import Road, a_road, an_owner
from tests.town.orders import an_order
from tests.town.places import AT
from tests.town.roads import the_town
from tests.town.tracking import bring, on_duty

pytestmark = pytest.mark.django_db
SLOW = 1.6


@pytest.fixture
def road(settings: Any) -> Road:
    """A started route through the town, whose map is installed."""
    town, settings.HOMESTRETCH_HOME = the_town()
    by = an_owner()
    homes = town.addresses[:: len(town.addresses) // 6][:6]
    orders = [
        an_order(by, number, task={"place": {"address": home.text, "lat": home.lat, "lon": home.lon}})
        for number, home in enumerate(homes, start=1)
    ]
    return a_road(by, orders=orders).start()


def driven(road: Road, start: datetime) -> list[Fix]:
    """A drive from stop to stop along the roads, slower than usual, with a little noise, a fix each five seconds."""
    random = Random(3)
    with scope(road.by):
        points = [Point(stop.place.lat, stop.place.lon) for stop in road.stops]
        drive = travel.path(points, start, "van")
    fixes, at = [], start
    for leg in drive.legs:
        usual = leg.meters / leg.seconds
        for a, b in pairwise(leg.points):
            lasts = distance_m(a, b) / usual * SLOW
            for step in range(int(lasts // 5)):
                p = offset(between(a, b, step * 5 / lasts), random.gauss(0, 3), random.gauss(0, 3))
                fixes.append(Fix(at + timedelta(seconds=step * 5), p.lat, p.lon, None, None, 5))
            at += timedelta(seconds=lasts)
    return fixes


def test_positions_become_passes_of_roads_and_travel_learns_from_them_once(road: Road) -> None:
    device, _ = on_duty(road)
    start = AT + timedelta(minutes=5)
    bring(road.by, device, driven(road, start), now=start + timedelta(hours=1))
    by, at = system(road.by.organization_id), AT + timedelta(hours=3)
    found = passes.of_route(road.route_id, by)
    assert len(found) > 10
    middle = sorted(passed.ratio for passed in found)[len(found) // 2]
    assert 0.2 < middle < 0.8  # log 1.6 is 0.47
    assert learning.learn(road.route_id, found, by=by, at=at)
    assert not learning.learn(road.route_id, found, by=by, at=at)
    with scope(road.by):
        assert sum(RoadFact.objects.values_list("passes", flat=True)) == len(found)
        known = travel.known("van", Window(at, at))
    assert len(known.speeds) == 1
    factors = sorted(speed.factor_milli for speed in known.speeds[0])
    assert 1_030 < factors[len(factors) // 2] < 1_600  # few passes are believed a little


def test_without_a_map_or_positions_there_are_no_passes(road: Road, settings: Any, tmp_path: Any) -> None:
    by = system(road.by.organization_id)
    assert passes.of_route(road.route_id, by) == []
    device, _ = on_duty(road)
    start = AT + timedelta(minutes=5)
    bring(road.by, device, driven(road, start), now=start + timedelta(hours=1))
    settings.HOMESTRETCH_HOME = tmp_path
    assert passes.of_route(road.route_id, by) == []


def test_drives_between_stops_become_a_model_where_no_road_is_known(road: Road) -> None:
    by = system(road.by.organization_id)
    random = Random(5)
    with scope(by):
        LegFact.objects.bulk_create(
            LegFact(
                day=AT.date(),
                route_id=uuid7(),
                profile="van",
                straight_m=meters,
                cell_from="1/1",
                cell_to="1/2",
                hour=random.randint(8, 17),
                seconds=round(300 * (meters / 1_000) ** 0.7 * random.lognormvariate(0, 0.1)),
            )
            for meters in (random.randint(300, 9_000) for _ in range(400))
        )
    assert learning.learn(road.route_id, (), by=by, at=AT)
    with scope(by):
        model = travel.estimate_of("van")
        assert travel.adopted_at("van") == AT
    assert (model.version, model.km_s, model.power_milli) == (
        1,
        pytest.approx(300, rel=0.12),
        pytest.approx(700, abs=60),
    )


def test_a_route_of_a_few_stops_adopts_no_model(road: Road) -> None:
    by = system(road.by.organization_id)
    assert learning.learn(road.route_id, (), by=by, at=AT)
    with scope(by):
        assert travel.estimate_of("van").version == 0
