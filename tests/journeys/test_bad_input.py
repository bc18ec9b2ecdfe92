"""Bad input through the doors: each is a refusal with code and remedy, nothing half done, no fault of ours."""

from __future__ import annotations

import hashlib
import io
import json
from typing import Any

import pytest
from PIL import Image

from homestretch.kernel.ids import uuid7
from tests.journeys.bad import (
    NOW,
    Town,
    a_task_with,
    a_window,
    an_order_with,
    refused,
    send,
    snapshot,
)
from tests.town.orders import raw_order, raw_task
from tests.work import run_jobs

ORDERS, PLANS, API = "/api/v1/orders", "/api/v1/plans", "/api/v1"
PLACE = {"address": "Mill Lane 90, Town"}
DEEP = b"[" * 1_000_000
GIANT = 10**400

# What is asked of whom, and the code of the answer. Paths and bodies name ids as {order}, {plan} and the like.
ORDER_CASES: dict[str, tuple[Any, str]] = {
    "ends before it starts": (a_window("12:00", "08:00"), "window.ends_before_start"),
    "instants that end before they start": (
        a_window("2026-11-23T12:00:00Z", "2026-11-23T08:00:00Z"),
        "window.ends_before_start",
    ),
    "inside a DST gap": (a_window("02:30", "04:00", day="2026-03-29"), "window.in_dst_gap"),
    "a window on no day": ({**a_window("08:00", "12:00"), "day": None}, "window.day_missing"),
    "a window without a zone": (a_window("2026-11-23T08:00:00", "2026-11-23T12:00:00"), "time.no_zone"),
    "no time": (a_window("25:00", "26:00"), "time.malformed"),
    "the last moment, beyond the calendar": (
        a_window("9999-12-31T23:00:00-12:00", "9999-12-31T23:30:00-12:00"),
        "day.out_of_range",
    ),
    "the first moment, before the calendar": (
        a_window("0001-01-01T00:00:00+14:00", "0001-01-01T01:00:00+14:00"),
        "day.out_of_range",
    ),
    "the calendar's last day": (
        {**a_window("08:00", "23:59"), "day": "9999-12-31", "zone": "America/New_York"},
        "day.out_of_range",
    ),
    "the calendar's first day": ({**a_window("00:00", "01:00"), "day": "0001-01-01"}, "day.out_of_range"),
    "a day of long ago": (an_order_with(day="1900-01-01"), "day.out_of_range"),
    "a day far ahead": (an_order_with(day="9999-12-31"), "day.out_of_range"),
    "no such day": (an_order_with(day="2026-02-30"), "request.invalid"),
    "eleven windows": (a_task_with(windows=[{"start": "08:00", "end": "09:00"}] * 11), "task.windows_too_many"),
    "ten thousand windows": (a_task_with(windows=[{"start": "08:00", "end": "09:00"}] * 10_000), "request.invalid"),
    "(0, 0)": (a_task_with(place={**PLACE, "lat": 0, "lon": 0}), "place.coordinates_zero"),
    "not on Earth": (a_task_with(place={**PLACE, "lat": 91, "lon": 6}), "place.coordinates_invalid"),
    "half a coordinate": (a_task_with(place={**PLACE, "lat": 49.6}), "place.coordinates_invalid"),
    "neither address nor coordinates": (a_task_with(place={}), "place.missing"),
    "an address of 3,000 letters": (a_task_with(place={"address": "x" * 3000}), "request.invalid"),
    "somebody else's place": (a_task_with(place=None, place_id=str(uuid7())), "place.not_found"),
    "a negative load": (a_task_with(loads={"weight": -1}), "load.negative"),
    "half a load": (a_task_with(loads={"weight": 1.5}), "request.invalid"),
    "a load beyond all numbers": (a_task_with(loads={"weight": GIANT}), "load.malformed"),
    "a load beyond the database": (a_task_with(loads={"weight": 2**63}), "load.malformed"),
    "a dimension nobody can name": (a_task_with(loads={"": 1}), "load.dimension_invalid"),
    "negative service": (a_task_with(service_s=-1), "field.out_of_range"),
    "endless service": (a_task_with(service_s=2**31), "field.out_of_range"),
    "service beyond all numbers": (a_task_with(service_s=GIANT), "field.out_of_range"),
    "an unknown kind": (a_task_with(kind="teleport"), "task.kind_unknown"),
    "half a pair": (a_task_with(pair="p"), "task.pair_incomplete"),
    "no task": (an_order_with(tasks=[]), "order.tasks_missing"),
    "ten thousand tasks": (an_order_with(tasks=[raw_task(1)] * 10_000), "request.invalid"),
    "twenty-one tasks": (an_order_with(tasks=[raw_task(1)] * 21), "order.tasks_too_many"),
    "the same package twice": (a_task_with(packages=["P1", "P1"]), "package.barcode_twice"),
    "an unknown field": ({**an_order_with(), "colour": "red"}, "request.invalid"),
    "an unknown field deep down": (a_task_with(adress="?"), "request.invalid"),
    "no phone": (an_order_with(recipient={"name": "Rosa", "phone": "call me"}), "contact.phone_invalid"),
    "no e-mail": (an_order_with(recipient={"name": "Rosa", "email": "rosa@"}), "contact.email_invalid"),
    "no language": (an_order_with(recipient={"name": "Rosa", "language": "../../etc"}), "contact.language_invalid"),
    "an unknown channel": (
        an_order_with(recipient={"name": "Rosa", "consent": {"pigeon": True}}),
        "recipient.channel_unknown",
    ),
    "no zone": (an_order_with(zone="../../etc/passwd"), "zone.unknown"),
    "a folder as zone": (an_order_with(zone="Europe"), "zone.unknown"),
    "a PIN of one": (an_order_with(pin="1"), "order.pin_invalid"),
    "priority beyond its range": (an_order_with(priority=10), "field.out_of_range"),
    "no attempt allowed": (an_order_with(attempts_allowed=0), "field.out_of_range"),
    "metadata of 10,000 letters": (an_order_with(metadata={"note": "x" * 10_000}), "order.metadata_too_large"),
    "an external id of 600 letters": (an_order_with(external_id="x" * 600), "request.invalid"),
    "a taken external id": (raw_order(1), "order.external_id_taken"),
    "an unknown merchant": (an_order_with(merchant_id=str(uuid7())), "merchant.not_found"),
    "a merchant who is none": (an_order_with(merchant_id="Bloom & Co"), "request.invalid"),
    "an unknown depot": (an_order_with(depot_id=str(uuid7())), "depot.not_found"),
    "a list": ([an_order_with()], "request.invalid"),
    "nothing": (None, "request.invalid"),
    "null": (b"null", "request.invalid"),
    "half of it": (b'{"tasks": [{"kind"', "request.malformed"),
    "a million brackets": (DEEP, "request.malformed"),
    "a hundred levels": (b'{"metadata":' * 100 + b"1" + b"}" * 100, "request.malformed"),
    "NaN": (b'{"tasks": [{"place": {"lat": NaN, "lon": 6}}]}', "request.malformed"),
    "infinity": (b'{"tasks": [{"place": {"lat": Infinity, "lon": 6}}]}', "request.malformed"),
    "infinity in disguise": (
        b'{"day": "2026-11-23", "tasks": [{"place": {"address": "x", "lat": 1e999, "lon": 6}}]}',
        "request.malformed",
    ),
    "infinity in metadata": (
        b'{"tasks": [{"place": {"address": "x"}}], "metadata": {"big": 1e999}}',
        "request.malformed",
    ),
    "5,000 digits": (b'{"priority": ' + b"9" * 5000 + b"}", "request.malformed"),
    "a NUL": (an_order_with(instructions="ring\x00twice"), "request.malformed"),
    "a NUL in a name": (an_order_with(metadata={"\x00": 1}), "request.malformed"),
    "half an emoji": (an_order_with(instructions="\ud83d"), "request.malformed"),
    "Latin-1": ('{"instructions": "sonner à gauche"}'.encode("latin-1"), "request.malformed"),
    "a form": (b"external_id=A-1&tasks=none", "request.malformed"),
}

