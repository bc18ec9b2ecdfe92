"""A place is one row per address, located once, and a person's pin is never doubted."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from homestretch.events.clock import set_clock
from homestretch.events.scope import scope
from homestretch.kernel.actor import Actor
from homestretch.kernel.geo import Point, offset
from homestretch.kernel.refusal import Refusal
from homestretch.places import actions, jobs, queries, rules
from homestretch.places.models import Place
from homestretch.places.values import Correction, Found, Lookup, PlaceData
from homestretch.providers.errors import ProviderError
from homestretch.providers.geocoding import Candidate, Query
from tests.orders.facts import facts_of
from tests.town.places import AT, SQUARE, a_place, place_data
from tests.work import due, run_due, run_jobs, waiting


class Geocoder:
    """Answers as it was told, and counts."""

    def __init__(self, *answers: list[Candidate] | ProviderError) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    def lookup(self, query: Query) -> list[Candidate]:
        self.asked.append(query.text)
        answer = self.answers.pop(0)
        if isinstance(answer, ProviderError):
            raise answer
        return answer


def candidate(confidence: float = 0.95, precision: Any = "address") -> Candidate:
    """Somewhere near the square."""
    return Candidate(SQUARE.lat, SQUARE.lon, "Square 1, Town", confidence, precision)


@pytest.fixture
def ask(monkeypatch: Any) -> Any:
    """Put a geocoder in place."""

    def put(*answers: Any) -> Geocoder:
        geocoder = Geocoder(*answers)
        monkeypatch.setattr(jobs, "geocoder", lambda: geocoder)
        return geocoder

    return put


def found(us: Actor, place: Any) -> Any:
    """The place as it stands."""
    with scope(us):
        return queries.place(place.id)


def test_one_address_is_one_place_however_it_is_spelled(us: Actor) -> None:
    first = a_place(us, 1)
    for spelled in ("mill lane 1 town", "MILL LANE 1,  Town.", "Mill Lane 1; Town"):
        assert actions.find_or_create(PlaceData(spelled), by=us, at=AT).id == first.id
    assert waiting() == []


def test_the_same_address_far_away_is_another_place_unless_a_person_set_the_pin(us: Actor) -> None:
    first = a_place(us, 1)
    near, far = offset(first_point(first), 50, 0), offset(first_point(first), 5000, 0)
    assert a_place(us, 1, point=near).id == first.id
    assert a_place(us, 1, point=far).id != first.id
    actions.correct(first.id, Correction(point=near), by=us, at=AT)
    assert a_place(us, 1, point=far).id == first.id


def first_point(place: Any) -> Point:
    """The pin of a place."""
    return Point(place.lat, place.lon)


def test_many_at_once_are_as_one_by_one(us: Actor) -> None:
    wanted = [place_data(1), place_data(2, point=None), place_data(1), place_data(1, point=offset(SQUARE, 9000, 0))]
    made = actions.find_or_create_all(wanted, by=us, at=AT)
    assert made[0].id == made[2].id
    assert len({place.id for place in made}) == 3
    assert [p.id for p in actions.find_or_create_all(wanted, by=us, at=AT)] == [p.id for p in made]
    assert [name for name, _ in waiting()] == ["places.locate"]


def test_a_place_is_looked_up_once_and_located(us: Actor, ask: Any) -> None:
    geocoder = ask([candidate()])
    place = a_place(us, 1, point=None)
    assert a_place(us, 1, point=None).id == place.id
    assert run_jobs()[0] == "places.locate"
    located = found(us, place)
    assert (located.state, located.source, located.lat) == ("located", "geocoder", SQUARE.lat)
    assert geocoder.asked == ["Mill Lane 1, Town"]
    assert facts_of(us, place.id) == ["place.located"]


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        ([], "not_located"),
        ([candidate(0.5)], "needs_review"),
        ([candidate(0.95, "street")], "needs_review"),
        (ProviderError("permanent", "refused", "no"), "needs_review"),
    ],
)
def test_what_the_geocoder_is_unsure_of_waits_for_a_person(us: Actor, ask: Any, answer: Any, state: str) -> None:
    ask(answer)
    place = a_place(us, 1, point=None)
    run_jobs()
    assert (found(us, place).state, found(us, place).lat) == (state, None)
    assert facts_of(us, place.id) == ["place.needs_review"]
    with scope(us):
        assert [row.id for row in queries.places(rules.TO_FIX)] == [place.id]
    fixed = actions.correct(place.id, Correction(point=SQUARE), by=us, at=AT)
    assert (fixed.state, fixed.source, fixed.candidates) == ("located", "person", [])


def test_a_geocoder_that_is_away_is_asked_again_later_and_not_for_ever(us: Actor, ask: Any) -> None:
    away = ProviderError("deferred", "timeout", "no answer", retry_after_seconds=30)
    ask(away)
    place = a_place(us, 1, point=None)
    run_jobs()
    assert found(us, place).state == "queued"
    assert {job for job, _ in due()} == {"places.locate"}
    assert len(due()) == 2  # the provider's word, and the end of the lease
    lookups = actions.begin_lookups(by=us, at=found(us, place).looked_up_at + actions.LOOKUP_LEASE)
    assert len(lookups) == 1
    for _ in range(rules.LOOKUPS - 1):
        actions.postpone_lookup(lookups[0], 30, by=us, at=AT)
    assert found(us, place).state == "needs_review"


def test_a_late_answer_of_a_lookup_that_was_taken_over_counts_for_nothing(us: Actor) -> None:
    place = a_place(us, 1, point=None)
    (lost,) = actions.begin_lookups(by=us, at=AT)
    assert actions.begin_lookups(by=us, at=AT) == []
    (taken,) = actions.begin_lookups(by=us, at=AT + timedelta(minutes=6))
    actions.finish_lookup(lost, [Found(1.0, 1.0, "far", 0.99, "address")], by=us, at=AT)
    assert found(us, place).state == "queued"
    actions.finish_lookup(taken, [Found(49.0, 6.0, "here", 0.99, "address")], by=us, at=AT)
    assert found(us, place).lat == 49.0
    actions.finish_lookup(Lookup(place.id, taken.fence, ""), [], by=us, at=AT)
    assert found(us, place).state == "located"


def test_a_lookup_whose_job_was_lost_is_begun_again_when_its_lease_ends(us: Actor, ask: Any) -> None:
    geocoder = ask([candidate()])
    with override_settings(HOMESTRETCH_SIMULATED_CLOCK=True):
        set_clock(AT)
        place = a_place(us, 1, point=None)
        assert len(actions.begin_lookups(by=us, at=AT)) == 1  # and the job that took it is never heard of again
        run_due()
        assert (geocoder.asked, found(us, place).state) == ([], "queued")
        set_clock(AT + actions.LOOKUP_LEASE)
        run_due()
    assert (geocoder.asked, found(us, place).state) == (["Mill Lane 1, Town"], "located")


def test_an_address_that_is_mended_is_looked_up_again_and_the_old_spelling_finds_it(us: Actor, ask: Any) -> None:
    geocoder = ask([], [candidate()])
    place = a_place(us, 1, point=None)
    run_jobs()
    actions.correct(place.id, Correction(address="Mill Lane 11, Town"), by=us, at=AT)
    run_jobs()
    assert geocoder.asked == ["Mill Lane 1, Town", "Mill Lane 11, Town"]
    assert a_place(us, 1, point=None).id == place.id
    assert found(us, place).state == "located"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (PlaceData(), "place.missing"),
        (PlaceData(point=Point(0, 0)), "place.coordinates_zero"),
        (PlaceData(point=Point(95, 0)), "place.coordinates_invalid"),
        (PlaceData("x" * 501), "place.too_long"),
        (PlaceData("x", access_s=-1), "place.access_invalid"),
    ],
)
def test_a_place_that_is_none_is_refused(us: Actor, data: PlaceData, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        actions.find_or_create(data, by=us, at=AT)
    assert refused.value.code == code
    with scope(us):
        assert not Place.objects.exists()


def test_the_stranger_has_the_same_address_as_another_place_and_cannot_mend_ours(us: Actor, stranger: Actor) -> None:
    ours = a_place(us, 1)
    assert a_place(stranger, 1).id != ours.id
    with pytest.raises(Refusal, match=r"place\.not_found"):
        actions.correct(ours.id, Correction(label="x"), by=stranger, at=AT)
    with pytest.raises(Refusal, match=r"place\.stale"):
        actions.correct(ours.id, Correction(label="x"), version=9, by=us, at=AT)


@given(st.text(min_size=1, max_size=40))
def test_the_normal_form_of_an_address_is_its_own(address: str) -> None:
    assert rules.normal(rules.normal(address)) == rules.normal(address)
