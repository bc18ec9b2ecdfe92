"""Every geocoder, the fake too, keeps one contract: best first, honest about doubt, never `unknown`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Protocol

import pytest

from homestretch.kernel.refusal import Refusal
from homestretch.providers import registry
from homestretch.providers.errors import ProviderError
from homestretch.providers.geocoding import Geocoding, Query
from tests.providers import listener as listening
from tests.providers.conftest import recording
from tests.providers.listener import Answer, Listener, closed_port

QUERIES = {
    "found": Query("11 Grand-Rue, Luxembourg", country="LU", language="fr"),
    "street": Query("Grand-Rue, Luxembourg"),
    "ambiguous": Query("1 Grand-Rue ambiguous"),
    "nowhere": Query("7 nowhere lane"),
}


class Gazetteer(Protocol):
    geocoding: Geocoding

    def will(self, scenario: str) -> None: ...


class Fake:
    def __init__(self, folder: Path) -> None:
        self.plan = folder / "faults.json"
        self.geocoding = registry.make("geocoding", "fake", {"faults": self.plan})

    def will(self, scenario: str) -> None:
        if scenario == "fail":
            self.plan.write_text(json.dumps({"geocoding": [{"match": "*Grand-Rue*", "outcome": "deferred"}]}))


class Recorded:
    def __init__(self, name: str, listener: Listener) -> None:
        self.tape, self.listener = recording("geocoding", name), listener
        options = {key: value.replace("{url}", listener.url) for key, value in self.tape["options"].items()}
        self.geocoding = registry.make("geocoding", name, options)

    def will(self, scenario: str) -> None:
        if scenario == "fail":
            self.listener.say(Answer(500))
        else:
            self.listener.say(Answer(200, json.dumps(self.tape["answers"][scenario]).encode()))


@pytest.fixture(params=sorted(registry.names("geocoding")))
def gazetteer(request: pytest.FixtureRequest, tmp_path: Path, listener: Listener) -> Gazetteer:
    return Fake(tmp_path) if request.param == "fake" else Recorded(request.param, listener)


def test_an_address_with_its_number_is_one_trusted_place(gazetteer: Gazetteer) -> None:
    gazetteer.will("found")
    (place,) = gazetteer.geocoding.lookup(QUERIES["found"])
    assert (place.precision, place.confidence >= 0.8) == ("address", True)
    assert (49 < place.lat < 50, 6 < place.lon < 7, "Grand-Rue" in place.label) == (True, True, True)


def test_a_street_is_not_taken_for_an_address(gazetteer: Gazetteer) -> None:
    gazetteer.will("street")
    (place,) = gazetteer.geocoding.lookup(QUERIES["street"])
    assert (place.precision, place.confidence < 0.8) == ("street", True)


def test_places_far_apart_are_all_doubted(gazetteer: Gazetteer) -> None:
    gazetteer.will("ambiguous")
    places = gazetteer.geocoding.lookup(QUERIES["ambiguous"])
    assert len(places) == 3
    assert all(place.confidence < 0.5 for place in places)
    assert [place.confidence for place in places] == sorted((p.confidence for p in places), reverse=True)


def test_what_is_not_found_is_an_empty_list(gazetteer: Gazetteer) -> None:
    gazetteer.will("nowhere")
    assert gazetteer.geocoding.lookup(QUERIES["nowhere"]) == []


def test_the_limit_holds(gazetteer: Gazetteer) -> None:
    gazetteer.will("ambiguous")
    assert len(gazetteer.geocoding.lookup(Query("1 Grand-Rue ambiguous", limit=2))) == 2


def test_a_lookup_that_failed_may_always_be_tried_again(gazetteer: Gazetteer) -> None:
    gazetteer.will("fail")
    with pytest.raises(ProviderError) as raised:
        gazetteer.geocoding.lookup(QUERIES["found"])
    assert raised.value.kind == "deferred"
    assert "Grand" not in str(raised.value)


OVER_HTTP = sorted(set(registry.names("geocoding")) - {"fake"})
BROKEN = [(name, body) for name in OVER_HTTP for body in recording("geocoding", name)["broken"]]


@pytest.mark.parametrize(("name", "body"), BROKEN, ids=lambda value: json.dumps(value)[:40])
def test_an_answer_of_another_shape_is_no_place(listener: Listener, name: str, body: object) -> None:
    listener.say(Answer(200, json.dumps(body).encode()))
    with pytest.raises(ProviderError) as raised:
        Recorded(name, listener).geocoding.lookup(Query("1 Grand-Rue"))
    assert raised.value.kind == "deferred"


@pytest.mark.parametrize("name", OVER_HTTP)
@pytest.mark.parametrize(
    "answer",
    [Answer(200, b"{}x"), Answer(200, b"x" * 1_200_000), Answer(429), listening.HANG, listening.DROP, listening.HALF],
    ids=["not json", "too long", "too many", "hang", "drop", "half"],
)
def test_a_broken_answer_is_no_place_and_never_unknown(listener: Listener, name: str, answer: Answer | str) -> None:
    listener.say(answer)
    with pytest.raises(ProviderError) as raised:
        Recorded(name, listener).geocoding.lookup(Query("1 Grand-Rue"))
    assert raised.value.kind == "deferred"


@pytest.mark.parametrize("name", OVER_HTTP)
def test_nobody_listening_is_deferred(name: str) -> None:
    options = {**recording("geocoding", name)["options"], "base_url": f"http://127.0.0.1:{closed_port()}"}
    with pytest.raises(ProviderError) as raised:
        registry.make("geocoding", name, options).lookup(Query("1 Grand-Rue"))
    assert raised.value.kind == "deferred"


@pytest.mark.parametrize("name", sorted(set(OVER_HTTP) - {"google"}))
def test_a_server_of_ones_own_must_be_named(name: str) -> None:
    with pytest.raises(Refusal, match=r"provider\.option_missing"):
        registry.make("geocoding", name, {"base_url": ""})


ASKED = {
    "photon": ("/api", {"q": "11 Grand-Rue, Luxembourg", "limit": "5", "lang": "fr"}),
    "pelias": (
        "/v1/search",
        {"text": "11 Grand-Rue, Luxembourg", "size": "5", "boundary.country": "LU", "lang": "fr", "api_key": "k-1"},
    ),
    "google": (
        "/maps/api/geocode/json",
        {"address": "11 Grand-Rue, Luxembourg", "key": "k-1", "components": "country:LU", "language": "fr"},
    ),
}


@pytest.mark.parametrize("name", sorted(ASKED))
def test_each_is_asked_in_its_own_words(listener: Listener, name: str) -> None:
    asked = Recorded(name, listener)
    asked.will("found")
    asked.geocoding.lookup(QUERIES["found"])
    path, words = ASKED[name]
    assert listener.received[0].target.startswith(f"{path}?")
    assert listener.received[0].query == words


@pytest.mark.parametrize(
    ("name", "change", "precision"),
    [
        ("photon", {"housenumber": None}, "street"),
        ("photon", {"type": "city"}, "area"),
        ("pelias", {"match_type": "interpolated"}, "street"),
        ("pelias", {"housenumber": None}, "street"),
        ("pelias", {"layer": "locality"}, "area"),
    ],
)
def test_less_than_the_building_is_less_precise(
    listener: Listener, name: str, change: dict[str, str | None], precision: str
) -> None:
    asked = Recorded(name, listener)
    said = asked.tape["answers"]["found"]["features"][0]["properties"]
    asked.tape["answers"]["found"]["features"][0]["properties"] = {
        member: value for member, value in {**said, **change}.items() if value is not None
    }
    asked.will("found")
    (place,) = asked.geocoding.lookup(QUERIES["found"])
    assert (place.precision, place.confidence < 0.8) == (precision, True)


def test_photon_leaves_out_other_countries_and_asks_in_no_language_it_lacks(listener: Listener) -> None:
    asked = Recorded("photon", listener)
    asked.will("found")
    assert asked.geocoding.lookup(Query("11 Grand-Rue", country="DE", language="mt")) == []
    assert "lang" not in listener.received[0].query


@pytest.mark.parametrize(
    ("kind", "precision"), [("RANGE_INTERPOLATED", "street"), ("APPROXIMATE", "area"), ("GEOMETRIC_CENTER", "area")]
)
def test_google_says_how_near_its_point_is(listener: Listener, kind: str, precision: str) -> None:
    asked = Recorded("google", listener)
    asked.tape["answers"]["found"]["results"][0]["geometry"]["location_type"] = kind
    asked.will("found")
    (place,) = asked.geocoding.lookup(QUERIES["found"])
    assert (place.precision, place.confidence < 0.8) == (precision, True)


def test_google_understood_only_a_part(listener: Listener) -> None:
    asked = Recorded("google", listener)
    asked.tape["answers"]["found"]["results"][0]["partial_match"] = True
    asked.will("found")
    (place,) = asked.geocoding.lookup(QUERIES["found"])
    assert place.confidence < 0.8


@pytest.mark.parametrize(
    ("status", "kind", "code"),
    [
        ("OVER_QUERY_LIMIT", "deferred", "too_many"),
        ("REQUEST_DENIED", "deferred", "credentials_refused"),
        ("INVALID_REQUEST", "permanent", "refused"),
    ],
)
def test_google_fails_with_status_200(listener: Listener, status: str, kind: str, code: str) -> None:
    listener.say(Answer(200, json.dumps({"status": status, "results": []}).encode()))
    with pytest.raises(ProviderError) as raised:
        Recorded("google", listener).geocoding.lookup(Query("1 Grand-Rue"))
    assert (raised.value.kind, raised.value.code) == (kind, code)


def test_nominatim_is_asked_in_its_own_words(listener: Listener) -> None:
    listener.say(Answer(200, b"[]"))
    options = {"base_url": listener.url + "/", "email": "ops@example.com"}
    registry.make("geocoding", "nominatim", options).lookup(QUERIES["found"])
    request = listener.received[0]
    assert request.target.startswith("/search?")
    assert request.query == {
        "q": "11 Grand-Rue, Luxembourg",
        "format": "jsonv2",
        "addressdetails": "1",
        "limit": "5",
        "countrycodes": "lu",
        "accept-language": "fr",
        "email": "ops@example.com",
    }


def test_a_building_without_a_number_does_not_answer_a_question_with_one(listener: Listener) -> None:
    place = {
        "lat": "49.6",
        "lon": "6.1",
        "place_rank": 30,
        "display_name": "Town hall",
        "address": {"road": "Grand-Rue"},
    }
    listener.say(Answer(200, json.dumps([place]).encode()))
    nominatim = registry.make("geocoding", "nominatim", {"base_url": listener.url})
    assert nominatim.lookup(Query("11 Grand-Rue"))[0].precision == "street"
    assert nominatim.lookup(Query("Town hall"))[0].precision == "address"


def test_the_fake_gives_the_same_place_again_and_neighbors_near_each_other() -> None:
    fake = registry.make("geocoding", "fake", {"south": "49", "north": "50", "west": "6", "east": "7"})
    (one,), (again,) = fake.lookup(Query("12 Main Street")), fake.lookup(Query("  12, MAIN street"))
    (neighbor,), (other,) = fake.lookup(Query("14 Main Street")), fake.lookup(Query("12 Mill Lane"))
    assert (one.lat, one.lon) == (again.lat, again.lon)
    assert 0 < abs(one.lat - neighbor.lat) + abs(one.lon - neighbor.lon) < 0.01
    assert abs(one.lat - other.lat) + abs(one.lon - other.lon) > 0.01


def test_the_fake_stays_in_its_box() -> None:
    box = {"south": 49.0, "north": 49.001, "west": 6.0, "east": 6.001}
    fake = registry.make("geocoding", "fake", box)
    for number in range(300):
        (place,) = fake.lookup(Query(f"{number} Street {number % 7}"))
        assert 49.0 <= place.lat <= 49.001
        assert 6.0 <= place.lon <= 6.001
