"""Vans follow the roads that the installation knows; where it knows none they go as they did before."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random

import httpx
import pytest

from homestretch.kernel.geo import Point, distance_m
from homestretch.kernel.units import read_instant
from homestretch.simulation.client import Client, Line
from homestretch.simulation.phones.road import Leg, Track, follow
from homestretch.simulation.phones.ways import Way, Ways
from homestretch.simulation.recorder import Recorder

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
A, B, C = Point(49.61, 6.13), Point(49.612, 6.135), Point(49.62, 6.14)


class Roads:
    """Answers as the installation does: by a corner north of the start; beside its map (lat over 50) by guessing."""

    def __init__(self, *, has_map: bool = True) -> None:
        self.has_map, self.asked = has_map, 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        assert request.url.path == "/api/v1/travel/path"
        self.asked += 1
        points = json.loads(request.content)["points"]
        code = "" if self.has_map else "travel.no_map"
        if any(point["lat"] > 50 for point in points):
            code = "travel.off_map"
        legs = [
            {"seconds": 90, "meters": 900, "points": [start, {"lat": end["lat"], "lon": start["lon"]}, end]}
            for start, end in pairwise(points)
        ]
        fell = [{"rung": "roads", "code": code, "cause": "none"}] if code else []
        return httpx.Response(200, json={"rung": "great_circle" if fell else "roads", "legs": legs, "fell": fell})


def _ways(roads: Roads) -> Ways:
    line = Line("http://test", Recorder())
    line.web = httpx.Client(base_url="http://test", transport=httpx.MockTransport(roads))
    return Ways(Client(line, "office", "hsk_x"))


def test_a_round_is_asked_for_once_and_a_leg_that_was_not_on_it_by_itself():
    roads = Roads()
    ways = _ways(roads)
    ways.learn([A, B, C], NOON)
    assert ways.between(A, B, NOON) == Way(90, (A, Point(B.lat, A.lon), B))
    assert ways.between(B, C, NOON) is not None and roads.asked == 1
    assert ways.between(C, A, NOON) is not None and roads.asked == 2


def test_where_no_map_is_installed_nobody_asks_again():
    roads = Roads(has_map=False)
    ways = _ways(roads)
    ways.learn([A, B, C], NOON)
    assert ways.between(A, B, NOON) is None and ways.between(B, C, NOON) is None
    assert roads.asked == 1


def test_a_place_beside_the_map_spoils_its_own_legs_only():
    roads, far = Roads(), Point(51.0, 6.1)
    ways = _ways(roads)
    ways.learn([A, B, far, C], NOON)
    assert ways.between(A, B, NOON) is not None
    assert ways.between(B, far, NOON) is None and ways.between(B, far, NOON) is None
    assert roads.asked == 3


def test_a_long_round_is_asked_for_in_parts():
    roads = Roads()
    ways = _ways(roads)
    places = [Point(49.6 + n / 1e4, 6.1) for n in range(450)]
    ways.learn(places, NOON)
    assert roads.asked == 3
    assert all(ways.between(start, end, NOON) for start, end in pairwise(places)) and roads.asked == 3


def test_positions_lie_on_the_way_and_the_drive_takes_about_as_long_as_it_should():
    corner = Point(B.lat, A.lon)
    leg = follow(Way(600, (A, corner, B)), A, B, NOON, Random(4))
    assert leg.path == (A, A, corner, B, B)
    assert 400 < (leg.ends - leg.starts).total_seconds() < 900
    track = Track(Random(3), 5)
    track.add(leg)
    taken = [row for row in track.take(leg.ends) if row["accuracy_m"] < 100]
    assert len(taken) > 60
    for row in taken:
        seen = Point(row["lat"], row["lon"])
        off_north, off_east = abs(seen.lon - A.lon) * 72_000, abs(seen.lat - B.lat) * 111_000
        assert min(off_north, off_east) < 25
    assert read_instant(taken[0]["at"]) == NOON


def test_a_leg_is_halfway_at_half_its_time_and_a_halt_stays():
    leg = Leg(NOON, NOON + timedelta(seconds=100), (A, B, C))
    half = leg.where(NOON + timedelta(seconds=50))[0]
    total = distance_m(A, B) + distance_m(B, C)
    assert distance_m(half, C) == pytest.approx(total / 2, rel=0.01)
    assert leg.where(leg.ends)[0] == C and leg.where(leg.starts)[0] == A
    assert Leg(NOON, NOON, (A,)).where(NOON) == (A, 0.0, 0.0)
