"""A merchant's pages: the own orders are seen, added and followed; everybody else's do not exist."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from homestretch.accounts import queries as accounts
from homestretch.dispatch import actions as dispatch
from homestretch.dispatch.jobs import keep_picture
from homestretch.dispatch.values import ProofData, StopOutcome
from homestretch.events.scope import scope
from homestretch.orders import queries as orders
from tests.town.accounts import a_member, a_merchant, signed_in
from tests.town.dispatch import Road, a_road, an_owner
from tests.town.messaging import Post, a_post
from tests.town.orders import an_order
from tests.town.places import AT
from tests.work import run_jobs

FILE = b"Order no;Customer;Mobile;Street;Town;Day\nW-1;Ida;621 100 001;Mill Lane 5;Town;2026-11-24\n"


@dataclass
class Shops:
    """A merchant with an order on the road, another with one, and one without any."""

    road: Road
    bloom: Client
    wheels: Client
    nobody: Client
    order: Any
    theirs: Any


@pytest.fixture
def post(db: Any, tmp_path: Path) -> Iterator[Post]:
    with a_post(tmp_path) as post:
        yield post


@pytest.fixture
def shops(post: Post) -> Shops:
    owner = an_owner("Parcels of the Town")
    with scope(owner):
        organization = accounts.organization()
    bloom, wheels, empty = (a_merchant(owner, name) for name in ("Bloom & Co", "Wheels", "Not yet"))
    made = [an_order(owner, number, merchant_id=str(one.id)) for number, one in ((1, bloom), (2, wheels))]
    road = a_road(owner, orders=made)
    people = [signed_in(a_member(organization, "merchant", one.id)) for one in (bloom, wheels, empty)]
    return Shops(road, *people, order=made[0], theirs=made[1])


def nonce_of(page: Any) -> str:
    return re.search(r'name="nonce" value="([^"]+)"', page.content.decode())[1]


def a_proof(shops: Shops) -> Any:
    """The photo of the first order's delivery."""
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "#446622").save(out, "PNG")
    name = hashlib.sha256(out.getvalue()).hexdigest()
    shops.road.start()
    stop = shops.road.stops[0]
    proof = dispatch.capture_proof(stop.id, ProofData("photo", declared_sha256=name), by=shops.road.driver, at=AT)
    keep_picture(name, out.getvalue(), by=shops.road.driver, at=AT)
    dispatch.complete_stop(stop.id, StopOutcome(left_with="neighbor"), by=shops.road.driver, at=AT)
    return proof


def test_the_list_holds_the_own_orders_alone(shops: Shops) -> None:
    own, other, none = (one.get("/merchant").content.decode() for one in (shops.bloom, shops.wheels, shops.nobody))
    assert ("A-1" in own, "A-2" in own) == (True, False)
    assert ("A-1" in other, "A-2" in other) == (False, True)
    assert "No orders yet" in none
    assert "A-1" in shops.bloom.get("/merchant?q=A-&state=scheduled").content.decode()
    assert "No order fits" in shops.bloom.get("/merchant?q=B-").content.decode()


def test_an_order_is_followed_to_its_proof(shops: Shops) -> None:
    proof = a_proof(shops)
    page = shops.bloom.get(f"/merchant/orders/{shops.order.id}").content.decode()
    assert "Left with: neighbor" in page
    assert f"/merchant/proofs/{proof.id}" in page
    assert shops.bloom.get(f"/merchant/proofs/{proof.id}")["Content-Type"] == "image/png"