CASES: dict[str, tuple[str, str, str, Any, dict[str, str], str]] = {
    "a plan without shifts": ("key", "POST", PLANS, {"day": "2026-11-29"}, {}, "plan.no_shifts"),
    "a plan of the past": ("key", "POST", PLANS, {"day": "2020-01-01"}, {}, "plan.no_shifts"),
    "a plan of the last day": ("key", "POST", PLANS, {"day": "9999-12-31"}, {}, "day.out_of_range"),
    "a plan of the first day": ("key", "POST", PLANS, {"day": "0001-01-01"}, {}, "day.out_of_range"),
    "shifts of the last day": ("key", "POST", f"{API}/shifts/open/9999-12-31", None, {}, "day.out_of_range"),
    "a rule for the first day": (
        *("key", "POST", f"{API}/shift-rules"),
        *({"vehicle_id": "{vehicle}", "day": "0001-01-01", "starts": "08:00", "ends": "17:00"}, {}),
        "day.out_of_range",
    ),
    "a plan of 101 depots": (
        *("key", "POST", PLANS, {"day": "2026-11-23", "depot_ids": [str(uuid7())] * 101}, {}, "request.invalid"),
    ),
    "a plan of an unknown depot": (
        *("key", "POST", PLANS, {"day": "2026-11-23", "depot_ids": ["{nothing}"]}, {}, "depot.not_found"),
    ),
    "an endless search": ("key", "POST", PLANS, {"day": "2026-11-23", "seconds": 10**9}, {}, "request.invalid"),
    "a negative seed": ("key", "POST", PLANS, {"day": "2026-11-23", "seed": -1}, {}, "request.invalid"),
    "a second release": (
        *("key", "POST", f"{API}/routes/release", {"plan_id": "{plan}", "revision": 1}, {}, "plan.already_released"),
    ),
    "release of revision 0": (
        *("key", "POST", f"{API}/routes/release", {"plan_id": "{draft}", "revision": 0}, {}, "request.invalid"),
    ),
    "release of a revision that is not": (
        *("key", "POST", f"{API}/routes/release", {"plan_id": "{draft}", "revision": 9}, {}, "plan.revision_conflict"),
    ),
    "release of nothing": (
        *("key", "POST", f"{API}/routes/release", {"plan_id": "{nothing}", "revision": 1}, {}, "plan.not_found"),
    ),
    "a released plan is not dropped": ("key", "POST", f"{PLANS}/{{plan}}/drop", None, {}, "plan.state_conflict"),
    "a move to a negative position": (
        *("key", "POST", f"{PLANS}/{{draft}}/move"),
        *({"revision": 1, "visit": "x", "shift_id": "{nothing}", "position": -1}, {}, "request.invalid"),
    ),
    "a move of nothing": (
        *("key", "POST", f"{PLANS}/{{draft}}/move", {"revision": 1, "visit": "x"}, {}, "plan.visit_not_found"),
    ),
    "an undo of nothing": ("key", "POST", f"{PLANS}/{{draft}}/undo", {"revision": 1}, {}, "plan.nothing_to_undo"),
    "a revision beyond the database": (
        *("key", "GET", f"{PLANS}/{{draft}}/revision?number=99999999999999999999", None, {}, "revision.not_found"),
    ),
    "a revision that is not": ("key", "GET", f"{PLANS}/{{draft}}/revision?number=77", None, {}, "revision.not_found"),
    "why of nothing": ("key", "GET", f"{PLANS}/{{draft}}/why?visit=x", None, {}, "plan.visit_not_found"),
    "insertions of nothing": ("key", "GET", f"{PLANS}/{{draft}}/insertions?visit=x", None, {}, "plan.visit_not_found"),
    "no key": ("key", "POST", ORDERS, an_order_with(), {"Idempotency-Key": ""}, "idempotency.key_missing"),
    "a key of 10 kB": (
        *("key", "POST", ORDERS, an_order_with(), {"Idempotency-Key": "x" * 10_240}, "idempotency.malformed"),
    ),
    "a key of two lines": (
        *("key", "POST", ORDERS, an_order_with(), {"Idempotency-Key": "a\x01b"}, "idempotency.malformed"),
    ),
    "a cursor of garbage": ("key", "GET", f"{ORDERS}?cursor=garbage", None, {}, "page.cursor_invalid"),
    "a cursor of 10 kB": ("key", "GET", f"{ORDERS}?cursor={'x' * 10_240}", None, {}, "request.invalid"),
    "a cursor with a NUL": ("key", "GET", f"{ORDERS}?cursor=%00", None, {}, "request.malformed"),
    "no limit": ("key", "GET", f"{ORDERS}?limit=0", None, {}, "request.invalid"),
    "every order at once": ("key", "GET", f"{ORDERS}?limit=100000", None, {}, "request.invalid"),
    "a limit in words": ("key", "GET", f"{ORDERS}?limit=all", None, {}, "request.invalid"),
    "a day that is none": ("key", "GET", f"{ORDERS}?day=0000-00-00", None, {}, "request.invalid"),
    "a search for a NUL": ("key", "GET", f"{ORDERS}?q=%00", None, {}, "request.malformed"),
    "a thousand states": ("key", "GET", f"{ORDERS}?{'state=ready&' * 1001}", None, {}, "request.malformed"),
    "an id that is none": ("key", "GET", f"{ORDERS}/1 or 1=1", None, {}, "request.invalid"),
    "an id that is nobody's": ("key", "GET", f"{ORDERS}/{{nothing}}", None, {}, "order.not_found"),
    "an address that is none": ("key", "GET", f"{API}/../../etc/passwd", None, {}, "page.not_found"),
    "a method that is none": ("key", "DELETE", ORDERS, None, {}, "request.method_not_allowed"),
    "a change without its version": (
        *("key", "PATCH", f"{ORDERS}/{{order}}", {"priority": 1}, {}, "request.precondition_required"),
    ),
    "a change of an old version": (
        *("key", "PATCH", f"{ORDERS}/{{order}}", {"priority": 1}, {"If-Match": '"99"'}, "request.stale"),
    ),
    "a change of a version in words": (
        *("key", "PATCH", f"{ORDERS}/{{order}}", {"priority": 1}, {"If-Match": "newest"}, "request.stale"),
    ),
    "a measure of all time": (
        *("key", "GET", f"{API}/measures?first=0001-01-01&last=9999-12-31", None, {}, "measures.days_invalid"),
    ),
    "a route to nobody": (
        *("key", "POST", f"{API}/routes/{{route}}/reassign", {"driver_id": "{nothing}"}, {}, "driver.not_found"),
    ),
    "half a sequence": (
        *("key", "POST", f"{API}/routes/{{route}}/resequence", {"stop_ids": ["{stop}"]}, {}),
        "route.sequence_incomplete",
    ),
    "a task that has a route": (
        *("key", "POST", f"{API}/routes/{{route}}/tasks", {"task_id": "{task}"}, {}, "task.not_ready"),
    ),
    "a webhook into the house": (
        *("key", "POST", f"{API}/webhooks", {"url": "http://127.0.0.1:5432/", "types": []}, {}, "endpoint.url_invalid"),
    ),
    "a webhook to a file": (
        *("key", "POST", f"{API}/webhooks", {"url": "file:///etc/passwd", "types": []}, {}, "endpoint.url_invalid"),
    ),
    "a forged key": (
        "nobody",
        "GET",
        ORDERS,
        None,
        {"Authorization": "Bearer hsk_" + "0" * 64},
        "auth.unauthenticated",
    ),
    "a key of 10 kB as credential": (
        *("nobody", "GET", ORDERS, None, {"Authorization": "Bearer hsk_" + "0" * 10_240}, "auth.unauthenticated"),
    ),
    "a credential in other letters": (
        *("nobody", "GET", ORDERS, None, {"Authorization": "Bearer hsk_\x00\xff"}, "auth.unauthenticated"),
    ),
    "a code that pairs nothing": (
        *("nobody", "POST", f"{API}/devices/claim", {"code": "AAAAA-AAAAA"}, {}, "device.code_invalid"),
    ),
    "an organization that is none": (
        *("owner", "GET", ORDERS, None, {"X-Organization": "everything"}, "auth.forbidden"),
    ),
    "a rating of 99": ("link", "POST", f"{API}/track/rating", {"score": 99}, {}, "request.invalid"),
    "a note of 10,000 letters": (
        *("link", "POST", f"{API}/track/instructions", {"text": "x" * 10_000}, {}, "request.invalid"),
    ),
    "an outbox of 501": (
        *("phone", "POST", f"{API}/driver/sync", {"intents": [{"kind": "note"}] * 501}, {}, "request.invalid"),
    ),
    "a picture by no hash": ("phone", "PUT", f"{API}/driver/blobs/..%2F..%2Fkey", b"x", {}, "page.not_found"),
    "a picture by half a hash": ("phone", "PUT", f"{API}/driver/blobs/abc", b"x", {}, "blob.hash_mismatch"),
    "a picture by another's hash": (
        *("phone", "PUT", f"{API}/driver/blobs/{'0' * 64}", b"x", {}, "blob.hash_mismatch"),
    ),
    "a callback that nobody signed": ("nobody", "POST", "/hooks/sms/fake", b"a=1", {}, "callback.forbidden"),
    "a callback of nobody": ("nobody", "POST", "/hooks/sms/..%2Ffake", b"a=1", {}, "page.not_found"),
}


