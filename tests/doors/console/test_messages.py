"""The desk: what recipients wrote waits until somebody answered; an answer leaves once; a driver reads what is said."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from homestretch.accounts import queries as accounts
from homestretch.dispatch import queries as dispatch
from homestretch.events.scope import scope
from homestretch.kernel.actor import system
from homestretch.kernel.refusal import Refusal
from homestretch.messaging import actions, queries
from homestretch.orders import actions as orders
from tests.town.accounts import a_member, signed_in
from tests.town.dispatch import Road, a_road, an_owner
from tests.town.messaging import Post, a_post, it_is, said, states
from tests.town.places import AT


@pytest.fixture
def post(db: Any, tmp_path: Path) -> Iterator[Post]:
    with a_post(tmp_path) as post:
        yield post


@pytest.fixture
def road(post: Post) -> Road:
    return a_road(an_owner("Green & Grocer"))


def hear(road: Road, text: str, ident: str = "in-1", number: int = 1) -> None:
    it_is(AT)  # what was planned is sent: an answer is about that order
    actions.hear(ident, f"+35262100{number:04}", text, by=system(road.by.organization_id), at=AT)


def nonce_of(page: Any, form: str) -> str:
    """Of the form that is sent to that address."""
    text = page.content.decode()
    return re.search(rf'action="[^"]*/{form}".*?name="nonce" value="([^"]+)"', text, re.S)[1]


def test_what_somebody_wrote_waits_until_it_is_answered_and_the_answer_leaves_once(road: Road, post: Post) -> None:
    hear(road, "Can you come later?")
    us, order = signed_in(road.by), road.orders[0]
    desk = us.get("/messages").content.decode()
    assert "Can you come later?" in desk
    assert f"/messages/{order.id}" in desk
    page = us.get(f"/messages/{order.id}")
    form = {"nonce": nonce_of(page, "write"), "channel": "sms", "text": "Yes: at six."}
    for _ in range(2):
        assert us.post(f"/messages/{order.id}/write", form).status_code == 302
    it_is(AT)
    assert states(road.by, order_id=order.id, kind="personal") == [("personal", "sms", "sent", "")]
    assert [sent["text"] for sent in post.taken(kind="sms", to="+352621000001")][-1] == "Green & Grocer: Yes: at six."
    assert "Nobody waits" in us.get("/messages").content.decode()
    thread = us.get(f"/messages/{order.id}").content.decode()
    assert thread.index("Can you come later?") < thread.index("Yes: at six.")


def test_stop_holds_for_people_too(road: Road) -> None:
    hear(road, "STOP")
    us, order = signed_in(road.by), road.orders[0]
    nonce = nonce_of(us.get(f"/messages/{order.id}"), "write")
    refused = us.post(f"/messages/{order.id}/write", {"nonce": nonce, "channel": "sms", "text": "Hello"})
    assert refused.status_code == 422
    assert "recipient.opted_out" in refused.content.decode()
    assert said(road.by, order_id=order.id, kind="personal") == []


def test_who_agreed_to_nothing_and_wrote_nothing_is_not_written_to(road: Road) -> None:
    order = orders_without_consent(road)
    us = signed_in(road.by)
    nonce = nonce_of(us.get(f"/messages/{order.id}"), "write")
    form = {"nonce": nonce, "channel": "sms", "text": "Hello"}
    assert "recipient.no_consent" in us.post(f"/messages/{order.id}/write", form).content.decode()
    actions.report_problem(order.id, "other", "Where is it?", by=road.by, at=AT)
    assert us.post(f"/messages/{order.id}/write", {**form, "nonce": "other"}).status_code == 302


def orders_without_consent(road: Road) -> Any:
    from tests.town.orders import an_order

    return an_order(road.by, 40, recipient={"name": "Ida", "phone": "+352621000040"})


def test_the_tracking_link_is_sent_again_once_to_those_who_may_be_written_to(road: Road, post: Post) -> None:
    it_is(AT)
    us, order = signed_in(road.by), road.orders[0]
    page = us.get(f"/orders/{order.id}")
    form = {"nonce": nonce_of(page, "link/send"), "channel": "sms"}
    for _ in range(2):
        assert us.post(f"/orders/{order.id}/link/send", form).status_code == 302
    assert "on its way to the recipient" in us.get(f"/orders/{order.id}").content.decode()
    it_is(AT)
    assert states(road.by, order_id=order.id, kind="link") == [("link", "sms", "sent", "")]
    told = [sent["text"] for sent in post.taken(kind="sms", to="+352621000001")]
    assert "follow your order A-1" in told[-1]
    (address,) = re.findall(r"/t/hst_\w+", told[-1])
    assert address in told[0], "the link that was sent before holds"
    assert us.get(address).status_code == 200
    actions.hear("in-1", "+352621000001", "STOP", by=system(road.by.organization_id), at=AT)
    page = us.get(f"/orders/{order.id}")
    assert 'value="sms"' not in page.content.decode()
    assert 'value="email"' in page.content.decode()
    refused = us.post(f"/orders/{order.id}/link/send", form | {"nonce": nonce_of(page, "link/send")})
    assert "recipient.opted_out" in refused.content.decode()
    orders.cancel_order(order.id, "merchant_wish", by=road.by, at=AT)
    assert "link/send" not in us.get(f"/orders/{order.id}").content.decode()
    with pytest.raises(Refusal, match="cancelled"):
        actions.send_link(order.id, "email", by=road.by, at=AT)


def test_an_unhappy_rating_waits_until_it_is_done(road: Road) -> None:
    from homestretch.dispatch import actions as verbs
    from homestretch.dispatch.values import StopOutcome

    road.start()
    for stop in road.stops[:2]:
        verbs.complete_stop(stop.id, StopOutcome(left_with="recipient"), by=road.driver, at=AT)
    actions.rate(road.orders[0].id, 1, "Broken", by=road.by, at=AT)
    actions.rate(road.orders[1].id, 5, "Lovely", by=road.by, at=AT)
    us = signed_in(road.by)
    desk = us.get("/messages").content.decode()
    assert "Broken" in desk
    assert "Lovely" not in desk
    page = us.get(f"/messages/{road.orders[0].id}")
    done = us.post(f"/messages/{road.orders[0].id}/done", {"nonce": nonce_of(page, "done")})
    assert done.status_code == 302
    assert "Nobody waits" in us.get("/messages").content.decode()
    with scope(road.by):
        assert queries.waiting_count() == 0


def test_a_driver_reads_on_the_sheet_what_the_desk_says(road: Road) -> None:
    road.start()
    us, order = signed_in(road.by), road.orders[1]
    page = us.get(f"/messages/{order.id}")
    before = road.route.version
    form = {"nonce": nonce_of(page, "driver"), "words": "The second gate is open."}
    assert us.post(f"/messages/{order.id}/driver", form).status_code == 302
    with scope(road.driver):
        sheet = dispatch.route_sheet(road.driver.driver_id)
    assert [(said["text"], said["stop_id"]) for said in sheet["messages"]] == [
        ("The second gate is open.", str(road.stops[1].id))
    ]
    assert sheet["version"] > before
    assert "The second gate is open." in us.get(f"/messages/{order.id}").content.decode()


def test_a_conversation_is_found_by_its_orders_reference(road: Road) -> None:
    found = signed_in(road.by).get("/messages?q=A-2")
    assert (found.status_code, found["Location"]) == (302, f"/messages/{road.orders[1].id}")
    assert "No order" in signed_in(road.by).get("/messages?q=nothing").content.decode()


def test_an_erased_person_leaves_no_words(road: Road) -> None:
    hear(road, "My key is under the mat")
    order = road.orders[0]
    actions.write(order.id, "sms", "Thank you, Rosa", by=road.by, at=AT)
    orders.cancel_order(order.id, "recipient_wish", by=road.by, at=AT)
    with scope(road.by):
        recipient_id = order.recipient_id
    orders.erase_recipient(recipient_id, by=road.by, at=AT)
    it_is(AT)
    page = signed_in(road.by).get(f"/messages/{order.id}").content.decode()
    assert "under the mat" not in page
    assert "Thank you, Rosa" not in page


def test_the_desk_is_for_those_who_may_write_and_for_the_own_organization(road: Road) -> None:
    with scope(road.by):
        organization = accounts.organization()
    viewer = signed_in(a_member(organization, "viewer"))
    stranger = signed_in(an_owner("Next Door"))
    order = road.orders[0]
    assert viewer.get("/messages").status_code == 403
    assert stranger.get(f"/messages/{order.id}").status_code == 404
    for form in ("write", "driver", "done"):
        assert (
            stranger.post(f"/messages/{order.id}/{form}", {"channel": "sms", "text": "x", "words": "x"}).status_code
            == 404
        )
