"""Each service of travel times is asked in its own words, in its own order, and within its own limits."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote

import numpy as np
import pytest

from homestretch.kernel.geo import Point
from homestretch.kernel.refusal import Refusal
from homestretch.providers import registry
from homestretch.providers.errors import ProviderError
from homestretch.providers.matrix import ask, lines
from tests.providers.listener import HANG, Answer, Listener, Received
from tests.providers.test_matrix import DESTINATIONS, MORNING, ORIGINS, made, said, table

KEY = {"api_key": "sekret"}


def heard(listener: Listener) -> Received:
    return listener.received[0]


def test_osrm_is_asked_by_lon_and_lat_with_indices(listener: Listener) -> None:
    with pytest.raises(ProviderError):
        table(made("osrm", listener), profile="truck")
    target, _, query = unquote(heard(listener).target).partition("?")
    assert target.startswith(
        "/truck/table/v1/driving/8.690100,49.410100;8.712000,49.412000;8.680000,49.390000;8.700000,"
    )
    assert query == "sources=0;1;2&destinations=3;4;5;6;7&annotations=duration,distance"


def test_valhalla_is_asked_at_the_local_time_of_its_map(listener: Listener) -> None:
    with pytest.raises(ProviderError):
        table(made("valhalla", listener), profile="bike")
    body = json.loads(heard(listener).body)
    assert (heard(listener).method, heard(listener).target) == ("POST", "/sources_to_targets")
    assert body["sources"][0] == {"lat": 49.4101, "lon": 8.6901}
    assert (len(body["sources"]), len(body["targets"]), body["costing"]) == (3, 5, "bicycle")
    assert body["date_time"] == {"type": 1, "value": "2026-11-23T08:00"}


def test_valhalla_without_a_zone_is_asked_without_an_hour_and_never_with_more_sources_than_targets(listener) -> None:
    listener.say(Answer(500))
    with pytest.raises(ProviderError):
        table(made("valhalla", listener, time_zone=""))
    assert "date_time" not in json.loads(heard(listener).body)
    with pytest.raises(ProviderError):
        table(made("valhalla", listener), origins=DESTINATIONS, destinations=ORIGINS)
    body = json.loads(listener.received[1].body)
    assert (len(body["sources"]), len(body["targets"])) == (3, 3)


def test_a_newer_valhalla_may_answer_briefly(listener: Listener) -> None:
    brief = {"durations": [[0, 12], [None, 0]], "distances": [[0, 0.1234], [None, 0]]}
    listener.say(said({"sources_to_targets": brief, "units": "kilometers"}))
    found = table(made("valhalla", listener), origins=ORIGINS[:2], destinations=DESTINATIONS[:2])
    assert found.distances.tolist() == [[0, 123], [2**31 - 1, 0]]


def test_google_is_asked_with_traffic_only_for_motors(listener: Listener) -> None:
    listener.say(Answer(500))
    for profile in ("van", "foot"):
        with pytest.raises(ProviderError):
            table(made("google", listener), profile=profile)
    with pytest.raises(ProviderError):
        table(made("google", listener, traffic=False), depart=None)
    van, foot, free = (json.loads(received.body) for received in listener.received)
    assert van["origins"][0] == {"waypoint": {"location": {"latLng": {"latitude": 49.4101, "longitude": 8.6901}}}}
    assert (van["travelMode"], van["routingPreference"]) == ("DRIVE", "TRAFFIC_AWARE")
    assert van["departureTime"] == "2026-11-23T07:00:00Z"
    assert (foot["travelMode"], "routingPreference" in foot, "departureTime" in foot) == ("WALK", False, False)
    assert free["routingPreference"] == "TRAFFIC_UNAWARE"
    assert heard(listener).headers["x-goog-api-key"] == "sekret"
    assert "duration" in heard(listener).headers["x-goog-fieldmask"]


def test_google_says_of_one_element_that_it_failed_and_the_table_fails(listener: Listener) -> None:
    listener.say(said([{"status": {"code": 13, "message": "internal"}, "originIndex": 0, "destinationIndex": 0}]))
    with pytest.raises(ProviderError) as raised:
        table(made("google", listener), ORIGINS[:1], DESTINATIONS[:1])
    assert (raised.value.kind, raised.value.code) == ("deferred", "cells_failed")


def test_here_is_asked_for_a_region_at_the_hour(listener: Listener) -> None:
    with pytest.raises(ProviderError):
        table(made("here", listener), profile="truck")
    body = json.loads(heard(listener).body)
    assert heard(listener).target == "/v8/matrix?async=false&apiKey=sekret"
    assert body["destinations"][4] == {"lat": 49.412, "lng": 8.712}
    assert (body["transportMode"], body["departureTime"]) == ("truck", "2026-11-23T07:00:00Z")
    assert body["regionDefinition"] == {"type": "autoCircle", "margin": 20_000}


@pytest.mark.parametrize(
    ("code", "kind", "word"), [(2, "permanent", "place_far_from_road"), (5, "deferred", "cells_failed")]
)
def test_here_says_by_number_why_a_pair_has_no_answer(code, kind, word, listener: Listener) -> None:
    matrix = {"travelTimes": [1], "distances": [1], "errorCodes": [code]}
    listener.say(said({"matrix": matrix}))
    with pytest.raises(ProviderError) as raised:
        table(made("here", listener), ORIGINS[:1], DESTINATIONS[:1])
    assert (raised.value.kind, raised.value.code) == ("permanent" if code == 2 else "deferred", word)


def test_tomtom_is_asked_from_now_or_from_an_hour(listener: Listener) -> None:
    listener.say(Answer(500))
    for depart in (MORNING, None):
        with pytest.raises(ProviderError):
            table(made("tomtom", listener), depart=depart)
    body, now = (json.loads(received.body) for received in listener.received)
    assert heard(listener).target == "/routing/matrix/2?key=sekret"
    assert body["origins"][0] == {"point": {"latitude": 49.4101, "longitude": 8.6901}}
    assert (body["options"]["departAt"], body["options"]["travelMode"]) == ("2026-11-23T07:00:00Z", "car")
    assert now["options"]["departAt"] == "now"


def test_tomtom_says_of_one_cell_that_it_failed_and_the_table_fails(listener: Listener) -> None:
    cell = {"originIndex": 0, "destinationIndex": 0, "detailedError": {"code": "COMPUTE_TIME_LIMIT_EXCEEDED"}}
    listener.say(said({"data": [cell]}))
    with pytest.raises(ProviderError) as raised:
        table(made("tomtom", listener), ORIGINS[:1], DESTINATIONS[:1])
    assert (raised.value.kind, raised.value.code) == ("deferred", "cells_failed")


def osrm_of(request: Received) -> Answer:
    """A little OSRM: seconds are the difference of latitudes, meters that of longitudes, in millionths."""
    path, _, query = unquote(request.target).partition("?")
    spots = [tuple(float(number) for number in spot.split(",")) for spot in path.rsplit("/", 1)[1].split(";")]
    asked = dict(part.split("=") for part in query.split("&"))
    rows, columns = ([spots[int(n)] for n in asked[name].split(";")] for name in ("sources", "destinations"))
    body = {
        "code": "Ok",
        "durations": [[round(abs(a[1] - b[1]) * 1e6) for b in columns] for a in rows],
        "distances": [[round(abs(a[0] - b[0]) * 1e6) for b in columns] for a in rows],
    }
    return Answer(200, json.dumps(body).encode())


def test_a_large_table_is_asked_in_parts_and_put_together(listener: Listener) -> None:
    listener.say(osrm_of)
    points = [Point(49 + n * 1e-5, 8 + n * n * 1e-6) for n in range(1, 8)]
    found = table(made("osrm", listener, max_table_size=3), origins=points, destinations=points[2:])
    assert len(listener.received) == 3 * 2
    seconds = [[round(abs(a.lat - b.lat) * 1e6) for b in points[2:]] for a in points]
    meters = [[round(abs(a.lon - b.lon) * 1e6) for b in points[2:]] for a in points]
    assert found.durations.tolist() == seconds
    assert found.distances.tolist() == meters


def test_a_part_that_fails_fails_the_table(listener: Listener) -> None:
    listener.say(lambda request: osrm_of(request) if len(listener.received) < 3 else Answer(503))
    with pytest.raises(ProviderError) as raised:
        table(made("osrm", listener, max_table_size=2))
    assert (raised.value.kind, len(listener.received)) == ("deferred", 3)


def test_all_parts_together_have_a_time_to_keep(listener: Listener) -> None:
    listener.say(osrm_of)
    with pytest.raises(ProviderError) as raised:
        table(made("osrm", listener, max_table_size=1, max_seconds=0))
    assert (raised.value.kind, raised.value.code) == ("deferred", "no_answer")


def test_a_server_that_sleeps_in_the_middle_of_a_table_holds_nobody_up(listener: Listener) -> None:
    listener.say(lambda request: osrm_of(request) if len(listener.received) < 2 else HANG)
    with pytest.raises(ProviderError) as raised:
        table(made("osrm", listener, max_table_size=2))
    assert (raised.value.kind, raised.value.code) == ("deferred", "no_answer")


def test_osrm_says_that_its_tables_are_smaller(listener: Listener) -> None:
    listener.say(Answer(400, b'{"code": "TooBig", "message": "Too many table coordinates"}'))
    with pytest.raises(ProviderError) as raised:
        table(made("osrm", listener))
    assert (raised.value.kind, raised.value.code) == ("permanent", "too_large")


@pytest.mark.parametrize("limit", [(2, 3, 6), (100, 100, 7), (15, 100, 1500), (1, 1, 1), (50, 50, 2500)])
@pytest.mark.parametrize("shape", [(3, 5), (120, 7), (1, 300), (300, 1), (0, 4)])
def test_parts_cover_every_pair_once_and_keep_the_limit(limit, shape) -> None:
    seen = np.zeros(shape, int)
    for rows, columns in ask.blocks(shape, ask.Limit(*limit)):
        part = seen[rows, columns]
        assert part.shape[0] <= limit[0]
        assert part.shape[1] <= limit[1]
        assert part.size <= limit[2]
        part += 1
    assert (seen == 1).all()


def test_the_oldest_part_is_the_age_of_the_table() -> None:
    times = iter([MORNING, MORNING - timedelta(minutes=3), None])
    found = ask.table(
        "x",
        (ORIGINS, DESTINATIONS[:1]),
        ask.Limit(1, 1, 1),
        ask.Budget(9, 9),
        lambda rows, _: ([[(1, 1)]], next(times)),
    )
    assert found.as_of == datetime(2026, 11, 23, 6, 57, tzinfo=UTC)


def test_lines_are_read_as_their_formats_documents_show() -> None:
    assert lines.polyline("_p~iF~ps|U_ulLnnqC_mqNvxq`@", digits=5) == (
        Point(38.5, -120.2),
        Point(40.7, -120.95),
        Point(43.252, -126.453),
    )
    shown = lines.flexible_polyline("BFoz5xJ67i1B1B7PzIhaxL7Y")
    assert shown[0] == Point(50.10228, 8.69821)
    assert shown[-1] == Point(50.09878, 8.68752)


@pytest.mark.parametrize("text", ["_p~iF", "_p~iF~ps|", "\x01", "_" * 40])
def test_a_line_that_is_cut_off_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="point|number|digit"):
        lines.polyline(text, digits=5)
    with pytest.raises((ValueError, Refusal)):
        lines.flexible_polyline(text)


@pytest.mark.parametrize(
    ("name", "options", "field"),
    [
        ("osrm", {"base_url": ""}, "base_url"),
        ("osrm", {}, "base_url"),
        ("valhalla", {"base_url": "http://x", "time_zone": "Mars/Olympus"}, "time_zone"),
        ("google", {"api_key": ""}, "api_key"),
        ("here", {"api_key": "k", "route_url": ""}, "route_url"),
        ("tomtom", {}, "api_key"),
    ],
)
def test_what_a_service_needs_is_asked_for_at_the_start(name, options, field) -> None:
    with pytest.raises(Refusal) as refused:
        registry.make("matrix", name, options)
    assert refused.value.field == field


@pytest.mark.parametrize("name", ["google", "here", "tomtom"])
def test_a_key_is_not_shown(name: str) -> None:
    options = registry.read_options(registry.require("matrix", name).options, KEY)
    assert "sekret" not in repr(options)
