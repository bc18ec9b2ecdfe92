"""Zones and service areas by API: drawn, listed, changed by version, brought in and taken out."""

from __future__ import annotations

from typing import Any

import pytest

from tests.doors.api.asking import change, get, post
from tests.town import accounts as people
from tests.town.fleet import a_depot
from tests.town.orders import raw_order
from tests.town.places import SQUARE
from tests.town.zones import collection, feature, polygon


@pytest.fixture
def dispatcher(db: Any) -> Any:
    """Who plans."""
    return people.a_member(people.an_organization("Ours"), "dispatcher")


@pytest.fixture
def client(dispatcher: Any) -> Any:
    """Their browser."""
    return people.signed_in(dispatcher)


@pytest.fixture
def stranger(db: Any) -> Any:
    """The owner next door."""
    return people.signed_in(people.owner_of(people.an_organization("Theirs")))


KINDS = ("/zones", "/service-areas")


@pytest.mark.parametrize("kind", KINDS)
def test_a_drawing_is_made_read_changed_and_removed(client: Any, kind: str) -> None:
    made = post(client, kind, {"name": "North", "geometry": polygon(), "metadata": {"a": 1}})
    assert made.status_code == 201
    path = f"{kind}/{made.json()['id']}"
    assert get(client, path).json() == made.json()
    assert get(client, path)["ETag"] == '"1"'
    (row,) = get(client, kind).json()["items"]
    assert (row["name"], row["metadata"], "geometry" in row) == ("North", {"a": 1}, False)
    body = {"name": "South", "geometry": polygon()}
    assert change(client, path, body, None, method="put").status_code == 428
    assert change(client, path, body, 7, method="put").status_code == 412
    assert change(client, path, body, 1, method="put").json()["version"] == 2
    assert change(client, path, None, 1, method="delete").status_code == 412
    assert change(client, path, None, 2, method="delete").status_code == 204
    assert get(client, path).status_code == 404


@pytest.mark.parametrize("kind", KINDS)
def test_a_drawing_is_made_once_by_one_key(client: Any, kind: str) -> None:
    body = {"name": "North", "geometry": polygon()}
    first, again = (post(client, kind, body, key="once") for _ in range(2))
    assert (again.json(), again["Idempotency-Replayed"]) == (first.json(), "true")
    assert post(client, kind, body).json()["code"].endswith(".name_taken")


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_comes_in_whole_and_goes_out_as_it_came(client: Any, kind: str) -> None:
    file = collection(feature("A", external_id="1"), feature("B"))
    brought = post(client, f"{kind}/geojson", file)
    assert (brought.status_code, len(brought.json()["ids"])) == (201, 2)
    out = get(client, f"{kind}/geojson").json()
    assert [f["properties"]["name"] for f in out["features"]] == ["A", "B"]
    assert post(client, f"{kind}/geojson", out).json() == brought.json()
    bad = post(client, f"{kind}/geojson", collection(feature("C"), feature("D", {"type": "Point"})))
    assert (bad.status_code, bad.json()["code"]) == (422, "area.features_refused")
    assert bad.json()["details"]["refusals"][0]["feature"] == 1
    assert len(get(client, kind).json()["items"]) == 2


def test_a_point_is_asked_for(client: Any) -> None:
    at = {"lat": SQUARE.lat, "lon": SQUARE.lon}
    assert get(client, "/zones/at", **at).json() == {"zone": None, "zones": [], "served": True}
    post(client, "/zones", {"name": "Center", "geometry": polygon(), "priority": 3})
    post(client, "/service-areas", {"name": "Town", "geometry": polygon()})
    assert get(client, "/zones/at", **at).json() == {"zone": "Center", "zones": ["Center"], "served": True}
    assert get(client, "/zones/at", lat=10, lon=10).json() == {"zone": None, "zones": [], "served": False}
    assert get(client, "/zones/at", lat=100, lon=10).json()["code"] == "place.coordinates_invalid"


