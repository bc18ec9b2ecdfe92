"""Every service of weather, the fake too, keeps one contract: whole hours from the present one on, never `unknown`."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

import pytest

from homestretch.kernel.geo import Point
from homestretch.providers import registry
from homestretch.providers.errors import ProviderError
from homestretch.providers.weather import Hour, Weather
from tests.providers.conftest import recording
from tests.providers.listener import Answer, Listener, closed_port
from tests.providers.test_matrix import BROKEN, CODES, said

AT = datetime(2026, 11, 23, 8, 20, tzinfo=UTC)
EIGHT = AT.replace(minute=0)
PLACE = Point(49.6117, 6.1319)
NAMES = sorted(registry.names("weather"))
SERVICES = [name for name in NAMES if name != "fake"]
WET = [
    Hour(EIGHT, 61, 1_200, 0, 30_200),
    Hour(EIGHT + timedelta(hours=1), 73, 900, 6_300, 18_000),
    Hour(EIGHT + timedelta(hours=3), 95, 4_000, 0, 0),
]


class Service(Protocol):
    weather: Weather

    def will(self, scenario: str) -> None: ...


class Fake:
    def __init__(self, folder: Path) -> None:
        self.plan, self.tape = folder / "faults.json", folder / "tape.json"
        self.weather = registry.make("weather", "fake", {"faults": self.plan, "recording": self.tape})

    def will(self, scenario: str) -> None:
        names = ("code", "precipitation_um", "snow_um", "gust_mh")
        rows = [
            {"hour": (hour.starts_at - EIGHT) // timedelta(hours=1), **{name: getattr(hour, name) for name in names}}
            for hour in WET
        ]
        self.tape.write_text(json.dumps(rows))
        if scenario == "fail":
            self.plan.write_text(json.dumps({"weather": [{"match": "*", "outcome": "lost"}]}))


class Recorded:
    def __init__(self, name: str, listener: Listener) -> None:
        self.tape, self.listener = recording("weather", name), listener
        self.weather = made(name, listener)

    def will(self, scenario: str) -> None:
        self.listener.say(Answer(500) if scenario == "fail" else said(self.tape["answers"][scenario]))


def made(name: str, listener: Listener, **more: object) -> Weather:
    tape = recording("weather", name)["options"]
    options = {key: value.replace("{url}", listener.url) for key, value in tape.items()}
    return registry.make("weather", name, {**options, **more})


@pytest.fixture(params=NAMES)
def service(request: pytest.FixtureRequest, tmp_path: Path, listener: Listener) -> Service:
    return Fake(tmp_path) if request.param == "fake" else Recorded(request.param, listener)


def test_hours_begin_with_the_present_one_and_what_is_not_known_is_left_out(service: Service) -> None:
    service.will("wet")
    assert service.weather.hours([PLACE], at=AT) == [WET]
    assert service.weather.hours([], at=AT) == []


def test_what_failed_may_always_be_asked_again_and_tells_no_place(service: Service) -> None:
    service.will("fail")
    with pytest.raises(ProviderError) as raised:
        service.weather.hours([PLACE], at=AT)
    assert raised.value.kind == "deferred"
    assert "49." not in str(raised.value)
    assert "sekret" not in str(raised.value)


@pytest.mark.parametrize("broken", BROKEN)
@pytest.mark.parametrize("name", SERVICES)
def test_a_broken_answer_is_no_weather_and_may_be_asked_again(name: str, broken: str, listener: Listener) -> None:
    listener.say(BROKEN[broken])
    with pytest.raises(ProviderError) as raised:
        made(name, listener).hours([PLACE], at=AT)
    assert (raised.value.kind, raised.value.code) == ("deferred", CODES.get(broken, "answer_unreadable"))


@pytest.mark.parametrize("value", ["-5", "1e12", '"12"', "NaN", "[1]", "true"])
@pytest.mark.parametrize("quantity", ["61", "1.2", "0.63", "30.2"])
def test_a_quantity_that_is_none_spoils_the_answer(quantity: str, value: str, listener: Listener) -> None:
    body = json.dumps(recording("weather", "open_meteo")["answers"]["wet"])
    assert f" {quantity}," in body
    listener.say(Answer(200, body.replace(f" {quantity},", f" {value},").encode()))
    with pytest.raises(ProviderError) as raised:
        made("open_meteo", listener).hours([PLACE], at=AT)
    assert (raised.value.kind, raised.value.code) == ("deferred", "answer_unreadable")


def test_columns_of_several_lengths_and_another_number_of_places_spoil_the_answer(listener: Listener) -> None:
    tape = recording("weather", "open_meteo")["answers"]["wet"]
    short = {**tape, "hourly": {**tape["hourly"], "snowfall": [0.0]}}
    for told, places in ((short, [PLACE]), (tape, [PLACE, PLACE]), ([tape], [PLACE, PLACE])):
        listener.say(said(told))
        with pytest.raises(ProviderError) as raised:
            made("open_meteo", listener).hours(places, at=AT)
        assert raised.value.code == "answer_unreadable"


@pytest.mark.parametrize(("status", "kind"), [(429, "deferred"), (401, "deferred"), (400, "permanent")])
@pytest.mark.parametrize("name", SERVICES)
def test_a_status_says_whether_to_ask_again(name: str, status: int, kind: str, listener: Listener) -> None:
    listener.say(Answer(status, b'{"error": true, "reason": "no"}', {"Retry-After": "9"}))
    with pytest.raises(ProviderError) as raised:
        made(name, listener).hours([PLACE], at=AT)
    assert raised.value.kind == kind
    assert raised.value.retry_after_seconds == (9 if status == 429 else None)


@pytest.mark.parametrize("name", SERVICES)
def test_nobody_listening_is_deferred(name: str, listener: Listener) -> None:
    weather = made(name, listener, base_url=f"http://127.0.0.1:{closed_port()}")
    with pytest.raises(ProviderError) as raised:
        weather.hours([PLACE], at=AT)
    assert (raised.value.kind, raised.value.code) == ("deferred", "unreachable")


def test_open_meteo_is_asked_for_all_places_at_once_and_no_more_than_are_paid_for(listener: Listener) -> None:
    tape = recording("weather", "open_meteo")["answers"]["wet"]
    listener.say(said([tape, tape]))
    weather = made("open_meteo", listener, max_points=2)
    assert weather.hours([PLACE, Point(-33.5, 151.25)], at=AT) == [WET, WET]
    (asked,) = listener.received
    assert asked.target.startswith("/v1/forecast?")
    assert (asked.query["latitude"], asked.query["longitude"]) == ("49.6117,-33.5000", "6.1319,151.2500")
    assert (asked.query["apikey"], asked.query["timeformat"]) == ("sekret", "unixtime")
    with pytest.raises(ProviderError) as raised:
        weather.hours([PLACE] * 3, at=AT)
    assert (raised.value.kind, raised.value.code) == ("permanent", "too_large")


def test_customers_are_asked_for_elsewhere_than_the_public() -> None:
    urls = {
        key: registry.read_options(registry.require("weather", "open_meteo").options, {"api_key": key}).url
        for key in ("", "k")
    }
    assert urls == {
        "": "https://api.open-meteo.com/v1/forecast",
        "k": "https://customer-api.open-meteo.com/v1/forecast",
    }


def test_the_fake_tells_two_days_of_showers_and_says_the_same_again() -> None:
    fake = registry.make("weather", "fake", {})
    (hours,) = fake.hours([PLACE], at=AT)
    assert hours == fake.hours([PLACE], at=AT)[0]
    assert [hour.starts_at for hour in hours] == [EIGHT + timedelta(hours=n) for n in range(48)]
    told = fake.hours([Point(40 + n, 6) for n in range(20)], at=AT)
    wet = sum(hour.precipitation_um > 0 for place in told for hour in place)
    assert 0 < wet < 20 * 48 / 2
