"""The phone itself, trackers beside it, and pictures that come in pieces."""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from homestretch.dispatch import actions
from homestretch.dispatch.models import UploadPart
from homestretch.events.scope import scope
from homestretch.kernel.ids import uuid7
from tests.dispatch.test_proofs import bomb, picture
from tests.town.accounts import a_key, a_phone, actor_of, bearing
from tests.town.dispatch import Road, a_road, an_owner
from tests.town.fleet import a_driver
from tests.town.orders import an_order

PHONE, TRACKER, BLOBS = "/api/v1/driver/phone", "/api/v1/driver/tracker", "/api/v1/driver/blobs"


@pytest.fixture
def road(db) -> Road:
    return a_road(an_owner())


@pytest.fixture
def token(road) -> str:
    return a_phone(road.by, road.shift.driver_id, at=datetime.now(UTC))


@pytest.fixture
def phone(token) -> Client:
    return bearing(token)


@pytest.fixture
def store(settings, tmp_path):
    settings.HOMESTRETCH_PROVIDERS = {**settings.HOMESTRETCH_PROVIDERS, "storage": ("disk", {"root": str(tmp_path)})}
    return tmp_path


def piece(phone: Client, sha256: str, data: bytes, start: int, end: int) -> Any:
    address = f"{BLOBS}/{sha256}?start={start}&total={len(data)}"
    return phone.patch(address, data[start:end], content_type="application/octet-stream")


def test_a_phone_knows_whose_it_is(road, phone):
    told = phone.get(PHONE).json()
    assert told["driver_id"] == str(road.shift.driver_id)
    assert told["driver"] == "Driver 1"
    assert len(bytes.fromhex(told["share"])) == 32


def test_the_share_of_the_key_is_the_drivers_own_and_stays(road, phone):
    again = bearing(a_phone(road.by, road.shift.driver_id, at=datetime.now(UTC)))
    other = bearing(a_phone(road.by, a_driver(road.by).id, at=datetime.now(UTC)))
    shares = [client.get(PHONE).json()["share"] for client in (phone, again, other)]
    assert shares[0] == shares[1] != shares[2]


def test_signing_out_shuts_this_phone_out_and_no_other(road, phone):
    other = bearing(a_phone(road.by, road.shift.driver_id, at=datetime.now(UTC)))
    assert phone.delete(PHONE).status_code == 204
    assert phone.get(PHONE).status_code == 401
    assert other.get(PHONE).status_code == 200


def test_others_stay_out(road):
    assert Client().get(PHONE).status_code == 401
    assert bearing(a_key(road.by, "routes:write")).get(PHONE).status_code == 403
    assert bearing(a_key(road.by, "routes:write")).post(TRACKER, {"app": "traccar"}).status_code == 403


def post(phone: Client, app: str) -> Any:
    return phone.post(TRACKER, {"app": app}, content_type="application/json")


def test_traccar_is_set_up_by_a_link_and_the_former_id_is_shut_out(road, phone):
    first, second = post(phone, "traccar").json(), post(phone, "traccar").json()
    link = urlsplit(second["link"])
    assert link.scheme == "org.traccar.client"
    wanted = parse_qs(link.query)
    assert wanted["url"] == [second["address"]]
    assert wanted["id"] == [second["identifier"]]
    assert actor_of(first["identifier"]) is None
    assert str(actor_of(second["identifier"]).device_id) == second["device_id"]
    assert second["qr"].startswith("<svg")


def test_owntracks_is_set_up_by_its_configuration(road, phone):
    told = post(phone, "owntracks").json()
    inline = parse_qs(urlsplit(told["link"]).query)["inline"][0]
    wanted = json.loads(base64.urlsafe_b64decode(inline))
    assert wanted["url"] == told["address"]
    assert wanted["_type"] == "configuration"
    assert wanted["mode"] == 3


def test_a_driver_without_a_route_has_no_vehicle_to_track(road):
    idle = bearing(a_phone(road.by, a_driver(road.by).id, at=datetime.now(UTC)))
    answer = post(idle, "traccar")
    assert (answer.status_code, answer.json()["code"]) == (404, "route.not_found")