def test_a_zone_is_of_a_depot_of_ours_or_of_none(client: Any, dispatcher: Any) -> None:
    body = {"name": "North", "geometry": polygon()}
    theirs = a_depot(people.owner_of(people.an_organization("Third")))
    assert post(client, "/zones", {**body, "depot_id": str(theirs.id)}).json()["code"] == "depot.not_found"
    file = collection(feature("North", depot_id=str(theirs.id)))
    assert post(client, "/zones/geojson", file).json()["code"] == "depot.not_found"
    ours = a_depot(dispatcher)
    assert post(client, "/zones", {**body, "depot_id": str(ours.id)}).json()["depot_id"] == str(ours.id)


@pytest.mark.parametrize("kind", KINDS)
def test_the_viewer_looks_the_stranger_finds_nothing(client: Any, dispatcher: Any, stranger: Any, kind: str) -> None:
    path = f"{kind}/{post(client, kind, {'name': 'N', 'geometry': polygon()}).json()['id']}"
    assert get(stranger, path).status_code == 404
    assert change(stranger, path, {"name": "X", "geometry": polygon()}, method="put").status_code == 404
    assert change(stranger, path, None, method="delete").status_code == 404
    assert get(stranger, kind).json()["items"] == []
    reader = people.bearing(people.a_key(dispatcher, "places:read"))
    assert get(reader, path).status_code == 200
    assert post(reader, kind, {"name": "X", "geometry": polygon()}).status_code == 403


def test_a_place_outside_says_so_and_is_served_all_the_same_when_a_person_says_so(client: Any) -> None:
    post(client, "/service-areas", {"name": "Town", "geometry": polygon()})
    place = post(client, "/places", {"address": "Far Lane 1", "lat": 10, "lon": 10}).json()
    assert (place["state"], place["review"]) == ("needs_review", "outside_service_area")
    (listed,) = get(client, "/places", state=["needs_review"]).json()["items"]
    assert listed["id"] == place["id"]
    body = raw_order(1, task={"place": {"address": "Far Lane 1"}})
    order = post(client, "/orders", body).json()
    (task,) = order["tasks"]
    assert (order["state"], task["place"]["review"]) == ("staged", "outside_service_area")
    mended = change(client, f"/places/{place['id']}", {"serve_anyway": True}, place["version"]).json()
    assert (mended["state"], mended["review"], mended["serve_anyway"]) == ("located", "", True)


def test_blackouts_are_set_read_changed_and_taken_back(client: Any, dispatcher: Any, stranger: Any) -> None:
    body = {"first": "2026-12-25", "last": "2026-12-26", "reason": "Christmas"}
    made = post(client, "/blackouts", body, key="b")
    assert made.status_code == 201
    assert post(client, "/blackouts", body, key="b")["Idempotency-Replayed"] == "true"
    path = f"/blackouts/{made.json()['id']}"
    assert get(client, path).json() == made.json()
    assert len(get(client, "/blackouts").json()["items"]) == 1
    assert get(client, "/blackouts", since="2026-12-27").json()["items"] == []
    assert get(stranger, path).status_code == 404
    assert change(stranger, path, body, method="put").status_code == 404
    assert change(client, path, body, None, method="put").status_code == 428
    longer = change(client, path, {**body, "last": "2026-12-27"}, 1, method="put").json()
    assert (longer["last"], longer["version"]) == ("2026-12-27", 2)
    theirs = a_depot(people.owner_of(people.an_organization("Third")))
    assert post(client, "/blackouts", {**body, "depot_id": str(theirs.id)}).json()["code"] == "depot.not_found"
    assert post(client, "/blackouts", {**body, "last": "2026-12-01"}).json()["code"] == "blackout.ends_before_start"
    reader = people.bearing(people.a_key(dispatcher, "places:read"))
    assert change(reader, path, None, 2, method="delete").status_code == 403
    assert change(client, path, None, 2, method="delete").status_code == 204
