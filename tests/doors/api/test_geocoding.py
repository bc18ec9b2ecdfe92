"""Addresses by API: found by a line or a point in the installed maps, by those who may read places."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client, override_settings

from tests.atlas.address_town import at
from tests.doors.api.asking import get
from tests.town import accounts as people
from tests.town.maps import an_address_map


@pytest.fixture
def client(db: Any) -> Any:
    """A dispatcher's browser."""
    return people.signed_in(people.a_member(people.an_organization("Ours"), "dispatcher"))


@pytest.fixture
def home(tmp_path: Path) -> Any:
    """An installation of its own, with the map of the villages."""
    with override_settings(HOMESTRETCH_HOME=tmp_path):
        an_address_map(tmp_path)
        yield tmp_path


def test_an_address_is_found_with_its_precision_and_score(client: Any, home: Path) -> None:
    found = get(client, "/places/search", q="Hauptstr 4 Altdorf").json()
    assert found["maps"] == ["villages"]
    best = found["items"][0]
    assert (best["label"], best["precision"]) == ("Hauptstraße 4, 12345 Altdorf", "rooftop")
    assert best["score"] >= 0.8
    both = get(client, "/places/search", q="Hauptstraße 2", limit=2).json()["items"]
    assert {hit["city"] for hit in both} == {"Altdorf", "Neudorf"}
    assert get(client, "/places/search", q="Hauptstraße 2", country="MT").json()["items"] == []
    near = at(6000, 0)
    (hit,) = get(client, "/places/search", q="Hauptstraße 2", lat=near.lat, lon=near.lon, limit=1).json()["items"]
    assert hit["city"] == "Neudorf"


def test_a_point_has_an_address(client: Any, home: Path) -> None:
    point = at(82, 20)
    (hit,) = get(client, "/places/reverse", lat=point.lat, lon=point.lon).json()["items"]
    assert (hit["street"], hit["number"], hit["precision"]) == ("Hauptstraße", "4", "rooftop")
    assert get(client, "/places/reverse", lat=10, lon=10).json()["items"] == []


def test_without_a_map_nothing_is_found_and_it_is_said(client: Any, tmp_path: Path) -> None:
    with override_settings(HOMESTRETCH_HOME=tmp_path):
        assert get(client, "/places/search", q="Hauptstraße 4").json() == {"items": [], "maps": []}


@pytest.mark.parametrize(
    ("path", "query", "code"),
    [
        ("/places/search", {}, "request.invalid"),
        ("/places/search", {"q": ""}, "request.invalid"),
        ("/places/search", {"q": "x" * 501}, "request.invalid"),
        ("/places/search", {"q": "x", "limit": 21}, "request.invalid"),
        ("/places/search", {"q": "x", "lat": 49}, "place.coordinates_invalid"),
        ("/places/reverse", {"lat": 49}, "request.invalid"),
        ("/places/reverse", {"lat": 95, "lon": 6}, "place.coordinates_invalid"),
        ("/places/reverse", {"lat": "nan", "lon": 6}, "place.coordinates_invalid"),
    ],
)
def test_a_wrong_question_is_refused(client: Any, path: str, query: dict[str, Any], code: str) -> None:
    assert get(client, path, **query).json()["code"] == code


def test_who_may_not_read_places_is_not_answered(db: Any) -> None:
    owner = people.owner_of(people.an_organization("Ours"))
    assert get(Client(), "/places/search", q="x").status_code == 401
    assert get(people.bearing(people.a_key(owner, "orders:read")), "/places/search", q="x").status_code == 403
    assert get(people.bearing(people.a_key(owner, "places:read")), "/places/reverse", lat=9, lon=9).status_code == 200
