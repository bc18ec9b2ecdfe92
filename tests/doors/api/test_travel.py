"""Travel by API: the way along roads, what is closed, the weather, and speeds from a file."""

from __future__ import annotations

from typing import Any

import pytest

from tests.doors.api.asking import BASE, get, post
from tests.town import accounts as people
from tests.town.roads import the_town

SPEEDS = "way,direction,day,from,to,speed_kmh\n42,both,work,7,9,18\n"


@pytest.fixture
def client(db: Any) -> Any:
    """A dispatcher's browser."""
    return people.signed_in(people.a_member(people.an_organization("Ours"), "dispatcher"))


def path_body() -> dict[str, Any]:
    """From one end of the town to the other."""
    town, _ = the_town()
    houses = (town.addresses[0], town.addresses[-1])
    return {"points": [{"lat": house.lat, "lon": house.lon} for house in houses], "depart": "2026-11-23T08:00:00Z"}


def test_a_way_follows_the_roads_of_the_map(client: Any, settings: Any) -> None:
    _, settings.HOMESTRETCH_HOME = the_town()
    answer = post(client, "/travel/path", path_body()).json()
    assert (answer["rung"], answer["source"], answer["fell"]) == ("roads", "town", [])
    (leg,) = answer["legs"]
    assert len(leg["points"]) > 5
    assert leg["meters"] > 300
    assert set(leg["points"][0]) == {"lat", "lon"}


def test_without_a_map_the_way_is_straight_and_says_so(client: Any, settings: Any, tmp_path: Any) -> None:
    settings.HOMESTRETCH_HOME = tmp_path
    answer = post(client, "/travel/path", path_body()).json()
    assert (answer["rung"], answer["fell"][0]["code"]) == ("great_circle", "travel.no_map")
    assert len(answer["legs"][0]["points"]) == 2


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"points": [{"lat": 49, "lon": 6}]}, 422),
        ({"points": [{"lat": 49, "lon": 6}, {"lat": 99, "lon": 6}]}, 422),
        ({"points": [{"lat": 49, "lon": 6}, {"lat": 0, "lon": 0}]}, 422),
        ({"points": [{"lat": 49, "lon": 6}] * 301}, 422),
        ({"points": [{"lat": 49, "lon": 6}, {"lat": 49.1, "lon": 6}], "profile": "rocket"}, 422),
        ({"points": [{"lat": 49, "lon": 6}, {"lat": 49.1, "lon": 6}], "depart": "tomorrow"}, 422),
    ],
)
def test_a_way_through_nonsense_is_refused(client: Any, body: Any, status: int) -> None:
    answer = post(client, "/travel/path", body)
    assert answer.status_code == status
    assert answer.json()["code"]


def test_a_street_is_closed_and_opened_again(client: Any) -> None:
    body = {"street": "Mill Lane", "starts_at": "2026-11-23T08:00:00Z", "reason": "Water main"}
    made = post(client, "/travel/closures", body)
    assert (made.status_code, made.json()["name"], made.json()["ends_at"]) == (201, "Mill Lane", None)
    path = f"/travel/closures/{made.json()['id']}"
    assert get(client, path).json()["reason"] == "Water main"
    ended = post(client, f"{path}/end")
    assert ended.json()["ends_at"] is not None
    assert get(client, "/travel/closures").json()["items"] == []
    assert [row["id"] for row in get(client, "/travel/closures", over=True).json()["items"]] == [made.json()["id"]]
    assert post(client, "/travel/closures", {"name": "Nothing"}).json()["code"] == "closure.nothing_named"
    half = post(client, "/travel/closures", {"street": "Mill Lane", "lat": 49.6})
    assert half.json()["code"] == "place.coordinates_invalid"


def test_the_same_key_closes_a_street_once(client: Any) -> None:
    both = [post(client, "/travel/closures", {"street": "Mill Lane"}, key="k-1").json()["id"] for _ in range(2)]
    assert both[0] == both[1]
    assert len(get(client, "/travel/closures").json()["items"]) == 1


def test_a_stranger_sees_no_closure_of_ours(client: Any) -> None:
    ident = post(client, "/travel/closures", {"street": "Mill Lane"}).json()["id"]
    stranger = people.signed_in(people.a_member(people.an_organization("Next door"), "dispatcher"))
    assert get(stranger, f"/travel/closures/{ident}").status_code == 404
    assert post(stranger, f"/travel/closures/{ident}/end").status_code == 404
    viewer = people.signed_in(people.a_member(people.an_organization("Third"), "viewer"))
    assert post(viewer, "/travel/closures", {"street": "Mill Lane"}).status_code == 403


def test_weather_is_said_for_a_span(client: Any) -> None:
    span = {"starts_at": "2099-11-23T08:00:00Z", "ends_at": "2099-11-23T12:00:00Z"}
    assert post(client, "/travel/weather", {"kind": "snow", **span}).status_code == 201
    assert [row["kind"] for row in get(client, "/travel/weather").json()["items"]] == ["snow"]
    assert post(client, "/travel/weather", {"kind": "frogs", **span}).status_code == 422


def put(client: Any, text: str, version: int | None) -> Any:
    """The file of speeds, of the version that was seen."""
    headers = {} if version is None else {"If-Match": f'"{version}"'}
    return client.put(f"{BASE}/travel/speeds/csv", text, content_type="text/csv", headers=headers)


def test_a_file_of_speeds_replaces_the_one_before_it_by_the_version_that_was_seen(client: Any) -> None:
    assert put(client, SPEEDS, None).status_code == 428
    assert put(client, SPEEDS, 0).json()["rows"] == 1
    assert put(client, SPEEDS, 0).status_code == 412
    bad = put(client, SPEEDS + "x,both,all,0,24,30\n", 1)
    assert (bad.status_code, bad.json()["code"]) == (422, "speeds.rows_invalid")
    assert put(client, "colour\n1\n", 1).json()["code"] == "speeds.unreadable"
    assert [(row["source"], row["version"]) for row in get(client, "/travel/speeds").json()["items"]] == [("csv", 1)]
