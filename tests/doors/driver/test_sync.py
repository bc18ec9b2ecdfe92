"""The phone's door: the right driver, the wrong role, the stranger; the same outbox twice; pictures."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from homestretch.dispatch import actions
from homestretch.dispatch.values import Terms
from homestretch.kernel.ids import uuid7
from tests.dispatch.test_proofs import bomb, picture
from tests.town.accounts import a_key, a_phone, bearing, signed_in
from tests.town.dispatch import Road, a_road, an_owner
from tests.town.places import AT

SYNC, ROUTE = "/api/v1/driver/sync", "/api/v1/driver/route"


@pytest.fixture
def road(db) -> Road:
    return a_road(an_owner())


@pytest.fixture
def phone(road) -> Client:
    return bearing(a_phone(road.by, road.shift.driver_id, at=datetime.now(UTC)))


@pytest.fixture
def store(settings, tmp_path):
    settings.HOMESTRETCH_PROVIDERS = {**settings.HOMESTRETCH_PROVIDERS, "storage": ("disk", {"root": str(tmp_path)})}
    return tmp_path


def tap(kind: str, counter: int, **body: Any) -> dict[str, Any]:
    at = datetime.now(UTC).isoformat()
    return {"id": str(uuid7()), "kind": kind, "counter": counter, "at": at, **body}


def sync(phone: Client, *intents: dict[str, Any], **known: Any):
    return phone.post(SYNC, {"intents": list(intents), **known}, content_type="application/json")


def put(phone: Client, sha256: str, data: bytes):
    return phone.put(f"/api/v1/driver/blobs/{sha256}", data, content_type="application/octet-stream")


def test_the_outbox_comes_in_and_the_sheet_goes_out(road, phone):
    route_id, stop = str(road.route_id), road.stops[0]
    sent = [
        tap("complete", 3, stop_id=str(stop.id), left_with="neighbor"),
        tap("start_route", 2, route_id=route_id),
        tap("fail", 4, stop_id=str(road.stops[1].id), reason="bad mood"),
    ]
    answer = sync(phone, *sent).json()
    assert [one["outcome"] for one in answer["outcomes"]] == ["applied", "applied", "refused"]
    assert [one["id"] for one in answer["outcomes"]] == [one["id"] for one in sent]
    assert answer["outcomes"][2]["refusal"]["code"] == "stop.reason_unknown"
    assert answer["sheet"]["route_id"] == route_id
    assert answer["sheet"]["stops"][0]["state"] == "completed"
    again = sync(phone, *sent, known_route_id=route_id, known_version=answer["route_version"]).json()
    assert again["outcomes"] == answer["outcomes"]
    assert again["sheet"] is None
    assert road.route.acknowledged == answer["route_version"]


def test_a_change_of_the_route_brings_a_new_sheet(road, phone):
    first = sync(phone).json()
    known = {"known_route_id": first["route_id"], "known_version": first["route_version"]}
    assert sync(phone, **known).json()["sheet"] is None
    order = [stop.id for stop in reversed(road.stops)]
    actions.resequence(road.route_id, order, terms=Terms(accept_breaches=True), by=road.by, at=AT)
    sheet = sync(phone, **known).json()["sheet"]
    assert [stop["stop_id"] for stop in sheet["stops"]] == [str(ident) for ident in order]


def test_many_intents_come_in_pages(road, phone):
    start = tap("start_route", 0, route_id=str(road.route_id))
    notes = [tap("note", n, stop_id=str(road.stops[0].id), text=f"note {n}") for n in range(1, 120)]
    answer = sync(phone, *reversed([start, *notes])).json()
    assert {one["outcome"] for one in answer["outcomes"]} == {"applied"}
    assert len(answer["outcomes"]) == 120


@pytest.mark.parametrize(
    "body",
    [
        {"intents": [{"kind": "complete"}]},
        {"intents": [{**tap("arrive", 1), "at": "2026-11-23T07:00:00"}]},
        {"intents": [{**tap("arrive", -1)}]},
        {"intents": [tap("arrive", 1)] * 501},
        {"intents": "all of them"},
    ],
)
def test_what_is_no_outbox_is_refused_whole(phone, body):
    answer = phone.post(SYNC, body, content_type="application/json")
    assert answer.status_code == 422
    assert answer.json()["code"] == "request.invalid"


def test_a_driver_sees_the_own_route_alone(road, phone):
    other = a_road(road.by, 1, first_number=9)
    assert phone.get(ROUTE).json()["sheet"]["route_id"] == str(road.route_id)
    (outcome,) = sync(phone, tap("start_route", 1, route_id=str(other.route_id))).json()["outcomes"]
    assert outcome["refusal"]["code"] == "route.not_found"
    assert other.route.state == "released"


def test_others_stay_out(road):
    assert sync(Client()).status_code == 401
    assert sync(bearing(a_key(road.by, "routes:write"))).status_code == 403
    assert signed_in(road.by).get(ROUTE).status_code == 403


def test_a_picture_is_kept_and_shown_as_its_rendition(road, phone, store):
    data = picture()
    sha256 = hashlib.sha256(data).hexdigest()
    proof = tap("proof", 1, stop_id=str(road.stops[0].id), proof="photo", sha256=sha256)
    assert sync(phone, proof).json()["outcomes"][0]["outcome"] == "applied"
    for _ in range(2):
        answer = put(phone, sha256, data)
        assert (answer.status_code, answer.json()["media_type"]) == (200, "image/jpeg")
    office = signed_in(road.by)
    (shown,) = office.get(f"/api/v1/stops/{road.stops[0].id}").json()["proofs"]
    assert shown["image"] is True
    image = office.get(f"/api/v1/proofs/{shown['id']}/image")
    assert image["Content-Type"] == "image/jpeg"
    assert image["X-Content-Type-Options"] == "nosniff"
    assert b"secret" not in image.content
    assert image.content != data
    stranger = signed_in(an_owner("Next Door"))
    assert stranger.get(f"/api/v1/proofs/{shown['id']}/image").status_code == 404
    assert phone.get(f"/api/v1/proofs/{shown['id']}/image").status_code == 403


def test_a_bomb_and_a_lie_leave_nothing(phone, store):
    data = bomb()
    answer = put(phone, hashlib.sha256(data).hexdigest(), data)
    assert (answer.status_code, answer.json()["code"]) == (422, "proof.too_many_pixels")
    answer = put(phone, "0" * 64, picture())
    assert answer.json()["code"] == "blob.hash_mismatch"
    large = b"x" * 15_000_001
    assert put(phone, hashlib.sha256(large).hexdigest(), large).status_code == 413
    assert not [path for path in store.rglob("*") if path.is_file()]
    assert json.loads(phone.get(ROUTE).content)["sheet"]
