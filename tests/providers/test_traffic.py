"""Every service of traffic, the fake too, keeps one contract: whole stretches with integers, never `unknown`."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

import pytest

from homestretch.kernel.geo import Point
from homestretch.providers import registry
from homestretch.providers.errors import ProviderError
from homestretch.providers.traffic import Box, Flow, Traffic
from tests.providers.conftest import recording
from tests.providers.listener import Answer, Listener, closed_port
from tests.providers.test_matrix import BROKEN, CODES, said

AT = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
SPOTS = [Point(49.4102, 8.6915)]  # 23 m from the recorded line
TOWN = Box(49.40, 8.68, 49.42, 8.70)
LINE = [Point(49.41, 8.69), Point(49.4105, 8.6935), Point(49.412, 8.695)]
NAMES = sorted(registry.names("traffic"))
SERVICES = [name for name in NAMES if name != "fake"]


class Service(Protocol):
    traffic: Traffic

    def will(self, scenario: str) -> None: ...


class Fake:
    def __init__(self, folder: Path) -> None:
        self.plan, self.tape = folder / "faults.json", folder / "tape.json"
        self.traffic = registry.make("traffic", "fake", {"faults": self.plan, "recording": self.tape})

    def will(self, scenario: str) -> None:
        points = [{"lat": point.lat, "lon": point.lon} for point in [*LINE, *SPOTS]]
        row = {"points": points, "speed_mh": 18_000, "free_speed_mh": 50_000}
        rows = {"slow": [row], "closed": [{**row, "speed_mh": 0, "road_closed": True}]}
        self.tape.write_text(json.dumps(rows.get(scenario, [])))
        if scenario == "fail":
            self.plan.write_text(json.dumps({"traffic": [{"match": "*", "outcome": "lost"}]}))


class Recorded:
    def __init__(self, name: str, listener: Listener) -> None:
        self.tape, self.listener = recording("traffic", name), listener
        self.traffic = made(name, listener)

    def will(self, scenario: str) -> None:
        self.listener.say(Answer(500) if scenario == "fail" else said(self.tape["answers"][scenario]))


def made(name: str, listener: Listener, **more: object) -> Traffic:
    tape = recording("traffic", name)["options"]
    options = {key: value.replace("{url}", listener.url) for key, value in tape.items()}
    return registry.make("traffic", name, {**options, **more})


@pytest.fixture(params=NAMES)
def service(request: pytest.FixtureRequest, tmp_path: Path, listener: Listener) -> Service:
    return Fake(tmp_path) if request.param == "fake" else Recorded(request.param, listener)


def test_a_stretch_has_its_line_and_its_speeds_in_meters_an_hour(service: Service) -> None:
    service.will("slow")
    (flow,) = service.traffic.speeds(SPOTS, at=AT)
    assert flow.points[:3] == tuple(LINE)
    assert (flow.speed_mh, flow.free_speed_mh // 100, flow.road_closed) == (18_000, 500, False)
    assert 0.5 < flow.confidence <= 1
    assert datetime(2026, 11, 23, 7, 50, tzinfo=UTC) < flow.as_of <= AT


def test_a_closed_road_is_said(service: Service) -> None:
    service.will("closed")
    (flow,) = service.traffic.speeds(SPOTS, at=AT)
    assert (flow.speed_mh, flow.road_closed) == (0, True)


def test_where_nothing_is_measured_there_is_nothing(service: Service) -> None:
    service.will("none")
    assert service.traffic.speeds(SPOTS, at=AT) == []
    assert service.traffic.speeds([], at=AT) == []


def test_two_points_on_one_stretch_are_one_stretch(service: Service) -> None:
    service.will("slow")
    assert len(service.traffic.speeds([*SPOTS, LINE[1], LINE[2]], at=AT)) == 1


def test_what_failed_may_always_be_asked_again_and_tells_no_place(service: Service) -> None:
    service.will("fail")
    with pytest.raises(ProviderError) as raised:
        service.traffic.speeds(SPOTS, at=AT)
    assert raised.value.kind == "deferred"
    assert "49." not in str(raised.value)
    assert "sekret" not in str(raised.value)


@pytest.mark.parametrize("broken", BROKEN)
@pytest.mark.parametrize("name", SERVICES)
def test_a_broken_answer_is_no_traffic_and_may_be_asked_again(name: str, broken: str, listener: Listener) -> None:
    listener.say(BROKEN[broken])
    with pytest.raises(ProviderError) as raised:
        made(name, listener).speeds(SPOTS, at=AT)
    assert (raised.value.kind, raised.value.code) == ("deferred", CODES.get(broken, "answer_unreadable"))


@pytest.mark.parametrize("value", ["-5", "1e12", "null", '"12"', "NaN", "[1]"])
@pytest.mark.parametrize(("name", "speed"), [("tomtom", '"currentSpeed": 18'), ("here", '"speed": 5')])
def test_a_speed_that_is_none_spoils_the_answer(name: str, speed: str, value: str, listener: Listener) -> None:
    body = json.dumps(recording("traffic", name)["answers"]["slow"])
    assert speed in body
    listener.say(Answer(200, body.replace(speed, speed.split(":")[0] + f": {value}").encode()))
    with pytest.raises(ProviderError) as raised:
        made(name, listener).speeds(SPOTS, at=AT)
    assert (raised.value.kind, raised.value.code) == ("deferred", "answer_unreadable")


@pytest.mark.parametrize(("status", "kind"), [(429, "deferred"), (401, "deferred"), (403, "permanent")])
@pytest.mark.parametrize("name", SERVICES)
def test_a_status_says_whether_to_ask_again(name: str, status: int, kind: str, listener: Listener) -> None:
    listener.say(Answer(status, b"no", {"Retry-After": "9"}))
    with pytest.raises(ProviderError) as raised:
        made(name, listener).speeds(SPOTS, at=AT)
    assert raised.value.kind == kind
    assert raised.value.retry_after_seconds == (9 if status == 429 else None)


@pytest.mark.parametrize("name", SERVICES)
def test_nobody_listening_is_deferred(name: str, listener: Listener) -> None:
    traffic = made(name, listener, base_url=f"http://127.0.0.1:{closed_port()}")
    with pytest.raises(ProviderError) as raised:
        traffic.speeds(SPOTS, at=AT)
    assert (raised.value.kind, raised.value.code) == ("deferred", "unreachable")


def test_tomtom_is_asked_point_by_point_by_lat_and_lon(listener: Listener) -> None:
    listener.say(said(recording("traffic", "tomtom")["answers"]["slow"]))
    made("tomtom", listener).speeds([*SPOTS, LINE[0]], at=AT)
    asked = listener.received
    assert asked[0].target.startswith("/traffic/services/4/flowSegmentData/absolute/16/json?")
    assert [received.query["point"] for received in asked] == ["49.410200,8.691500", "49.410000,8.690000"]
    assert asked[0].query["key"] == "sekret"


def test_tomtom_takes_no_box_and_no_more_points_than_are_paid_for(listener: Listener) -> None:
    traffic = made("tomtom", listener, max_points=2)
    for where, code in ((TOWN, "box_unsupported"), (LINE, "too_large")):
        with pytest.raises(ProviderError) as raised:
            traffic.speeds(where, at=AT)
        assert (raised.value.kind, raised.value.code) == ("permanent", code)
    assert listener.received == []


def test_here_is_asked_for_a_box_in_tiles_by_lon_and_lat(listener: Listener) -> None:
    listener.say(said(recording("traffic", "here")["answers"]["slow"]))
    (flow,) = made("here", listener).speeds(Box(49.35, 8.65, 49.50, 8.74), at=AT)
    assert flow.as_of == datetime(2026, 11, 23, 7, 58, 30, tzinfo=UTC)
    boxes = [received.query["in"] for received in listener.received]
    assert boxes == ["bbox:8.650000,49.350000,8.740000,49.425000", "bbox:8.650000,49.425000,8.740000,49.500000"]
    assert listener.received[0].query["locationReferencing"] == "shape"


def test_here_gives_only_stretches_near_the_points_and_no_area_over_its_limit(listener: Listener) -> None:
    listener.say(said(recording("traffic", "here")["answers"]["slow"]))
    assert made("here", listener).speeds([Point(49.4092, 8.6915)], at=AT) == []
    with pytest.raises(ProviderError) as raised:
        made("here", listener, max_tiles=3).speeds(Box(49.0, 8.0, 49.2, 8.2), at=AT)
    assert (raised.value.kind, raised.value.code) == ("permanent", "too_large")


def test_the_fake_is_slow_at_rush_hours_and_says_the_same_again() -> None:
    fake = registry.make("traffic", "fake", {})
    rush, night = fake.speeds(SPOTS, at=AT), fake.speeds(SPOTS, at=AT.replace(hour=3))
    assert rush == fake.speeds(SPOTS, at=AT)
    assert rush[0].speed_mh < night[0].speed_mh == night[0].free_speed_mh
    assert isinstance(fake.speeds(TOWN, at=AT)[0], Flow)
