"""Places to fix, and the page of one: a pin by a candidate, by what was typed, by proofs; merges and their undoing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from homestretch.events.scope import scope
from homestretch.kernel.actor import Actor
from homestretch.kernel.geo import Point, offset
from homestretch.kernel.ids import uuid7
from homestretch.orders import queries as orders
from homestretch.places import actions as places
from homestretch.places import queries
from homestretch.places.models import Place
from homestretch.places.values import Service
from tests.town.accounts import a_member, an_organization, owner_of, signed_in
from tests.town.dispatch import an_owner
from tests.town.orders import an_order
from tests.town.places import AT, a_place
from tests.work import run_jobs

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_eight")]
OFFERS = [
    {"label": "Hof 3, Town", "lat": 49.613, "lon": 6.132, "confidence": 0.71},
    {"label": "Hof 33, Town", "lat": 49.62, "lon": 6.14, "confidence": 0.4},
]


@pytest.fixture
def by() -> Actor:
    return an_owner()


def to_fix(by: Actor, number: int = 1) -> tuple[Place, Any]:
    """A place that a geocoder was not sure of, and the order that waits for it."""
    order = an_order(by, number, task={"place": {"address": f"Hof {number}, Town"}})
    with scope(by):
        place = Place.objects.get(address=f"Hof {number}, Town")
        place.state, place.candidates = "needs_review", OFFERS
        place.save()
    return place, order


def seen(by: Actor, place: Any) -> Place:
    with scope(by):
        return queries.place(place.id)


def test_the_queue_holds_what_waits_and_why(by: Actor) -> None:
    client = signed_in(by)
    assert "Nothing to fix" in client.get("/places").content.decode()
    to_fix(by)
    a_place(by, 2)
    page = client.get("/places").content.decode()
    assert "Hof 1, Town" in page
    assert "Several places fit" in page
    assert "Mill Lane" not in page
    assert "Mill Lane 2" in client.get("/places?show=all").content.decode()
    assert "Hof 1" not in client.get("/places?q=mill").content.decode()
    assert "No place is like" in " ".join(client.get("/places?q=nowhere").content.decode().split())
    assert 'aria-label="1 waiting"' in client.get("/orders").content.decode()


@pytest.mark.parametrize("typed", [("49.613", "6.132"), ("49,613", "6,132")])
def test_a_pin_that_is_typed_lets_the_order_go(by: Actor, typed: tuple[str, str]) -> None:
    place, order = to_fix(by)
    form = {"lat": typed[0], "lon": typed[1], "version": place.version, "nonce": "1"}
    answer = signed_in(by).post(f"/places/{place.id}/pin", form)
    assert answer["Location"] == f"/places/{place.id}"
    run_jobs()
    found = seen(by, place)
    assert (found.state, found.lat, found.lon, found.is_confirmed) == ("located", 49.613, 6.132, True)
    with scope(by):
        assert orders.get_order(order.id).state == "ready"


def test_a_candidate_is_taken_by_one_click_and_the_next_place_follows(by: Actor) -> None:
    first, _ = to_fix(by, 1)
    second, _ = to_fix(by, 2)
    client = signed_in(by)
    page = client.get(f"/places/{first.id}").content.decode()
    assert 'name="lat" value="49.613000"' in page
    form = {"lat": "49.613000", "lon": "6.132000", "next": "yes"}
    assert client.post(f"/places/{first.id}/pin", form)["Location"] == f"/places/{second.id}"
    assert client.post(f"/places/{second.id}/pin", form)["Location"] == "/places"


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({"lat": "", "lon": ""}, "place.coordinates_invalid"),
        ({"lat": "north", "lon": "6"}, "number.malformed"),
        ({"lat": "0", "lon": "0"}, "place.coordinates_zero"),
        ({"lat": "95", "lon": "6"}, "place.coordinates_invalid"),
        ({"lat": "49", "lon": "6", "version": "77"}, "place.stale"),
    ],
)
def test_what_is_no_pin_is_said(by: Actor, form: dict[str, str], code: str) -> None:
    place, _ = to_fix(by)
    answer = signed_in(by).post(f"/places/{place.id}/pin", form)
    assert answer.status_code >= 400
    assert code in answer.content.decode()
    assert seen(by, place).state == "needs_review"


def test_a_pin_is_confirmed_as_it_stands(by: Actor) -> None:
    place = a_place(by, 2)
    client = signed_in(by)
    assert "Not confirmed: came with the order" in client.get(f"/places/{place.id}").content.decode()
    client.post(f"/places/{place.id}/confirm", {"nonce": "1"})
    assert seen(by, place).is_confirmed
    answer = client.post(f"/places/{place.id}/confirm", {"from": "proofs", "nonce": "2"})
    assert b"place.proofs_too_few" in answer.content


def test_an_entrance_that_was_learned_says_so_and_is_taken_away_by_one_click(by: Actor) -> None:
    place = a_place(by, 2)
    client = signed_in(by)
    for days in range(4):
        at = AT + timedelta(days=days)
        stood = offset(Point(place.lat, place.lon), 50, days)
        places.remember_service(place.id, Service(uuid7(), 60, stood, at), by=by, at=at)
    assert "learned from 3 deliveries" in client.get(f"/places/{place.id}").content.decode()
    assert client.post(f"/places/{place.id}/unlearn", {"nonce": "1"}).status_code == 302
    kept = seen(by, place)
    assert (kept.entrance_lat, kept.entrance_source, kept.entrance_unlearned) == (None, "", True)
    assert "learned from" not in client.get(f"/places/{place.id}").content.decode()


def test_what_is_known_at_the_door_is_kept_and_the_code_is_not_shown(by: Actor) -> None:
    place = a_place(by, 2)
    client = signed_in(by)
    form = {
        "address": place.address,
        "label": "Bloom",
        "access_notes": "Second yard",
        "access_min": "1,5",
        "entrance_lat": "49.61",
        "entrance_lon": "6.13",
        "side": "left",
        "gate_code": "A17",
        "version": place.version,
        "nonce": "1",
    }
    assert client.post(f"/places/{place.id}/details", form).status_code == 302
    kept = seen(by, place)
    assert (kept.label, kept.access_s, kept.entrance_lat, kept.side, kept.gate_code) == (
        "Bloom",
        90,
        49.61,
        "left",
        "A17",
    )
    assert kept.lat == place.lat
    page = client.get(f"/places/{place.id}").content.decode()
    assert "A17" not in page
    without = {**form, "entrance_lat": "", "entrance_lon": "", "gate_code": "", "version": kept.version, "nonce": "2"}
    client.post(f"/places/{place.id}/details", without)
    assert (seen(by, place).entrance_lat, seen(by, place).gate_code) == (None, "A17")
    wrong = {**form, "side": "above", "version": "3", "nonce": "3"}
    assert client.post(f"/places/{place.id}/details", wrong).status_code >= 400


def test_two_that_are_one_are_merged_and_set_apart_again(by: Actor) -> None:
    one = a_place(by, 1, address="Mill Lane 3, 1234 Town", point=Point(49.61, 6.13))
    two = a_place(by, 2, address="Mill Ln 3, 1234 Town", point=Point(49.61, 6.13002))
    client = signed_in(by)
    assert "They are one" in client.get("/places?show=twice").content.decode()
    client.post(f"/places/{two.id}/merge", {"other": str(one.id), "nonce": "1"})
    assert seen(by, two).merged_into_id == one.id
    assert "Undo the merge" in client.get(f"/places/{two.id}").content.decode()
    client.post(f"/places/{two.id}/unmerge", {"nonce": "2"})
    assert seen(by, two).merged_into_id is None
    assert "They are one" not in client.get("/places?show=twice").content.decode()


def test_who_may_look_may_not_mend_and_a_stranger_sees_nothing() -> None:
    organization = an_organization()
    place = a_place(owner_of(organization), 1)
    viewer = signed_in(a_member(organization, "viewer"))
    page = viewer.get(f"/places/{place.id}").content.decode()
    assert "Confirm the pin" not in page
    for act in ("pin", "confirm", "details", "serve", "merge", "apart", "unmerge"):
        assert viewer.post(f"/places/{place.id}/{act}").status_code == 403, act
    stranger = signed_in(an_owner("Next Door"))
    assert stranger.get(f"/places/{place.id}").status_code == 404
    assert stranger.post(f"/places/{place.id}/pin", {"lat": "49", "lon": "6"}).status_code == 404


def test_a_place_outside_is_served_anyway(by: Actor) -> None:
    place = a_place(by, 1)
    client = signed_in(by)
    client.post(f"/places/{place.id}/serve", {"anyway": "yes", "nonce": "1"})
    assert seen(by, place).serve_anyway
    client.post(f"/places/{place.id}/serve", {"nonce": "2"})
    assert not seen(by, place).serve_anyway
