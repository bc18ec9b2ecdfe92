"""Orders by API: the right person, the wrong role, the stranger, the same key twice."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from homestretch.events.models import IdempotencyKey
from homestretch.events.scope import scope
from homestretch.orders.models import Order
from tests.doors.api.asking import change, get, post
from tests.town import accounts as people
from tests.town.orders import an_order, raw_order, raw_task


@pytest.fixture
def organization(db: Any) -> Any:
    """Ours."""
    return people.an_organization("Ours", zone="Europe/Luxembourg", country="LU")


@pytest.fixture
def dispatcher(organization: Any) -> Any:
    """Who plans."""
    return people.a_member(organization, "dispatcher")


@pytest.fixture
def client(dispatcher: Any) -> Any:
    """Their browser."""
    return people.signed_in(dispatcher)


def test_an_order_is_made_read_changed_and_cancelled(client: Any) -> None:
    made = post(client, "/orders", raw_order(1))
    assert made.status_code == 201, made.content
    order = made.json()
    assert (order["state"], order["recipient"]["phone"], made["ETag"]) == ("ready", "+352621000001", '"1"')
    assert order["tasks"][0]["place"]["state"] == "located"
    changed = change(client, f"/orders/{order['id']}", {"priority": 4, "tasks": [raw_task(2)]})
    assert changed.status_code == 200, changed.content
    assert (changed.json()["priority"], changed.json()["version"]) == (4, 2)
    assert changed.json()["tasks"][0]["place"]["address"] == "Mill Lane 2, Town"
    stale = post(client, f"/orders/{order['id']}/cancel", {"reason": "sold out", "version": 1})
    assert (stale.status_code, stale.json()["code"]) == (412, "order.stale")
    cancelled = post(client, f"/orders/{order['id']}/cancel", {"reason": "sold out", "version": 2})
    assert (cancelled.status_code, cancelled.json()["state"]) == (200, "cancelled")
    assert get(client, f"/orders/{order['id']}").json()["state"] == "cancelled"


def test_the_same_key_is_answered_as_before_and_another_key_is_a_conflict(client: Any, dispatcher: Any) -> None:
    first = post(client, "/orders", raw_order(1), key="k-1")
    again = post(client, "/orders", raw_order(1), key="k-1")
    assert (again.status_code, again["Idempotency-Replayed"]) == (201, "true")
    assert again.json()["id"] == first.json()["id"]
    other = post(client, "/orders", raw_order(1), key="k-2")
    assert (other.status_code, other.json()["code"]) == (409, "order.external_id_taken")
    reused = post(client, "/orders", raw_order(2), key="k-1")
    assert (reused.status_code, reused.json()["code"]) == (422, "idempotency.key_reused")
    with scope(dispatcher):
        assert Order.objects.count() == 1


@pytest.mark.parametrize(
    ("task", "code", "field"),
    [
        ({"loads": {"weight": -5}}, "load.negative", "tasks[0].loads"),
        ({"place": {"lat": 0, "lon": 0}}, "place.coordinates_zero", "tasks[0].place.lat"),
        ({"windows": [{"start": "12:00", "end": "11:00"}]}, "window.ends_before_start", "tasks[0].windows[0].end"),
        (
            {"windows": [{"start": "02:30", "end": "04:00", "day": "2026-03-29"}]},
            "window.in_dst_gap",
            "tasks[0].windows[0].start",
        ),
        ({"kind": "juggle"}, "task.kind_unknown", "tasks[0].kind"),
    ],
)
def test_bad_input_is_refused_with_code_field_and_remedy(
    client: Any, dispatcher: Any, task: Any, code: str, field: str
) -> None:
    refused = post(client, "/orders", raw_order(1, task=task))
    body = refused.json()
    assert (refused.status_code, body["code"], body["field"]) == (422, code, field)
    assert body["remedy"]
    with scope(dispatcher):
        assert not Order.objects.exists()


def test_an_unknown_field_is_a_mistake(client: Any) -> None:
    refused = post(client, "/orders", raw_order(1, adress="Mill Lane 1"))
    assert (refused.status_code, refused.json()["code"]) == (422, "request.invalid")


def test_a_change_needs_the_version_that_was_seen(client: Any) -> None:
    order = post(client, "/orders", raw_order(1)).json()
    path = f"/orders/{order['id']}"
    assert change(client, path, {"priority": 1}, None).status_code == 428
    assert change(client, path, {"priority": 1}, 7).status_code == 412
    assert get(client, path).json()["priority"] == 0


def test_lists_are_narrowed_and_paged(client: Any, dispatcher: Any) -> None:
    for number in range(1, 6):
        an_order(dispatcher, number, external_id=f"{'web' if number % 2 else 'shop'}-{number}")
    first = get(client, "/orders", limit=2).json()
    rest = get(client, "/orders", limit=200, cursor=first["next"]).json()
    names = [order["external_id"] for order in first["items"] + rest["items"]]
    assert names == ["web-1", "shop-2", "web-3", "shop-4", "web-5"]
    assert len(get(client, "/orders", q="web-").json()["items"]) == 3
    assert get(client, "/orders", state="staged").json() == {"items": [], "next": None}
    assert get(client, "/orders", cursor="x").json()["code"] == "page.cursor_invalid"


def test_merchants_make_see_and_cancel_their_own_and_change_nothing(organization: Any, dispatcher: Any) -> None:
    shop = people.a_merchant(people.owner_of(organization), "Bakery")
    baker = people.signed_in(people.a_member(organization, "merchant", shop.id))
    foreign = an_order(dispatcher, 9)
    own = post(baker, "/orders", raw_order(1))
    assert own.status_code == 201
    path = f"/orders/{own.json()['id']}"
    assert [order["id"] for order in get(baker, "/orders").json()["items"]] == [own.json()["id"]]
    assert get(baker, f"/orders/{foreign.id}").status_code == 404
    assert change(baker, path, {"priority": 1}).status_code == 403
    assert post(baker, f"{path}/cancel", {"reason": ""}).json()["state"] == "cancelled"


def test_a_tracking_link_is_shown_opens_its_order_and_can_be_closed(client: Any, dispatcher: Any) -> None:
    path = f"/orders/{an_order(dispatcher, 1).id}/link"
    assert client.delete(f"/api/v1{path}").json()["code"] == "link.not_found"
    shown = post(client, path, key="share")
    url = shown.json()["url"]
    token = url.removeprefix("http://127.0.0.1:8000/t/")
    assert (shown.status_code, Client().get(f"/t/{token}").status_code) == (200, 200)
    assert post(client, path).json()["url"] == url
    again = post(client, path, key="share")
    assert (again["Idempotency-Replayed"], again.json()) == ("true", {**shown.json(), "url": None})
    with scope(dispatcher):
        assert token not in str(list(IdempotencyKey.objects.values_list("answer", flat=True)))
    assert client.delete(f"/api/v1{path}").status_code == 204
    assert Client().get(f"/t/{token}").status_code == 404
    anew = post(client, path).json()["url"]
    assert anew != url
    assert Client().get(anew.removeprefix("http://127.0.0.1:8000")).status_code == 200


def test_a_merchant_shares_and_closes_links_of_the_own_orders_alone(organization: Any, dispatcher: Any) -> None:
    shop = people.a_merchant(people.owner_of(organization), "Bakery")
    baker = people.signed_in(people.a_member(organization, "merchant", shop.id))
    own, foreign = an_order(dispatcher, 1, merchant_id=str(shop.id)), an_order(dispatcher, 2)
    people.a_link(dispatcher, foreign.id)
    answers = [post(baker, f"/orders/{order.id}/link").status_code for order in (own, foreign)]
    answers += [baker.delete(f"/api/v1/orders/{order.id}/link").status_code for order in (own, foreign)]
    assert answers == [200, 404, 204, 404]
    viewer = people.signed_in(people.a_member(organization, "viewer"))
    assert post(viewer, f"/orders/{own.id}/link").status_code == 403


def test_the_viewer_may_not_write_and_the_stranger_finds_nothing(organization: Any, dispatcher: Any) -> None:
    order = an_order(dispatcher, 1)
    viewer = people.signed_in(people.a_member(organization, "viewer"))
    assert post(viewer, "/orders", raw_order(2)).status_code == 403
    assert get(viewer, f"/orders/{order.id}").status_code == 200
    stranger = people.signed_in(people.owner_of(people.an_organization("Theirs")))
    for answer in (
        get(stranger, f"/orders/{order.id}"),
        post(stranger, f"/orders/{order.id}/cancel", {"reason": ""}),
        change(stranger, f"/orders/{order.id}", {"priority": 1}),
        get(stranger, f"/recipients/{order.recipient_id}"),
    ):
        assert (answer.status_code, answer.json()["code"].split(".")[1]) == (404, "not_found")


def test_a_person_is_erased_by_the_owner_alone_when_nothing_is_owed(
    organization: Any, client: Any, dispatcher: Any
) -> None:
    order = an_order(dispatcher, 1)
    owner = people.signed_in(people.owner_of(organization))
    path = f"/recipients/{order.recipient_id}"
    assert post(client, f"{path}/erase").status_code == 403
    assert post(owner, f"{path}/erase").json()["code"] == "recipient.has_open_orders"
    post(client, f"/orders/{order.id}/cancel", {"reason": ""})
    assert post(owner, f"{path}/erase").json()["name"] == ""
    assert get(client, path).json()["phone"] == ""
