"""A file of orders by the pages: sent, its columns named, checked, taken in, undone."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from homestretch.dispatch.actions.release import put_on_road
from homestretch.doors.console.imports.columns import NAMES
from homestretch.events.scope import scope
from homestretch.kernel.actor import Actor
from homestretch.orders import queries
from homestretch.orders.models import Order
from homestretch.orders.rules.columns import FIELDS
from tests.town.accounts import a_member, an_organization, owner_of, signed_in
from tests.town.dispatch import an_owner, draft_of
from tests.town.fleet import a_shift
from tests.town.orders import AT
from tests.work import run_jobs

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_eight")]
HEAD = "Order no;Customer;Mobile;Breite;Länge;Anything"


@pytest.fixture
def by(tmp_path: Any, settings: Any) -> Actor:
    kept = ("disk", {"root": str(tmp_path)})
    settings.HOMESTRETCH_PROVIDERS = {**settings.HOMESTRETCH_PROVIDERS, "storage": kept}
    return an_owner()


def a_file(*rows: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("morning.csv", "\n".join((HEAD, *rows)).encode(), content_type="text/csv")


def row(number: int, **changes: str) -> str:
    cells = {
        "no": f"W-{number}",
        "name": f"Ida {number}",
        "phone": "621 100 001",
        "lat": f"49.6{number:03}",
        "lon": "6.13",
    }
    return ";".join([*{**cells, **changes}.values(), "x"])


def sent(client: Client, *rows: str) -> str:
    """The address of a new import."""
    answer = client.post("/orders/import", {"file": a_file(*rows), "nonce": "1"})
    assert answer.status_code == 302, answer.content
    return str(answer["Location"])


def chosen(client: Client, address: str) -> dict[str, str]:
    """The mapping as the page proposes it."""
    page = client.get(address).content.decode()
    found = {}
    for name, options in re.findall(r'<select name="(column-\d+)".*?>(.*?)</select>', page, re.DOTALL):
        picked = re.search(r'value="([^"]*)" selected', options)
        found[name] = picked[1] if picked else ""
    return found


def test_a_file_goes_its_way_and_back(by: Actor) -> None:
    client = signed_in(by)
    address = sent(client, row(1), row(2, phone="call me"), row(3), row(1))
    mapping = chosen(client, address)
    assert mapping == {
        "column-0": "external_id",
        "column-1": "name",
        "column-2": "phone",
        "column-3": "lat",
        "column-4": "lon",
        "column-5": "",
    }
    assert client.post(f"{address}/check", {**mapping, "day": "2026-11-23", "nonce": "2"}).status_code == 302
    assert "Being checked" in client.get(address).content.decode()
    run_jobs()
    page = client.get(address).content.decode()
    assert "2 orders can be taken in" in page
    assert "contact.phone_invalid" in page
    assert "import.row_repeated" in page
    client.post(f"{address}/run", {"nonce": "3"})
    run_jobs()
    page = client.get(address).content.decode()
    assert "2 orders are in" in page
    with scope(by):
        orders = list(queries.orders())
        assert {order.day.isoformat() for order in orders} == {"2026-11-23"}
    shift = a_shift(by)
    with scope(by):
        put_on_road([draft_of(by, shift, [orders[0]])], None, 1, by=by, at=AT)
    client.post(f"{address}/undo", {"nonce": "4"})
    run_jobs()
    page = client.get(address).content.decode()
    assert "1 order is called off" in page
    assert "it is on a route" in page
    with scope(by):
        assert sorted(Order.objects.values_list("state", flat=True)) == ["cancelled", "scheduled"]


def test_the_preview_reads_the_first_rows_as_the_columns_are_named(by: Actor) -> None:
    client = signed_in(by)
    address = sent(client, row(1), row(2, phone="call me"))
    mapping = chosen(client, address)
    page = client.post(f"{address}/preview", mapping).content.decode()
    assert "Ida 1" in page
    assert "contact.phone_invalid" in page
    assert "<html" not in page
    page = client.post(f"{address}/preview", {**mapping, "column-2": "", "column-1": "external_id"}).content.decode()
    assert "import.field_twice" in page
    page = client.post(f"{address}/preview", {**mapping, "column-3": ""}).content.decode()
    assert "import.place_unmapped" in page
    with scope(by):
        assert queries.imports().get().mapping == {}


def test_a_mapping_that_is_refused_stays_as_it_was_chosen(by: Actor) -> None:
    client = signed_in(by)
    address = sent(client, row(1))
    answer = client.post(f"{address}/check", {"column-5": "name", "column-1": "city", "column-0": "city"})
    assert answer.status_code == 422
    assert b"import.field_twice" in answer.content
    assert re.search(r'column-5".*?value="name" selected', answer.content.decode(), re.DOTALL)


@pytest.mark.parametrize(("data", "code"), [(b"", "import."), (b"\xd0\xcf\x11\xe0old", "import.format_unsupported")])
def test_a_file_that_is_none_is_refused_at_the_form(by: Actor, data: bytes, code: str) -> None:
    answer = signed_in(by).post("/orders/import", {"file": SimpleUploadedFile("a.xls", data), "nonce": "1"})
    assert answer.status_code >= 400
    assert code in answer.content.decode()
    assert signed_in(by).post("/orders/import", {"nonce": "2"}).status_code >= 400


def test_a_form_that_is_sent_twice_is_one_import(by: Actor) -> None:
    client = signed_in(by)
    assert sent(client, row(1)) == sent(client, row(1))
    with scope(by):
        assert queries.imports().count() == 1


def test_strangers_and_viewers_have_no_way_in(by: Actor) -> None:
    address = sent(signed_in(by), row(1))
    stranger = signed_in(an_owner("Next Door"))
    for path in ("", "/progress"):
        assert stranger.get(f"{address}{path}").status_code == 404
    for path in ("/check", "/preview"):
        assert stranger.post(f"{address}{path}").status_code == 404
    organization = an_organization("Viewed")
    assert signed_in(a_member(organization, "viewer")).get("/orders/import").status_code == 403
    assert signed_in(owner_of(organization)).get("/orders/import").status_code == 200


def test_the_progress_asks_for_the_page_at_its_end(by: Actor) -> None:
    client = signed_in(by)
    address = sent(client, row(1))
    client.post(f"{address}/check", chosen(client, address))
    answer = client.get(f"{address}/progress")
    assert "every 1s" in answer.content.decode()
    assert "HX-Refresh" not in answer
    run_jobs()
    assert client.get(f"{address}/progress")["HX-Refresh"] == "true"


def test_every_field_of_a_file_has_words() -> None:
    assert set(NAMES) == set(FIELDS)