def test_a_picture_comes_in_pieces_and_goes_on_where_it_broke_off(road, phone, store):
    data = picture()
    sha256, half = hashlib.sha256(data).hexdigest(), len(data) // 2
    assert phone.get(f"{BLOBS}/{sha256}").json() == {"received": 0, "complete": False}
    for _ in range(2):  # the answer was lost: the same piece again
        assert piece(phone, sha256, data, 0, half).json() == {"received": half, "complete": False}
    gap = piece(phone, sha256, data, half + 1, len(data))
    assert (gap.status_code, gap.json()["code"]) == (409, "blob.offset_conflict")
    assert phone.get(f"{BLOBS}/{sha256}").json() == {"received": half, "complete": False}
    assert piece(phone, sha256, data, half, len(data)).json() == {"received": len(data), "complete": True}
    assert phone.get(f"{BLOBS}/{sha256}").json() == {"received": len(data), "complete": True}
    assert piece(phone, sha256, data, 0, half).json()["complete"] is True
    with scope(road.by):
        assert UploadPart.objects.count() == 0


def test_pieces_that_make_another_picture_leave_nothing(road, phone, store):
    data, lie = picture(), "0" * 64
    answer = piece(phone, lie, data, 0, len(data))
    assert answer.json()["code"] == "blob.hash_mismatch"
    data = bomb()
    sha256 = hashlib.sha256(data).hexdigest()
    assert piece(phone, sha256, data, 0, len(data)).json()["code"] == "proof.too_many_pixels"
    with scope(road.by):
        assert UploadPart.objects.count() == 0
    assert piece(phone, "nonsense", data, 0, 5).json()["code"] == "blob.hash_malformed"
    huge = phone.patch(f"{BLOBS}/{sha256}?start=0&total=15000001", b"x", content_type="application/octet-stream")
    assert (huge.status_code, huge.json()["code"]) == (413, "blob.too_large")


def test_pieces_are_the_drivers_own_and_old_ones_go(road, phone, store):
    other = bearing(a_phone(road.by, a_driver(road.by).id, at=datetime.now(UTC)))
    data = picture()
    sha256 = hashlib.sha256(data).hexdigest()
    piece(phone, sha256, data, 0, 50)
    assert other.get(f"{BLOBS}/{sha256}").json()["received"] == 0
    later = datetime.now(UTC) + timedelta(days=3)
    actions.keep_part("1" * 64, 0, b"x", 5, by=road.driver, at=later)
    assert phone.get(f"{BLOBS}/{sha256}").json()["received"] == 0


def test_the_sheet_comes_again_where_a_scan_or_an_instruction_changed_it(db):
    owner = an_owner()
    task = {"packages": ["HS1"], "proof_required": ["photo", "name"]}
    road = a_road(owner, orders=[an_order(owner, 1, task=task)])
    phone = bearing(a_phone(owner, road.shift.driver_id, at=datetime.now(UTC)))

    def sync(*intents: dict[str, Any], **known: Any) -> dict[str, Any]:
        return phone.post("/api/v1/driver/sync", {"intents": list(intents), **known}, "application/json").json()

    first = sync(known_tag="")
    (task_told,) = first["sheet"]["stops"][0]["tasks"]
    assert task_told["proof_required"] == ["photo", "name"]
    known = {name: first[key] for name, key in {"known_route_id": "route_id", "known_version": "route_version"}.items()}
    assert sync(**known, known_tag=first["tag"])["sheet"] is None
    scan = {"id": str(uuid7()), "kind": "scan", "counter": 1, "at": datetime.now(UTC).isoformat()}
    scanned = sync(
        {**scan, "route_id": first["route_id"], "barcode": "HS1", "what": "load"}, **known, known_tag=first["tag"]
    )
    assert scanned["sheet"]["stops"][0]["tasks"][0]["packages"][0]["state"] == "on_board"
    assert scanned["tag"] != first["tag"]


def test_a_proof_that_nobody_can_bring_is_refused(db):
    from homestretch.kernel.refusal import Refusal

    owner = an_owner()
    with pytest.raises(Refusal, match="task.proof_unknown"):
        an_order(owner, 1, task={"proof_required": ["a song"]})
