"""What a recipient says of the door reaches the driver of its open stop, and nobody else; a photo keeps no metadata."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from homestretch.accounts.actions import update_organization
from homestretch.dispatch import actions as dispatch
from homestretch.dispatch import queries as dispatch_queries
from homestretch.dispatch.values import StopOutcome
from homestretch.events.scope import scope
from homestretch.orders import actions as orders
from homestretch.orders import queries as orders_queries
from homestretch.orders.models import Door
from tests.doors.track.test_page import get, nonce_of, send
from tests.town.accounts import a_link, a_phone, bearing
from tests.town.dispatch import Road
from tests.town.messaging import it_is
from tests.town.places import AT
from tests.work import run_jobs

MINUTE = timedelta(minutes=1)


def allow(road: Road, **changes: Any) -> None:
    update_organization(changes, by=road.by, at=AT)


def sheet_of(road: Road) -> list[Any]:
    """What the driver's phone shows of each stop's first task."""
    with scope(road.driver):
        return [stop["tasks"][0]["door"] for stop in dispatch_queries.route_sheet(road.driver.driver_id)["stops"]]


def a_photo(size: tuple[int, int] = (3000, 2000)) -> bytes:
    """A JPEG with the place where it was taken."""
    exif = Image.Exif()
    exif[0x010E] = "secret garden"
    out = io.BytesIO()
    Image.new("RGB", size, "#446622").save(out, "JPEG", exif=exif, comment=b"secret garden")
    return out.getvalue()


def test_a_code_is_seen_by_the_driver_of_the_open_stop_alone_and_forgotten_after(road: Road, token: str) -> None:
    assert send(token, "instructions", text="Ring twice", gate_code="4711#").status_code == 302
    page = get(token).content.decode()
    assert "4711" not in page
    assert "A code is saved." in page
    assert [door and door["gate_code"] for door in sheet_of(road)] == ["4711#", None, None, None]
    road.start()
    dispatch.complete_stop(road.stops[0].id, StopOutcome(left_with="recipient"), by=road.driver, at=AT + MINUTE)
    assert [door and door["gate_code"] for door in sheet_of(road)] == ["", None, None, None]
    with scope(road.by):
        assert orders_queries.door_of(road.orders[0].id).gate_code == ""


def test_a_recipient_deletes_the_code_and_keeps_the_rest(road: Road, token: str) -> None:
    allow(road, choice_places=["neighbor"])
    send(token, "instructions", text="", gate_code="4711#", leave_with="neighbor", leave_where="Mrs. Weber, 3rd floor")
    allow(road, choice_places=[])
    assert send(token, "code").status_code == 302
    with scope(road.by):
        door = orders_queries.door_of(road.orders[0].id)
    assert (door.gate_code, door.leave_with, door.leave_where) == ("", "neighbor", "Mrs. Weber, 3rd floor")


def test_goods_are_left_only_where_the_organization_allows_it(road: Road, token: str) -> None:
    assert "Leave it with a neighbor" not in get(token).content.decode()
    nonce = nonce_of(get(token), "instructions")
    refused = send(token, "instructions", nonce=nonce, text="", leave_with="neighbor", leave_where="Weber")
    assert refused.status_code == 422
    assert "left there" in refused.content.decode()
    allow(road, choice_places=["neighbor", "mailbox"])
    assert "Leave it with a neighbor" in get(token).content.decode()
    vague = send(token, "instructions", text="", leave_with="neighbor", leave_where=" ")
    assert "which neighbor" in vague.content.decode()
    assert send(token, "instructions", text="", leave_with="mailbox").status_code == 302
    assert sheet_of(road)[0]["leave_with"] == "mailbox"


def test_a_driver_under_way_fetches_the_sheet_anew_when_a_recipient_has_written(road: Road, token: str) -> None:
    road.start()
    before = road.route.version
    send(token, "instructions", text="The bell is broken")
    run_jobs()
    assert road.route.version > before


def test_a_photo_is_drawn_anew_small_and_without_what_the_phone_wrote(road: Road, token: str) -> None:
    photo = SimpleUploadedFile("door.jpg", a_photo(), "image/jpeg")
    assert send(token, "photo", photo=photo).status_code == 302
    shown = Client().get(f"/t/{token}/door")
    assert shown.status_code == 200
    assert shown["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert b"secret garden" not in shown.content
    with Image.open(io.BytesIO(shown.content)) as image:
        assert max(image.size) == 1280
        assert not image.getexif()
    phone = bearing(a_phone(road.by, road.driver.driver_id))
    url = sheet_of(road)[0]["photo"]
    assert phone.get(url).content == shown.content
    other = a_link(road.by, road.orders[1].id, at=AT)
    assert Client().get(f"/t/{other}/door").status_code == 404
    assert phone.get(url.replace(str(road.orders[0].id), str(road.orders[1].id))).status_code == 404


def test_what_is_no_photo_is_refused_in_words(road: Road, token: str) -> None:
    refused = send(token, "photo", photo=SimpleUploadedFile("door.jpg", b"<svg onload=alert(1)>", "image/jpeg"))
    assert refused.status_code == 422
    assert "no photo that we can read" in refused.content.decode()


def test_a_photo_that_is_taken_away_leaves_the_store(road: Road, token: str) -> None:
    send(token, "photo", photo=SimpleUploadedFile("door.jpg", a_photo((200, 100)), "image/jpeg"))
    from homestretch.orders.intake import store

    with scope(road.by):
        name = orders_queries.door_of(road.orders[0].id).photo
    assert store(road.by.organization_id).exists(name)
    assert send(token, "photo", remove="1").status_code == 302
    run_jobs()
    assert not store(road.by.organization_id).exists(name)
    assert Client().get(f"/t/{token}/door").status_code == 404


def test_an_erased_person_leaves_no_door(road: Road, token: str) -> None:
    send(token, "instructions", text="Ring twice", gate_code="4711#")
    send(token, "photo", photo=SimpleUploadedFile("door.jpg", a_photo((200, 100)), "image/jpeg"))
    with scope(road.by):
        recipient = orders_queries.recipient_of(road.orders[0].id)
    orders.cancel_order(road.orders[0].id, "recipient_wish", by=road.by, at=AT)
    it_is(AT)
    orders.erase_recipient(recipient.id, by=road.by, at=AT)
    with scope(road.by):
        assert not Door.objects.exists()
