"""Phones: what they tap, draw, drive and say, and what a slipping network makes of it."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random

import httpx
from PIL import Image

from homestretch.kernel.geo import Point, distance_m, path_length_m
from homestretch.kernel.units import read_instant
from homestretch.simulation.chance import chance
from homestretch.simulation.client import Client, Line
from homestretch.simulation.phones.phone import Phone
from homestretch.simulation.phones.picture import photo, signature
from homestretch.simulation.phones.road import CIRCUITY, Leg, Track, drive
from homestretch.simulation.phones.signal import Signal, lose
from homestretch.simulation.recorder import Recorder
from homestretch.simulation.trace import Trace

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
HERE, THERE = Point(49.61, 6.13), Point(49.63, 6.15)


def test_pictures_are_real_and_differ_by_seed():
    for draw in (photo, signature):
        picture = draw(Random(1))
        with Image.open(io.BytesIO(picture)) as image:
            image.load()
            assert image.size == (96, 72) and image.mode == "RGB"
        assert draw(Random(1)) == picture != draw(Random(2))


def test_a_drive_is_as_long_as_roads_are_and_ends_at_the_door():
    leg = drive(HERE, THERE, NOON, 12, Random(1))
    assert leg.path[0] == HERE and leg.path[-1] == THERE
    assert abs(path_length_m(list(leg.path)) / distance_m(HERE, THERE) - CIRCUITY) < 0.02


def test_positions_come_every_few_seconds_close_to_the_way_and_each_once():
    leg = drive(HERE, THERE, NOON, 12, Random(1))
    track = Track(Random(3), 5)
    track.add(leg)
    track.add(Leg(leg.ends, leg.ends + timedelta(minutes=5), (THERE,)))
    middle = NOON + (leg.ends - NOON) / 2
    taken = track.take(middle) + track.take(leg.ends + timedelta(minutes=9))
    times = [read_instant(row["at"]) for row in taken]
    assert times == sorted(set(times))
    moving = [b - a for a, b in pairwise(times) if b < leg.ends]
    assert sorted(moving)[len(moving) // 2] == timedelta(seconds=5)
    good = [row for row in taken if row["accuracy_m"] < 100 and read_instant(row["at"]) > leg.ends]
    assert all(distance_m(Point(row["lat"], row["lon"]), THERE) < 40 for row in good)
    assert track.take(NOON + timedelta(hours=2)) == []


def test_every_driver_loses_the_signal_at_least_once_within_the_shift():
    for number in range(50):
        start, end = NOON, NOON + timedelta(hours=8)
        signal = lose(chance(number), start, end, (480, 1500))
        assert signal.silences
        assert all(start < begin < stop < end + timedelta(minutes=30) for begin, stop in signal.silences)


class Server:
    """Answers a phone; keeps the intents in the order in which they came."""

    def __init__(self) -> None:
        self.calls: list[list[dict]] = []
        self.positions: list[dict] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        body = json.loads(request.content) if request.headers["Content-Type"] == "application/json" else None
        if request.url.path == "/live/positions":
            self.positions += body
            return httpx.Response(200, json={"accepted": len(body), "refused": []})
        if request.url.path.endswith("/sync"):
            self.calls.append(body["intents"])
            outcomes = [{"id": row["id"], "outcome": "applied", "refusal": None} for row in body["intents"]]
            return httpx.Response(200, json={"outcomes": outcomes, "sheet": None})
        return httpx.Response(200, json={})


def _phone(server: Server, slip: float = 0.0) -> Phone:
    line = Line("http://test", Recorder())
    line.web = httpx.Client(base_url="http://test", transport=httpx.MockTransport(server))
    return Phone(Client(line, "V-01", "hsd_x"), Random(5), Track(Random(6), 5), Trace(), slip)


def test_a_phone_without_a_signal_says_everything_afterwards_with_its_own_hours():
    server = Server()
    phone = _phone(server)
    phone.signal = Signal(((NOON, NOON + timedelta(minutes=10)),))
    phone.track.add(Leg(NOON, NOON + timedelta(minutes=12), (HERE,)))
    phone.tap(NOON + timedelta(minutes=1), "arrive", stop_id="a")
    phone.speak(NOON + timedelta(minutes=5))
    assert server.calls == [] and server.positions == []
    phone.speak(NOON + timedelta(minutes=11))
    assert [row["at"] for row in server.calls[0]] == ["2026-11-23T12:01:00Z"]
    assert len(server.positions) > 30
    assert phone.outbox == [] and phone.unsent == []


def test_where_the_network_slips_stops_change_places_but_keep_their_taps_together():
    server = Server()
    phone = _phone(server, slip=1.0)
    phone.signal = Signal(((NOON, NOON + timedelta(minutes=10)),))
    phone.tap(NOON, "start_route", route_id="r")
    for stop in "abcdef":
        for kind in ("set_out", "arrive", "complete"):
            phone.tap(NOON, kind, stop_id=stop)
    phone.tap(NOON, "finish_route", route_id="r")
    phone.speak(NOON)
    phone.speak(NOON + timedelta(minutes=10))
    said = [row for call in server.calls for row in call]
    once = list({row["id"]: row for row in said}.values())
    assert len(said) > len(once) == 20
    assert once[0]["kind"] == "start_route" and once[-1]["kind"] == "finish_route"
    order = [row["stop_id"] for row in once if row["kind"] == "arrive"]
    assert sorted(order) == list("abcdef") != order
    for call in server.calls:
        assert [row["counter"] for row in call] == sorted(row["counter"] for row in call)
        assert len({row.get("stop_id") for row in call}) == 1