@pytest.fixture
def unchanged(town: Town, watch: Any) -> Any:
    """The rows of all tables before and after are the same."""
    before = town.seen or snapshot(watch, town.folder)
    yield
    town.seen = after = snapshot(watch, town.folder)
    assert {name for name in before if before[name] != after[name]} == set()


@pytest.mark.parametrize(("body", "code"), ORDER_CASES.values(), ids=ORDER_CASES)
def test_a_bad_order(town: Town, unchanged: None, body: Any, code: str) -> None:
    refused(send(town, "key", "POST", ORDERS, body), code)


@pytest.mark.parametrize(("who", "method", "path", "body", "headers", "code"), CASES.values(), ids=CASES)
def test_a_bad_request(
    town: Town, unchanged: None, who: str, method: str, path: str, body: Any, headers: dict[str, str], code: str
) -> None:
    refused(send(town, who, method, path, body, dict(headers)), code)


def test_a_key_stands_for_one_request(town: Town, watch: Any) -> None:
    town.seen = {}
    key = {"Idempotency-Key": str(uuid7())}
    first = send(town, "key", "POST", f"{API}/merchants", {"name": "Bloom & Co"}, key)
    assert first.status_code == 201
    before = snapshot(watch, town.folder)
    refused(send(town, "key", "POST", f"{API}/merchants", {"name": "Wheels"}, key), "idempotency.key_reused")
    again = send(town, "key", "POST", f"{API}/merchants", {"name": "Bloom & Co"}, key)
    assert (again.json(), again["Idempotency-Replayed"]) == (first.json(), "true")
    assert snapshot(watch, town.folder) == before


