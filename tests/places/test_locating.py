"""Own maps are asked first, then the geocoder, then a person; the place says who located it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings

from homestretch.atlas.maps import build, remove
from homestretch.atlas.maps.parts import PARTS
from homestretch.events.scope import scope
from homestretch.kernel.actor import Actor
from homestretch.kernel.geo import Point, distance_m
from homestretch.places import actions, books, jobs, queries
from homestretch.places.models import Place
from homestretch.places.values import PlaceData
from homestretch.providers.errors import ProviderError
from homestretch.providers.geocoding import Candidate, Query
from tests.atlas.address_town import at
from tests.atlas.test_maps import an_extract
from tests.town.maps import an_address_map
from tests.town.places import AT
from tests.work import run_jobs

FAKE = {"geocoding": ("fake", {})}


class Geocoder:
    """Answers as it was told, and counts."""

    def __init__(self, answer: list[Candidate] | ProviderError) -> None:
        self.answer, self.asked = answer, list[str]()

    def lookup(self, query: Query) -> list[Candidate]:
        self.asked.append(query.text)
        if isinstance(self.answer, ProviderError):
            raise self.answer
        return self.answer


@pytest.fixture
def home(tmp_path: Path) -> Any:
    """An installation of its own, with the map of the villages."""
    with override_settings(HOMESTRETCH_HOME=tmp_path):
        an_address_map(tmp_path)
        yield tmp_path


def located(us: Actor, address: str) -> Place:
    """The place of an address when all work is done."""
    place = actions.find_or_create(PlaceData(address), by=us, at=AT)
    run_jobs()
    with scope(us):
        return queries.place(place.id)


def asked(monkeypatch: Any, answer: Any) -> Geocoder:
    geocoder = Geocoder(answer)
    monkeypatch.setattr(jobs, "geocoder", lambda: geocoder)
    return geocoder


ELSEWHERE = Candidate(49.5, 8.5, "Hauptstrasse 2, Anderswo", 0.9, "address")


def test_a_house_on_the_map_is_located_and_nobody_else_is_asked(us: Actor, home: Path, monkeypatch: Any) -> None:
    geocoder = asked(monkeypatch, [ELSEWHERE])
    place = located(us, "Hauptstr. 4, 12345 Altdorf")
    assert (place.state, place.source, geocoder.asked) == ("located", "map", [])
    assert distance_m(Point(place.lat or 0, place.lon or 0), at(80, 15)) < 1
    assert place.confidence is not None
    assert place.confidence >= 0.8


def test_what_the_map_is_unsure_of_the_geocoder_may_know(us: Actor, home: Path, monkeypatch: Any) -> None:
    geocoder = asked(monkeypatch, [ELSEWHERE])
    place = located(us, "Hauptstraße 2")
    assert (place.state, place.source, place.lat) == ("located", "geocoder", 49.5)
    assert geocoder.asked == ["Hauptstraße 2"]


def test_what_neither_is_sure_of_waits_for_a_person_with_the_candidates_of_both(
    us: Actor, home: Path, monkeypatch: Any
) -> None:
    asked(monkeypatch, [Candidate(49.5, 8.5, "Hauptstrasse, Anderswo", 0.6, "street")])
    place = located(us, "Hauptstraße 2")
    assert (place.state, place.lat) == ("needs_review", None)
    labels = [candidate["label"] for candidate in place.candidates]
    assert {"Hauptstraße 2, 12345 Altdorf", "Hauptstraße 2, 12 399 Neudorf", "Hauptstrasse, Anderswo"} <= set(labels)


def test_a_geocoder_that_refuses_leaves_the_candidates_of_the_map(us: Actor, home: Path, monkeypatch: Any) -> None:
    asked(monkeypatch, ProviderError("permanent", "refused", "no"))
    place = located(us, "Hauptstraße 2")
    assert (place.state, len(place.candidates) >= 2) == ("needs_review", True)


def test_nothing_is_invented_where_a_map_knows_the_real_places(us: Actor, home: Path) -> None:
    with override_settings(HOMESTRETCH_PROVIDERS=FAKE):
        assert located(us, "Blauer Esel 9, Timbuktu").state in ("not_located", "needs_review")
        assert located(us, "Kirchweg 10, Neudorf").source == "map"


def test_nobody_may_be_named(us: Actor, tmp_path: Path) -> None:
    with override_settings(HOMESTRETCH_HOME=tmp_path, HOMESTRETCH_PROVIDERS={}):
        assert located(us, "Hauptstraße 4, Altdorf").state == "not_located"


def test_a_map_that_is_replaced_or_removed_is_noticed(us: Actor, home: Path) -> None:
    assert books.find("Hauptstraße 4, Altdorf")[0].precision == "rooftop"
    parts = [part for part in PARTS if part.name == "addresses"]
    build(an_extract(home / "other.osm.pbf"), home / "maps", name="villages", parts=parts)
    assert books.find("Hauptstraße 4, Altdorf") == []
    assert books.find("Mill Lane")[0].precision == "street"
    remove(home / "maps", "villages")
    assert books.find("Mill Lane") == []


def test_two_maps_that_overlap_give_one_answer(us: Actor, home: Path) -> None:
    an_address_map(home, "again")
    hits = books.find("Hauptstraße 4, Altdorf")
    assert [hit.precision for hit in hits].count("rooftop") == 1
    assert len(books.reverse(at(80, 15), limit=1)) == 1


def test_a_damaged_book_is_as_none(us: Actor, home: Path) -> None:
    (home / "maps" / "villages" / "addresses.npz").write_bytes(b"damaged")
    books._OPEN.clear()
    with override_settings(HOMESTRETCH_PROVIDERS={}):
        assert located(us, "Hauptstraße 4, Altdorf").state == "not_located"
