"""The list of orders and its acts, an order's page, an order by hand: for whom they are meant, each said once."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from homestretch.events.scope import scope
from homestretch.kernel.actor import Actor
from homestretch.orders import actions, queries
from homestretch.orders.models import Order
from homestretch.places.actions import save_zone
from homestretch.places.values import ZoneData
from tests.town.accounts import a_link, a_member, a_merchant, an_organization, owner_of, signed_in
from tests.town.dispatch import a_road, an_owner
from tests.town.orders import AT, an_order
from tests.town.zones import box, polygon

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_eight")]
DAY = "2026-11-23"


@pytest.fixture
def by() -> Actor:
    return an_owner()


def references(page: str) -> list[str]:
    """The orders of the list, as they stand."""
    return re.findall(r'<th scope="row"><a href="/orders/[^"]+">([^<]+)<', page)


def listed(client: Client, query: str = "", **headers: str) -> list[str]:
    return references(client.get(f"/orders{query}", headers=headers).content.decode())


def in_base(by: Actor, order: Any) -> Order:
    with scope(by):
        return queries.get_order(order.id)


def test_only_staff_see_orders_and_only_their_own() -> None:
    organization = an_organization()
    by = owner_of(organization)
    order = an_order(by, 1)
    assert Client().get("/orders").status_code == 302
    assert listed(signed_in(a_member(organization, "viewer"))) == ["A-1"]
    assert "New order" not in signed_in(a_member(organization, "viewer")).get("/orders").content.decode()
    merchant = a_merchant(by)
    led = signed_in(a_member(organization, "merchant", merchant.id)).get("/orders")
    assert (led.status_code, led["Location"]) == (302, "/merchant")
    stranger = signed_in(an_owner("Next Door"))
    assert listed(stranger) == []
    assert stranger.get(f"/orders/{order.id}").status_code == 404
    assert stranger.post(f"/orders/{order.id}/cancel").status_code == 404
    viewer = signed_in(a_member(organization, "viewer"))
    for act in ("cancel", "move", "release", "hold", "free", "link", "edit"):
        assert viewer.post(f"/orders/{order.id}/{act}").status_code == 403, act
    assert viewer.post("/orders/bulk", {"act": "cancel", "order": [order.id]}).status_code == 403
    assert in_base(by, order).state == "ready"


def test_orders_are_found_by_reference_name_address_and_phone(by: Actor) -> None:
    an_order(by, 1)
    an_order(by, 2, recipient={"name": "Émile Zola", "phone": "621 777 123", "email": "emile@example.com"})
    an_order(by, 3, task={"place": {"address": "Quai Neuf 9", "lat": 49.6, "lon": 6.1}})
    client = signed_in(by)
    for text, found in {
        "a-3": ["A-3"],
        "zola": ["A-2"],
        "emile@": ["A-2"],
        "quai": ["A-3"],
        "777 12": ["A-2"],
        "0621 777": ["A-2"],
        "nothing": [],
        "%": [],
    }.items():
        assert listed(client, f"?q={text.replace('%', '%25').replace(' ', '+')}") == found, text


def test_filters_narrow_and_groups_count(by: Actor) -> None:
    an_order(by, 1)
    an_order(by, 2, day="2026-11-24", priority=3)
    an_order(by, 3, task={"skills": ["cold"]})
    an_order(by, 4, task={"place": {"address": "Somewhere 7"}})
    an_order(by, 5, draft=True)
    merchant = a_merchant(by)
    an_order(by, 6, merchant_id=str(merchant.id), day=None)
    client = signed_in(by)
    assert listed(client, "?day=2026-11-24") == ["A-2"]
    assert listed(client, "?day=none") == ["A-6"]
    assert listed(client, "?urgent=yes") == ["A-2"]
    assert listed(client, "?skill=cold") == ["A-3"]
    assert listed(client, "?state=staged") == ["A-4"]
    assert listed(client, "?state=todo&sort=reference") == ["A-1", "A-2", "A-3", "A-5", "A-6"]
    assert listed(client, f"?merchant={merchant.id}") == ["A-6"]
    assert listed(client, "?merchant=nonsense&day=never&state=odd&sort=odd&cursor=bad") != []
    page = client.get("/orders?urgent=yes").content.decode()
    assert re.search(r'All <small class="num">1</small>', page)
    assert "1 order<" in page


def test_a_zone_holds_the_orders_to_its_places(by: Actor) -> None:
    an_order(by, 1)
    an_order(by, 2, task={"place": {"address": "Far away 1", "lat": 48.0, "lon": 5.0}})
    zone = save_zone(ZoneData("Center", polygon(box(half_m=20_000))), by=by, at=AT)
    assert listed(signed_in(by), f"?zone={zone.id}") == ["A-1"]


def test_a_list_is_sorted_and_paged_without_a_gap(by: Actor) -> None:
    for number in range(120):
        an_order(by, number, priority=number % 3, day=None if number % 7 == 0 else DAY)
    client = signed_in(by)
    for sort in ("reference", "-reference", "day", "-priority", "state", "recipient", "-created"):
        seen: list[str] = []
        address: str | None = f"/orders?sort={sort}"
        while address:
            page = client.get(address).content.decode()
            seen += references(page)
            more = re.search(r'rel="next" href="([^"]+)"', page)
            address = more[1].replace("&amp;", "&") if more else None
        assert len(seen) == 120, sort
        assert len(set(seen)) == 120, sort
    assert listed(client, "?sort=reference")[:3] == ["A-0", "A-1", "A-10"]


def test_more_orders_ask_no_more_queries(by: Actor) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as found:
            assert client.get("/orders").status_code == 200
        return len(found)

    client = signed_in(by)
    for number in range(3):
        an_order(by, number)
    first = asked()
    for number in range(3, 30):
        an_order(by, number)
    assert asked() <= first


def test_a_script_gets_the_table_alone(by: Actor) -> None:
    an_order(by, 1)
    answer = signed_in(by).get("/orders", headers={"HX-Request": "true"})
    assert references(answer.content.decode()) == ["A-1"]
    assert b"<html" not in answer.content


def test_a_view_is_kept_by_its_person(by: Actor) -> None:
    organization = an_organization("Views")
    me, other = owner_of(organization), a_member(organization, "dispatcher")
    mine = signed_in(me)
    answer = mine.post("/orders/views", {"name": " Cold  tomorrow ", "query": "day=tomorrow&skill=cold", "nonce": "a"})
    assert answer["Location"] == "/orders?day=tomorrow&skill=cold"
    assert "Cold tomorrow" in mine.get("/orders").content.decode()
    assert "Cold tomorrow" not in signed_in(other).get("/orders").content.decode()
    remove = re.search(r"/orders/views/[0-9a-f-]+/remove", mine.get("/orders").content.decode())[0]  # type: ignore[index]
    signed_in(other).post(remove)
    assert "Cold tomorrow" in mine.get("/orders").content.decode()
    mine.post(remove)
    assert "Cold tomorrow" not in mine.get("/orders").content.decode()


def test_many_at_once_each_by_itself_and_all_told(by: Actor) -> None:
    road = a_road(by, 2)
    free = [an_order(by, number) for number in (50, 51)]
    chosen = [order.id for order in (*free, road.orders[0])]
    page = signed_in(by).post("/orders/bulk", {"act": "move", "order": chosen, "day": "2026-11-25"}).content.decode()
    assert "2 of 3 orders moved to 25 November" in page
    assert "order.day_fixed" in page
    assert [in_base(by, order).day.isoformat() for order in free] == ["2026-11-25"] * 2  # type: ignore[union-attr]
    assert in_base(by, road.orders[0]).day.isoformat() == DAY  # type: ignore[union-attr]


def test_an_act_on_all_of_a_list_holds_to_the_list(by: Actor) -> None:
    for number in range(60):
        an_order(by, number, day="2026-11-24" if number < 55 else DAY)
    client = signed_in(by)
    answer = client.post("/orders/bulk", {"act": "priority", "priority": "4", "all": "yes", "query": "day=2026-11-24"})
    assert b"55 orders given priority 4" in answer.content
    assert len(listed(client, "?urgent=yes&day=2026-11-24")) == 50
    assert listed(client, f"?urgent=yes&day={DAY}") == []


def test_an_order_is_held_with_its_reason_and_freed(by: Actor) -> None:
    order, client = an_order(by, 1), signed_in(by)
    client.post(f"/orders/{order.id}/hold", {"held_for": "waits for payment"})
    page = client.get(f"/orders/{order.id}").content.decode()
    assert "On hold</b>: waits for payment" in page
    assert "Put on hold: waits for payment" in page  # what happened
    assert listed(client, "?state=held") == ["A-1"]
    assert listed(client, "?state=todo") == []
    client.post(f"/orders/{order.id}/free")
    assert in_base(by, order).state == "ready"
    again = client.post(f"/orders/{order.id}/free", {"nonce": "another"})
    assert (again.status_code, "order.not_held" in again.content.decode()) == (409, True)


def test_many_are_held_and_freed_at_once_but_for_those_on_a_route(by: Actor) -> None:
    road, order = a_road(by, 1), an_order(by, 70)
    both = [order.id, road.orders[0].id]
    client = signed_in(by)
    page = client.post("/orders/bulk", {"act": "hold", "held_for": "stock", "order": both}).content.decode()
    assert ("1 of 2 orders put on hold" in page, "order.has_route" in page) == (True, True)
    assert in_base(by, order).held_for == "stock"
    page = client.post("/orders/bulk", {"act": "free", "order": [order.id]}).content.decode()
    assert "1 order freed" in page
    assert in_base(by, order).state == "ready"


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"act": "odd"}, "No such act"),
        ({"act": "move", "day": ""}, "A day is missing"),
        ({"act": "priority", "priority": "12"}, "No priority"),
        ({"act": "move", "day": DAY, "from": "09:00", "to": ""}, "A window wants both its ends"),
        ({"act": "cancel", "order": []}, "No order is chosen"),
        ({"act": "cancel", "order": ["nonsense"]}, "No order is chosen"),
    ],
)
def test_what_was_asked_wrongly_changes_nothing(by: Actor, form: dict[str, Any], said: str) -> None:
    order = an_order(by, 1)
    answer = signed_in(by).post("/orders/bulk", {"order": [order.id], **form}, follow=True)
    assert f"Nothing was done. {said}" in answer.content.decode()
    assert in_base(by, order).version == order.version


def test_an_order_moves_with_its_windows(by: Actor) -> None:
    order = an_order(by, 1, task={"windows": [{"start": "09:00", "end": "12:00"}]})
    client = signed_in(by)
    client.post(f"/orders/{order.id}/move", {"day": "2026-11-25", "nonce": "1"})
    assert in_base(by, order).tasks.all()[0].windows == [
        {"start": "2026-11-25T08:00:00Z", "end": "2026-11-25T11:00:00Z"}
    ]
    client.post(f"/orders/{order.id}/move", {"day": "2026-11-25", "from": "14:00", "to": "16:00", "nonce": "2"})
    assert in_base(by, order).tasks.all()[0].windows[0]["start"] == "2026-11-25T13:00:00Z"
    assert client.post(f"/orders/{order.id}/move", {"day": "", "nonce": "3"}).status_code == 400


def test_the_page_tells_the_order_in_words(by: Actor) -> None:
    road = a_road(by, 2)
    road.start()
    page = signed_in(by).get(f"/orders/{road.orders[0].id}").content.decode()
    for words in ("Taken in, written by hand", "Put on a route", "Promised ", "Mill Lane", "On the road", "Promises"):
        assert words in page, words
    assert "scheduled" not in page


def test_a_cancel_says_why_it_cannot_be(by: Actor) -> None:
    order = an_order(by, 1)
    client = signed_in(by)
    assert client.post(f"/orders/{order.id}/cancel", {"reason": "recipient_wish", "nonce": "1"}).status_code == 302
    answer = client.post(f"/orders/{order.id}/move", {"day": DAY, "nonce": "2"})
    assert answer.status_code == 409
    assert b"order.closed" in answer.content


def test_the_tracking_link_is_shown_and_closed(by: Actor) -> None:
    order = an_order(by, 1)
    token = a_link(by, order.id)
    client = signed_in(by)
    assert token not in client.get(f"/orders/{order.id}").content.decode()
    assert token in client.post(f"/orders/{order.id}/link").content.decode()
    client.post(f"/orders/{order.id}/link/close", {"nonce": "1"})
    assert Client().get(f"/t/{token}").status_code == 404


TYPED = {
    "name": "Nora",
    "phone": "621 111 222",
    "address": "Mill Lane 5, Town",
    "lat": "49,61",
    "lon": "6.13",
    "day": DAY,
    "from": "09:00",
    "to": "11:00",
    "weight_kg": "2,5",
    "pieces": "2",
    "service_min": "4",
    "priority": "1",
    "barcodes": "P-1 P-2",
    "external_id": "H-1",
    "sms": "on",
    "nonce": "one",
}


def test_an_order_is_written_by_hand_once(by: Actor) -> None:
    client = signed_in(by)
    assert f'name="day" type="date" value="{DAY}"' in client.get(f"/orders/new?day={DAY}").content.decode()
    assert 'name="day" type="date" value=""' in client.get("/orders/new?day=soon").content.decode()
    for _ in range(2):
        assert client.post("/orders/new", TYPED).status_code == 302
    with scope(by):
        (order,) = queries.orders()
        task = order.tasks.all()[0]
    assert (order.recipient.phone, order.recipient.consent) == ("+352621111222", {"sms": True, "email": False})
    assert task.loads == {"pieces": 2, "weight": 2500}
    assert task.windows == [{"start": "2026-11-23T08:00:00Z", "end": "2026-11-23T10:00:00Z"}]
    assert task.service_s == 240
    assert {package.barcode for package in task.packages.all()} == {"P-1", "P-2"}


@pytest.mark.parametrize(
    ("wrong", "field", "code"),
    [
        ({"phone": "call me"}, "phone", "contact.phone_invalid"),
        ({"from": "12:00"}, "to", "window.ends_before_start"),
        ({"weight_kg": "heavy"}, "weight_kg", "number.malformed"),
        ({"address": "", "lat": "", "lon": ""}, "address", "place."),
        ({"priority": "12"}, "priority", ""),
    ],
)
def test_a_refusal_stands_at_its_field_and_what_was_typed_stays(
    by: Actor, wrong: dict[str, str], field: str, code: str
) -> None:
    answer = signed_in(by).post("/orders/new", {**TYPED, **wrong})
    page = answer.content.decode()
    assert 400 <= answer.status_code < 500
    assert code in page
    assert 'value="H-1"' in page
    assert re.search(rf'name="{field}"[^>]*aria-invalid="true"', page) or "notice is-bad" in page
    with scope(by):
        assert not Order.objects.exists()


def test_an_order_is_mended_until_somebody_relies_on_it(by: Actor) -> None:
    order = an_order(by, 1)
    client = signed_in(by)
    form = client.get(f"/orders/{order.id}/edit").content.decode()
    assert 'value="Mill Lane 1, Town"' in form
    typed = {**TYPED, "version": str(order.version), "address": "Mill Lane 1, Town", "lat": "", "lon": ""}
    assert client.post(f"/orders/{order.id}/edit", typed).status_code == 302
    changed = in_base(by, order)
    assert (changed.external_id, changed.recipient.name, changed.priority) == ("A-1", "Nora", 1)
    assert client.post(f"/orders/{order.id}/edit", {**typed, "name": "Mo", "nonce": "two"}).status_code == 412
    road = a_road(by, 1, first_number=2)
    form = client.get(f"/orders/{road.orders[0].id}/edit").content.decode()
    assert 'name="address"' not in form
    actions.cancel_order(order.id, "", by=by, at=AT)
    assert client.get(f"/orders/{order.id}/edit").status_code == 200