def pictures() -> dict[str, tuple[bytes, str]]:
    """What is no photo, and why."""
    bomb = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(bomb, "PNG")
    photo = io.BytesIO()
    Image.effect_noise((64, 64), 90).convert("RGB").save(photo, "JPEG")
    return {
        "a pixel bomb": (bomb.getvalue(), "proof.too_many_pixels"),
        "a text": (b"not a picture", "proof.not_an_image"),
        "a page": (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "proof.not_an_image"),
        "half a photo": (photo.getvalue()[: len(photo.getvalue()) // 2], "proof.not_an_image"),
        "nothing": (b"", "proof.not_an_image"),
        "16 MB": (b"\xff\xd8" + b"0" * 16_000_000, "blob.too_large"),
    }


@pytest.mark.parametrize(("data", "code"), pictures().values(), ids=pictures())
def test_a_picture_that_is_none(town: Town, unchanged: None, data: bytes, code: str) -> None:
    path = f"{API}/driver/blobs/{hashlib.sha256(data).hexdigest()}"
    refused(send(town, "phone", "PUT", path, data, {"Content-Type": "application/octet-stream"}), code)


def tap(kind: str, counter: int = 1, **body: Any) -> dict[str, Any]:
    return {"id": str(uuid7()), "kind": kind, "counter": counter, "at": NOW.isoformat(), **body}


TAPS = {
    "an unknown kind": (tap("fly", stop_id="{stop}"), "intent.kind_unknown"),
    "a foreign stop": (tap("arrive", stop_id="{nothing}"), "stop.not_found"),
    "no stop": (tap("arrive"), "intent.malformed"),
    "a stop in words": (tap("arrive", stop_id="the first"), "intent.malformed"),
    "coordinates in words": (tap("complete", stop_id="{stop}", lat="north", lon="east"), "intent.malformed"),
    "an unknown reason": (tap("fail", stop_id="{stop}", reason="bad mood"), "stop.reason_unknown"),
    "tasks that are none": (tap("partial", stop_id="{stop}", tasks={"a": [1]}), "intent.malformed"),
    "a novel": (tap("note", stop_id="{stop}", text="x" * 100_000), "intent.too_large"),
    "a tap of next week": (tap("arrive", stop_id="{stop}", at="2026-12-01T00:00:00Z"), "intent.clock_ahead"),
    "a tap of the last day": (tap("arrive", stop_id="{stop}", at="9999-12-31T23:59:59Z"), "intent.clock_ahead"),
}


@pytest.mark.parametrize(("intent", "code"), TAPS.values(), ids=TAPS)
def test_a_tap_that_is_refused_moves_no_stop(town: Town, watch: Any, intent: Any, code: str) -> None:
    """The intent itself is kept with its refusal: the phone may ask again."""
    before = snapshot(watch, town.folder)
    answer = send(town, "phone", "POST", f"{API}/driver/sync", {"intents": [intent]})
    assert answer.status_code == 200, answer.content
    (outcome,) = answer.json()["outcomes"]
    assert outcome["outcome"] == "refused"
    assert outcome["refusal"]["code"] == code
    assert outcome["refusal"]["cause"]
    after = snapshot(watch, town.folder)
    changed = {name for name in before if before[name] != after[name]}
    assert changed <= {"dispatch_intent"}, changed
    town.seen = {}


def test_a_place_out_of_reach_stays_unassigned_with_the_reason(town: Town, watch: Any) -> None:
    """An order on another continent: the plan is made without it, and says why and what to do."""
    far = raw_order(91, day="2026-11-24", tasks=[raw_task(91, place={**PLACE, "lat": -33.9, "lon": 151.2})])
    assert send(town, "key", "POST", ORDERS, far).status_code == 201
    near = raw_order(92, day="2026-11-24", tasks=[raw_task(3)])
    assert send(town, "key", "POST", ORDERS, near).status_code == 201
    rule = {"vehicle_id": "{vehicle}", "day": "2026-11-24", "starts": "08:00", "ends": "17:00"}
    assert send(town, "key", "POST", f"{API}/shift-rules", rule).status_code == 201
    opened = send(town, "key", "POST", f"{API}/shifts/open/2026-11-24", None)
    assert opened.status_code in (200, 201), opened.content
    plan = send(town, "key", "POST", PLANS, {"day": "2026-11-24", "seconds": 1}).json()["id"]
    run_jobs()
    revision = send(town, "key", "GET", f"{PLANS}/{plan}/revision", None).json()
    assert [route for route in revision["routes"] if route["stops"]]
    (left,) = revision["unassigned"]
    assert left["reasons"]
    assert all(reason["code"] and reason["would_let_in"] for reason in left["reasons"]), left
    assert revision["breaches"] == []


def test_odd_but_good_texts_come_back_as_they_were(town: Town) -> None:
    """Emoji, right to left, combining marks, quotes and markup are texts like others."""
    markup = ["Robert'); DROP TABLE orders_order;--", "<b>x</b>", "{{ 7 * 7 }}", "=1+1"]
    texts = ["👩‍👩‍👧 🚚", "شارع الملك 12، الطابق ٣", "e\u0301\u0327", "\u202etxt", *markup]
    for number, text in enumerate(texts, start=200):
        place = {**PLACE, "label": text, "lat": 49.6, "lon": 6.1}
        asked = raw_order(number, instructions=text, tasks=[raw_task(1, place=place)])
        asked["recipient"]["name"] = text
        answer = send(town, "key", "POST", ORDERS, asked)
        assert answer.status_code == 201, answer.content
        got = json.loads(send(town, "key", "GET", f"{ORDERS}/{answer.json()['id']}", None).content)
        assert (got["instructions"], got["recipient"]["name"]) == (text, text)
