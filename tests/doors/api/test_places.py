"""Places by API: found, listed, mended; orders that waited become ready."""

from __future__ import annotations

from typing import Any

import pytest

from tests.doors.api.asking import change, get, post
from tests.town import accounts as people
from tests.town.orders import an_order
from tests.work import run_jobs


@pytest.fixture
def dispatcher(db: Any) -> Any:
    """Who plans."""
    return people.a_member(people.an_organization("Ours"), "dispatcher")


@pytest.fixture
def client(dispatcher: Any) -> Any:
    """Their browser."""
    return people.signed_in(dispatcher)


def test_a_place_to_fix_is_listed_mended_and_its_order_is_ready(client: Any, dispatcher: Any) -> None:
    order = an_order(dispatcher, 1, task={"place": {"address": "Nowhere 5"}})
    run_jobs()
    (place,) = get(client, "/places", state=["needs_review", "not_located"]).json()["items"]
    assert place["state"] == "not_located"
    assert get(client, f"/orders/{order.id}").json()["state"] == "staged"
    path = f"/places/{place['id']}"
    assert change(client, path, {"lat": 49.6, "lon": 6.1}, None).status_code == 428
    mended = change(client, path, {"lat": 49.6, "lon": 6.1, "access_notes": "Bell 7"}, place["version"])
    assert (mended.status_code, mended.json()["source"]) == (200, "person")
    run_jobs()
    assert get(client, f"/orders/{order.id}").json()["state"] == "ready"


def test_an_address_is_one_place_and_bad_ones_are_refused(client: Any) -> None:
    first = post(client, "/places", {"address": "Mill Lane 1", "lat": 49.6, "lon": 6.1})
    assert first.status_code == 201
    assert post(client, "/places", {"address": "mill lane 1."}).json()["id"] == first.json()["id"]
    for body, code in [
        ({}, "place.missing"),
        ({"lat": 0, "lon": 0}, "place.coordinates_zero"),
        ({"lat": 49.0}, "place.coordinates_invalid"),
    ]:
        assert post(client, "/places", body).json()["code"] == code


def test_the_viewer_may_look_the_merchant_not_and_the_stranger_finds_nothing(client: Any, dispatcher: Any) -> None:
    path = f"/places/{post(client, '/places', {'lat': 49.6, 'lon': 6.1}).json()['id']}"
    stranger = people.signed_in(people.owner_of(people.an_organization("Theirs")))
    assert get(stranger, path).json()["code"] == "place.not_found"
    assert change(stranger, path, {"label": "x"}).status_code == 404
    shop = people.a_merchant(dispatcher, "Bakery")
    key = people.a_key(dispatcher, "places:read", merchant_id=shop.id)
    assert get(people.bearing(key), path).status_code == 403
    assert get(people.bearing(people.a_key(dispatcher, "places:read")), path).status_code == 200
    assert (
        post(people.bearing(people.a_key(dispatcher, "places:read")), "/places", {"lat": 1, "lon": 1}).status_code
        == 403
    )


def test_a_place_is_confirmed_and_its_gate_code_is_written_and_never_read(client: Any) -> None:
    made = post(client, "/places", {"address": "Mill Lane 1", "lat": 49.6, "lon": 6.1}).json()
    path, seen = f"/places/{made['id']}", made["version"]
    assert (made["confirmed_at"], made["has_gate_code"], made["entrance"]) == (None, False, None)
    door = {"entrance": {"lat": 49.6001, "lon": 6.1}, "parking_notes": "Yard", "side": "left", "gate_code": "4711#"}
    mended = change(client, path, door, seen).json()
    assert (mended["entrance"], mended["side"], mended["has_gate_code"]) == (door["entrance"], "left", True)
    assert "4711" not in str(mended)
    bare = change(client, path, {"entrance": None, "gate_code": ""}, mended["version"]).json()
    assert (bare["entrance"], bare["has_gate_code"], bare["parking_notes"]) == (None, False, "Yard")
    assert post(client, f"{path}/confirm", {"version": seen}).status_code == 412
    confirmed = post(client, f"{path}/confirm", {"version": bare["version"]}).json()
    assert confirmed["confirmed_from"] == "person"
    assert confirmed["confirmed_at"]
    assert confirmed["confirmed_by"].startswith("person:")
    assert get(client, f"{path}/memory").json() == {"services": [], "median_service_s": None, "seen_at": None}
    assert post(client, f"{path}/confirm", {"confirmed_from": "proofs"}).json()["code"] == "place.proofs_too_few"


def test_duplicates_are_proposed_merged_and_come_apart(client: Any) -> None:
    one = post(client, "/places", {"address": "Hauptstr. 5, Vaduz", "lat": 47.1, "lon": 9.5}).json()
    other = post(client, "/places", {"address": "Vaduz, Hauptstrasse 5", "lat": 47.1, "lon": 9.5}).json()
    (pair,) = get(client, "/places/duplicates").json()["items"]
    assert (pair["survivor"]["id"], pair["place"]["id"], pair["distance_m"]) == (one["id"], other["id"], 0)
    path = f"/places/{other['id']}"
    assert post(client, f"{path}/merge", {"into_place_id": one["id"], "version": 9}).status_code == 412
    merged = post(client, f"{path}/merge", {"into_place_id": one["id"]}, key="m").json()
    assert merged["merged_into_id"] == one["id"]
    again = post(client, f"{path}/merge", {"into_place_id": one["id"]}, key="m")
    assert (again.status_code, again["Idempotency-Replayed"]) == (200, "true")
    assert post(client, f"{path}/merge", {"into_place_id": one["id"]}).status_code == 409
    assert post(client, "/places", {"address": other["address"]}).json()["id"] == one["id"]
    assert post(client, f"{path}/unmerge").json()["merged_into_id"] is None
    assert get(client, "/places/duplicates").json()["items"] == []


def test_a_proposal_is_turned_down(client: Any) -> None:
    one = post(client, "/places", {"address": "Hauptstr. 5, Vaduz", "lat": 47.1, "lon": 9.5}).json()
    other = post(client, "/places", {"address": "Vaduz, Hauptstrasse 5", "lat": 47.1, "lon": 9.5}).json()
    assert post(client, f"/places/{one['id']}/apart", {"other_place_id": other["id"]}).status_code == 204
    assert get(client, "/places/duplicates").json()["items"] == []
    stranger = people.signed_in(people.owner_of(people.an_organization("Theirs")))
    for verb, body in (("merge", "into_place_id"), ("apart", "other_place_id")):
        assert post(stranger, f"/places/{one['id']}/{verb}", {body: other["id"]}).status_code == 404
    assert post(stranger, f"/places/{one['id']}/unmerge").status_code == 404
