"""Every service of travel times, the fake too, keeps one contract: the whole table or none, never `unknown`."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

import numpy as np
import pytest

from homestretch.kernel.geo import Point
from homestretch.providers import registry
from homestretch.providers.errors import ProviderError
from homestretch.providers.matrix import UNREACHABLE, Matrix
from tests.providers import listener as listening
from tests.providers.conftest import recording
from tests.providers.listener import Answer, Listener, closed_port

MORNING = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
AT_8 = {"Date": "Mon, 23 Nov 2026 08:00:00 GMT"}
SAME = Point(49.412, 8.712)
FAR = Point(46.0, 14.5)
ORIGINS = [Point(49.4101, 8.6901), SAME, Point(49.39, 8.68)]
DESTINATIONS = [Point(49.42, 8.7), Point(49.40, 8.69), Point(49.391, 8.681), FAR, SAME]
DURATIONS = [[62, 305, 413, 701, 34], [251, 0, 119, 640, 0], [521, 334, 47, UNREACHABLE, 411]]
DISTANCES = [[420, 2811, 4100, 9001, 260], [2300, 0, 1201, 8800, 0], [5100, 3000, 390, UNREACHABLE, 4001]]
NAMES = sorted(registry.names("matrix").keys() - {"osrm_local"})  # which asks nobody: a file of its own tests it
SERVICES = [name for name in NAMES if name != "fake"]
BROKEN = {
    "not json": Answer(200, b"{}x"),
    "an empty object": Answer(200, b"{}"),
    "an empty list": Answer(200, b"[]"),
    "null": Answer(200, b"null"),
    "a text": Answer(200, b'"fine"'),
    "other names": Answer(200, b'{"rows": [[1, 2]]}'),
    "other elements": Answer(200, b'[{"rows": 1}, 2]'),
    "too deep": Answer(200, b"[" * 200_000),
    "huge": Answer(200, b"[" + b"1," * 4_100_000 + b"1]"),
    "hang": listening.HANG,
    "drop": listening.DROP,
    "half": listening.HALF,
    "drip": listening.DRIP,
}

CODES = {"hang": "no_answer", "drip": "no_answer"} | dict.fromkeys(("drop", "half", "huge"), "connection_lost")


class Service(Protocol):
    matrix: Matrix

    def will(self, scenario: str) -> None: ...


class Fake:
    def __init__(self, folder: Path) -> None:
        self.plan = folder / "faults.json"
        self.matrix = registry.make("matrix", "fake", {"faults": self.plan})

    def will(self, scenario: str) -> None:
        if scenario == "fail":
            self.plan.write_text(json.dumps({"matrix": [{"match": "*", "outcome": "lost"}]}))


class Recorded:
    def __init__(self, name: str, listener: Listener) -> None:
        self.tape, self.listener = recording("matrix", name), listener
        self.matrix = made(name, listener)

    def will(self, scenario: str) -> None:
        self.listener.say(Answer(500) if scenario == "fail" else said(self.tape["answers"][scenario]))


def made(name: str, listener: Listener, **more: object) -> Matrix:
    options = {key: value.replace("{url}", listener.url) for key, value in recording("matrix", name)["options"].items()}
    return registry.make("matrix", name, {**options, **more})


def said(answer: object) -> Answer:
    """A recorded body; where it is a refusal, with its status."""
    if isinstance(answer, dict) and set(answer) == {"status", "body"}:
        return Answer(answer["status"], json.dumps(answer["body"]).encode(), AT_8)
    return Answer(200, json.dumps(answer).encode(), AT_8)


def table(matrix: Matrix, origins=ORIGINS, destinations=DESTINATIONS, depart=MORNING, profile="van"):
    return matrix.durations_and_distances(origins, destinations, depart=depart, profile=profile)


@pytest.fixture(params=NAMES)
def service(request: pytest.FixtureRequest, tmp_path: Path, listener: Listener) -> Service:
    return Fake(tmp_path) if request.param == "fake" else Recorded(request.param, listener)


def test_a_table_has_a_row_for_each_origin_and_says_where_there_is_no_way(service: Service) -> None:
    service.will("table")
    found = table(service.matrix)
    assert found.durations.shape == found.distances.shape == (3, 5)
    assert found.durations.dtype == found.distances.dtype == np.int32
    assert found.durations[2, 3] == found.distances[2, 3] == UNREACHABLE
    assert ((found.durations == UNREACHABLE) == (found.distances == UNREACHABLE)).all()
    assert (found.durations >= 0).all()
    assert found.durations[0, 0] != found.durations[1, 0] > 0


def test_the_same_coordinate_is_no_drive_whatever_the_service_says(service: Service) -> None:
    service.will("table")
    found = table(service.matrix)
    assert (found.durations[1, 4], found.distances[1, 4]) == (0, 0)


def test_a_table_says_who_made_it_and_when(service: Service) -> None:
    service.will("table")
    found = table(service.matrix)
    assert found.source in NAMES
    assert found.as_of == (MORNING if found.source == "fake" else datetime(2026, 11, 23, 8, 0, tzinfo=UTC))


def test_nothing_asked_is_nothing_answered(service: Service) -> None:
    service.will("table")
    assert table(service.matrix, origins=[]).durations.shape == (0, 5)
    assert table(service.matrix, destinations=[]).distances.shape == (3, 0)
    if isinstance(service, Recorded):
        assert service.listener.received == []


def test_a_way_has_seconds_meters_and_a_line_from_one_to_the_other(service: Service) -> None:
    service.will("way")
    way = service.matrix.path(ORIGINS[0], Point(49.411, 8.7001), depart=MORNING, profile="van")
    assert way is not None
    assert (way.points[0], way.points[-1]) == (Point(49.4101, 8.6901), Point(49.411, 8.7001))
    assert len(way.points) >= 3
    if way.source != "fake":
        assert (way.seconds, way.meters) == (303, 1205)


def test_where_there_is_no_way_there_is_none(service: Service) -> None:
    service.will("no_way")
    assert service.matrix.path(ORIGINS[0], FAR, depart=None, profile="van") is None


def test_what_failed_may_always_be_asked_again_and_tells_no_place(service: Service) -> None:
    service.will("fail")
    for ask in (lambda: table(service.matrix), lambda: service.matrix.path(SAME, FAR, depart=None, profile="van")):
        with pytest.raises(ProviderError) as raised:
            ask()
        assert raised.value.kind == "deferred"
        assert "49." not in str(raised.value)
        assert "sekret" not in str(raised.value)


@pytest.mark.parametrize("name", SERVICES)
def test_all_services_give_the_same_table(name: str, listener: Listener) -> None:
    listener.say(said(recording("matrix", name)["answers"]["table"]))
    found = table(made(name, listener))
    assert found.durations.tolist() == DURATIONS
    assert found.distances.tolist() == DISTANCES


@pytest.mark.parametrize("broken", BROKEN)
@pytest.mark.parametrize("name", SERVICES)
def test_a_broken_answer_is_no_table_and_may_be_asked_again(name: str, broken: str, listener: Listener) -> None:
    listener.say(BROKEN[broken])
    with pytest.raises(ProviderError) as raised:
        table(made(name, listener))
    assert (raised.value.kind, raised.value.code) == ("deferred", CODES.get(broken, "answer_unreadable"))


@pytest.mark.parametrize("name", SERVICES)
@pytest.mark.parametrize("shape", [(3, 4), (2, 5), (3, 6), (4, 5)])
def test_a_table_of_another_shape_is_none(name: str, shape: tuple[int, int], listener: Listener) -> None:
    listener.say(said(recording("matrix", name)["answers"]["table"]))
    points = [*DESTINATIONS, Point(49.5, 8.5)]
    with pytest.raises(ProviderError) as raised:
        table(made(name, listener), points[: shape[0]], points[: shape[1]])
    assert (raised.value.kind, raised.value.code) == ("deferred", "answer_unreadable")


@pytest.mark.parametrize("value", ["-5", "1e12", "null", '"12"', "NaN", "true", "[1]"])
@pytest.mark.parametrize("name", SERVICES)
def test_a_number_that_is_none_spoils_the_table(name: str, value: str, listener: Listener) -> None:
    body = json.dumps(recording("matrix", name)["answers"]["table"])
    for number in ("640.0", '"640s"', "640"):  # the seconds of the second origin to the fourth destination
        body = body.replace(f": {number}", f": {value}").replace(f", {number},", f", {value},")
    listener.say(Answer(200, body.encode()))
    with pytest.raises(ProviderError) as raised:
        table(made(name, listener))
    assert (raised.value.kind, raised.value.code) == ("deferred", "answer_unreadable")


@pytest.mark.parametrize(
    ("status", "kind", "code"),
    [
        (429, "deferred", "too_many"),
        (503, "deferred", "busy"),
        (500, "deferred", "server_failed"),
        (401, "deferred", "credentials_refused"),
        (403, "permanent", "refused"),
        (400, "permanent", "refused"),
        (302, "permanent", "redirected"),
    ],
)
@pytest.mark.parametrize("name", SERVICES)
def test_a_status_says_whether_to_ask_again(name, status, kind, code, listener: Listener) -> None:
    listener.say(Answer(status, b"sorry", {"Retry-After": "7"}))
    with pytest.raises(ProviderError) as raised:
        table(made(name, listener))
    assert (raised.value.kind, raised.value.code) == (kind, code)
    assert raised.value.retry_after_seconds == (7 if status in (429, 503) else None)


@pytest.mark.parametrize("name", ["osrm", "valhalla", "here", "tomtom"])
def test_a_place_far_from_every_road_is_refused_for_good(name: str, listener: Listener) -> None:
    listener.say(said(recording("matrix", name)["answers"]["far"]))
    with pytest.raises(ProviderError) as raised:
        made(name, listener).path(ORIGINS[0], FAR, depart=None, profile="van")
    assert (raised.value.kind, raised.value.code) == ("permanent", "place_far_from_road")


@pytest.mark.parametrize(("name", "profile"), [("osrm", "bike"), ("google", "truck"), ("tomtom", "bike")])
def test_a_profile_that_a_service_does_not_know_is_refused_unasked(name, profile, listener: Listener) -> None:
    with pytest.raises(ProviderError) as raised:
        table(made(name, listener), profile=profile)
    assert (raised.value.kind, raised.value.code) == ("permanent", "profile_unsupported")
    assert listener.received == []


@pytest.mark.parametrize("name", NAMES)
def test_a_table_over_its_limit_is_refused_before_it_costs(name: str, listener: Listener) -> None:
    matrix = registry.make("matrix", name, {"max_cells": 14}) if name == "fake" else made(name, listener, max_cells=14)
    with pytest.raises(ProviderError) as raised:
        table(matrix)
    assert (raised.value.kind, raised.value.code) == ("permanent", "too_large")
    assert listener.received == []


@pytest.mark.parametrize("name", SERVICES)
def test_nobody_listening_is_deferred(name: str, listener: Listener) -> None:
    urls = {key: f"http://127.0.0.1:{closed_port()}" for key in recording("matrix", name)["options"] if "url" in key}
    with pytest.raises(ProviderError) as raised:
        table(made(name, listener, **urls))
    assert (raised.value.kind, raised.value.code) == ("deferred", "unreachable")
