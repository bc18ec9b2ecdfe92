"""In which formats positions are reported, and by whom: devices, guesses, addresses. Nothing is written."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import UTC, datetime

import pytest

from homestretch.doors.live.devices import Buckets, Device, Devices
from homestretch.doors.live.formats import osmand, owntracks, query_of, traccar
from homestretch.kernel.refusal import Refusal
from homestretch.tracking.rules.fixes import read_fix
from homestretch.web.plain import address_of
from tests.town.places import AT


def test_units_of_each_format() -> None:
    query = query_of("lat=49.6&lon=6.1&timestamp=1763881200000&speed=10&heading=359.6&accuracy=12.4&lat=1")
    fix = read_fix(osmand(query, AT))
    assert (fix.lat, fix.speed_mh, fix.bearing_deg, fix.accuracy_m) == (49.6, 18_520, 360, 12)
    assert fix.at == datetime(2025, 11, 23, 7, 0, tzinfo=UTC)
    body = {"_type": "location", "tst": 1763881200, "lat": 49.6, "lon": 6.1, "vel": 36, "cog": 90, "acc": 5}
    fix = read_fix(owntracks(body)[0])
    assert (fix.at, fix.speed_mh, fix.bearing_deg) == (datetime(2025, 11, 23, 7, 0, tzinfo=UTC), 36_000, 90)
    coords = {"latitude": 49.6, "longitude": 6.1, "speed": 10.0, "heading": -1, "accuracy": 5}
    fix = read_fix(traccar({"location": {"timestamp": "2025-11-23T07:00:00.000Z", "coords": coords}}, AT))
    assert (fix.at, fix.speed_mh, fix.bearing_deg) == (datetime(2025, 11, 23, 7, 0, tzinfo=UTC), 36_000, None)


def test_a_position_without_a_time_is_now_and_nonsense_is_refused() -> None:
    assert read_fix(osmand({"location": "49.6,6.1"}, AT)).at == AT
    for bad in ({"lat": "x", "lon": "6"}, {"lat": "49", "lon": "6", "timestamp": "soon"}, {"lat": "nan", "lon": "6"}):
        with pytest.raises(Refusal):
            read_fix(osmand(bad, AT))
    with pytest.raises(Refusal, match="encrypted"):
        owntracks({"_type": "encrypted", "data": "..."})


def test_a_token_is_asked_for_once_in_ten_seconds_and_guesses_are_limited() -> None:
    asked: list[bytes] = []
    known = Device(AT, AT)  # type: ignore[arg-type]

    async def ask(digest: bytes) -> Device | None:
        asked.append(digest)
        return known if len(asked) == 1 else None

    async def story() -> None:
        devices = Devices(ask)
        assert await devices.who("hsd_" + "a" * 48, "x") is known
        assert await devices.who("hsd_" + "a" * 48, "x") is known
        assert len(asked) == 1
        with pytest.raises(Refusal) as refused:
            for number in range(100):
                assert await devices.who(f"hsd_{number:048x}", "x") is None
        assert refused.value.code == "request.rate_limited"
        assert await devices.who("hsd_" + "b" * 48, "another address") is None

    asyncio.run(story())


def test_guesses_cost_the_database_no_more_than_they_are_allowed() -> None:
    asked: list[bytes] = []
    phone, known = "hsd_" + "a" * 48, Device(AT, AT)  # type: ignore[arg-type]

    async def ask(digest: bytes) -> Device | None:
        asked.append(digest)
        return known if len(asked) == 1 else None

    async def story() -> None:
        devices = Devices(ask)
        assert await devices.who(phone, "x") is known
        for number in range(200):
            with suppress(Refusal):
                await devices.who(f"hsd_{number:048x}", "x")
        assert len(asked) <= 32
        assert await devices.who(phone, "x") is known, "it is let in all the same"

    asyncio.run(story())


def test_behind_an_own_proxy_its_word_is_the_address() -> None:
    scope = {"client": ("10.0.0.9", 1), "headers": [(b"x-forwarded-for", b"6.6.6.6, 192.0.2.7")]}
    assert address_of(scope) == "10.0.0.9"
    assert address_of(scope, proxied=True) == "192.0.2.7"
    assert address_of({"client": ("10.0.0.9", 1), "headers": []}, proxied=True) == "10.0.0.9"


def test_retry_after_is_true(monkeypatch: pytest.MonkeyPatch) -> None:
    moment = 1000.0
    monkeypatch.setattr("homestretch.doors.live.devices.monotonic", lambda: moment)
    buckets = Buckets(0.5, 3)
    for _ in range(3):
        buckets.take("x")
    with pytest.raises(Refusal) as refused:
        buckets.take("x")
    moment += refused.value.details["retry_after"]
    buckets.take("x")