def test_every_page_of_another_and_of_a_merchant_without_orders_is_empty(shops: Shops) -> None:
    proof = a_proof(shops)
    made = shops.bloom.post("/merchant/import", {"file": SimpleUploadedFile("own.csv", FILE)})
    import_page = made["Location"]
    pages = [
        f"/merchant/orders/{shops.order.id}",
        f"/merchant/proofs/{proof.id}",
        import_page,
        f"{import_page}/refusals.csv",
    ]
    posts = [
        *(f"/merchant/orders/{shops.order.id}/{verb}" for verb in ("link", "cancel")),
        *(f"{import_page}/{verb}" for verb in ("check", "run", "undo")),
    ]
    for stranger in (shops.wheels, shops.nobody):
        assert {page: stranger.get(page).status_code for page in pages} == dict.fromkeys(pages, 404)
        assert {page: stranger.post(page, {}).status_code for page in posts} == dict.fromkeys(posts, 404)
        assert "own.csv" not in stranger.get("/merchant/import").content.decode()
    with scope(shops.road.by):
        assert orders.get_order(shops.order.id).state == "completed"


def test_an_order_is_added_and_belongs_to_the_merchant(shops: Shops) -> None:
    values = {
        "nonce": nonce_of(shops.bloom.get("/merchant/new")),
        "external_id": "B-77",
        "name": "Ida",
        "phone": "621 100 001",
        "address": "Mill Lane 5, Town",
        "day": "2026-11-24",
        "from": "09:00",
        "to": "12:00",
        "pieces": "2",
        "sms": "on",
    }
    made = shops.bloom.post("/merchant/new", values)
    assert made.status_code == 302
    assert shops.bloom.post("/merchant/new", values).status_code == 302
    page = shops.bloom.get(made["Location"]).content.decode()
    assert "B-77" in page
    assert shops.wheels.get(made["Location"]).status_code == 404
    with scope(shops.road.by):
        (order,) = [one for one in orders.orders() if one.external_id == "B-77"]
        merchant = order.merchant.name
        task = order.tasks.get()
    assert (merchant, task.loads, order.recipient.consent) == (
        "Bloom & Co",
        {"pieces": 2},
        {"sms": True, "email": False},
    )


def test_what_is_wrong_stands_at_its_field_and_what_was_typed_stays(shops: Shops) -> None:
    values = {"name": "Ida", "address": "", "day": "2026-11-24", "phone": "12"}
    refused = shops.bloom.post("/merchant/new", values)
    assert refused.status_code == 422
    text = refused.content.decode()
    assert 'value="Ida"' in text
    assert 'aria-invalid="true"' in text


def test_a_link_is_shown_to_the_own_merchant_and_opens_the_recipients_page(shops: Shops) -> None:
    page = shops.bloom.post(f"/merchant/orders/{shops.order.id}/link", {}).content.decode()
    token = re.search(r"/t/(hst_[0-9a-f]+)", page)[1]
    assert "Your order A-1" in Client().get(f"/t/{token}", headers={"Accept": "text/html"}).content.decode()


def test_a_file_is_sent_checked_and_taken_in(shops: Shops) -> None:
    sent = shops.bloom.post("/merchant/import", {"file": SimpleUploadedFile("own.csv", FILE)})
    page = shops.bloom.get(sent["Location"]).content.decode()
    chosen = dict(re.findall(r'<select name="(column-\d+)".*?<option value="(\w+)" selected', page, re.S))
    assert shops.bloom.post(f"{sent['Location']}/check", {**chosen, "day": ""}).status_code == 302
    run_jobs()
    assert "1 of 1 order can be taken in" in shops.bloom.get(sent["Location"]).content.decode()
    assert shops.bloom.post(f"{sent['Location']}/run", {}).status_code == 302
    run_jobs()
    assert "W-1" in shops.bloom.get("/merchant").content.decode()
    assert "W-1" not in shops.wheels.get("/merchant").content.decode()


def test_a_merchant_sees_no_page_of_the_dispatcher_and_a_dispatcher_none_of_a_merchant(shops: Shops) -> None:
    for page in ("/", "/messages", "/measures/"):
        led = shops.bloom.get(page)
        assert (led.status_code, led["Location"]) == (302, "/merchant")
    assert shops.bloom.post(f"/messages/{shops.order.id}/done", {}).status_code == 403
    for page in ("/merchant", "/merchant/new", "/merchant/import", f"/merchant/orders/{shops.order.id}"):
        assert signed_in(shops.road.by).get(page).status_code == 403
        assert Client().get(page).status_code == 302
