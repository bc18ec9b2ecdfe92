"""The recipient's page shows the own order and nothing else, in the own language, and takes forms without a script."""

from __future__ import annotations

import logging
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from homestretch.accounts.actions import revoke_link
from homestretch.dispatch import actions as dispatch
from homestretch.dispatch.values import StopOutcome
from homestretch.events.clock import set_clock
from homestretch.events.scope import scope
from homestretch.messaging import queries
from homestretch.orders import actions as orders_actions
from homestretch.orders import queries as orders
from homestretch.tracking.models import Whereabouts
from tests.orders.facts import facts_of
from tests.town.accounts import a_link
from tests.town.dispatch import Road
from tests.town.messaging import it_is
from tests.town.places import AT

MINUTE = timedelta(minutes=1)


def get(token: str, **more: Any) -> Any:
    return Client().get(f"/t/{token}", headers={"Accept": "text/html"}, **more)


def nonce_of(page: Any, form: str) -> str:
    return re.search(rf'name="nonce" value="([^"]+-{form})"', page.content.decode())[1]


def send(token: str, form: str, **fields: Any) -> Any:
    """Fill a form in and send it, as a browser without a script and without cookies."""
    fields = fields if "nonce" in fields else {**fields, "nonce": nonce_of(get(token), form)}
    return Client(enforce_csrf_checks=True).post(f"/t/{token}/{form}", fields, headers={"Accept": "text/html"})


def test_the_page_says_what_is_promised_and_nothing_of_anybody_else(road: Road, token: str) -> None:
    page = get(token)
    text = page.content.decode()
    assert page.status_code == 200
    assert "Green &amp; Grocer" in text
    assert "08:00 – 09:30" in text
    assert "Today" in text
    assert "Mill Lane 1, Town" in text
    assert "Planned" in text
    for foreign in ("Mill Lane 2", "Rosa", "+352", "A-2", "Driver", "@example.com"):
        assert foreign not in text


@pytest.mark.parametrize(
    ("number", "words"), [(0, "Your order A-1"), (1, "Votre commande A-2"), (2, "Ihre Bestellung A-3"), (3, "طلبك A-4")]
)
def test_the_page_speaks_the_recipients_language(road: Road, number: int, words: str) -> None:
    text = get(a_link(road.by, road.orders[number].id, at=AT)).content.decode()
    assert words in text
    assert f'<html lang="{("en", "fr", "de", "ar")[number]}" dir="{"rtl" if number == 3 else "ltr"}">' in text


def test_the_page_sets_no_cookie_is_not_kept_and_runs_only_its_own_script(road: Road, token: str) -> None:
    page = get(token)
    assert not page.cookies
    assert page["Cache-Control"] == "no-store"
    policy, text = page["Content-Security-Policy"], page.content.decode()
    nonces = set(re.findall(r'<(?:script|style) nonce="([^"]+)"', text))
    assert len(nonces) == 1
    assert f"'nonce-{nonces.pop()}'" in policy
    assert "noindex" in text
    assert len(re.findall(r"<script", text)) == 1


def test_unknown_expired_and_revoked_links_get_one_and_the_same_page(road: Road, token: str) -> None:
    second = a_link(road.by, road.orders[1].id, at=AT)
    revoke_link(road.orders[1].id, by=road.by, at=AT)
    it_is(AT)
    bodies = []
    for wrong in ("hst_" + "0" * 64, second, "nonsense"):
        page = get(wrong)
        assert page.status_code == 404
        bodies.append(re.sub(r'nonce="[^"]+"', "", page.content.decode()))
    it_is(AT + timedelta(days=61))
    expired = get(token)
    assert expired.status_code == 404
    bodies.append(re.sub(r'nonce="[^"]+"', "", expired.content.decode()))
    assert len(set(bodies)) == 1


def test_a_link_of_the_other_order_shows_the_other_order(road: Road, token: str) -> None:
    text = get(a_link(road.by, road.orders[1].id, at=AT)).content.decode()
    assert "Mill Lane 2, Town" in text
    assert "Mill Lane 1, Town" not in text


def test_the_expected_time_stands_with_its_age_and_says_when_it_is_stale(road: Road, token: str) -> None:
    road.start()
    it_is(AT)
    dispatch.begin_stop(road.stops[0].id, by=road.driver, at=AT + MINUTE)
    it_is(AT + MINUTE)
    dispatch.skip_stop(road.stops[0].id, by=road.driver, at=AT + 2 * MINUTE)
    it_is(AT + 2 * MINUTE)
    fresh = get(token).content.decode()
    assert re.search(r"\d\d:\d[05] – \d\d:\d[05]", fresh)
    assert re.search(r"most likely at about \d\d:\d\d", fresh)
    assert "as of 08:02" in fresh
    assert "older than usual" not in fresh
    set_clock(AT + 60 * MINUTE)
    stale = get(token).content.decode()
    assert "as of 08:02" in stale
    assert "older than usual" in stale


def test_the_van_is_shown_only_while_the_own_stop_is_next(road: Road, token: str) -> None:
    road.start()
    it_is(AT)
    with scope(road.by):
        Whereabouts.objects.update_or_create(route_id=road.route_id, defaults={"at": AT, "lat": 49.62, "lon": 6.14})
    second = a_link(road.by, road.orders[1].id, at=AT)
    dispatch.begin_stop(road.stops[0].id, by=road.driver, at=AT)
    assert re.search(r"The van is about [\d.]+ k?m away", get(token).content.decode())
    assert "away" not in get(second).content.decode()


def test_a_note_reaches_the_driver_once(road: Road, token: str) -> None:
    nonce = nonce_of(get(token), "instructions")
    for _ in range(2):
        done = send(token, "instructions", nonce=nonce, text="Ring twice\r\n<script>alert(1)</script>")
        assert done.status_code == 302
    with scope(road.by):
        recipient = orders.recipient_of(road.orders[0].id)
    assert facts_of(road.by, recipient.id) == ["recipient.instructed"]
    assert road.order(0).instructions == "Ring twice\n<script>alert(1)</script>"
    page = get(token).content.decode()
    assert "&lt;script&gt;alert(1)" in page
    assert "Saved. Thank you!" in Client().get(done["Location"]).content.decode()


def test_a_closed_order_takes_no_note(road: Road, token: str) -> None:
    nonce = nonce_of(get(token), "instructions")
    orders_actions.cancel_order(road.orders[0].id, "changed_mind", by=road.by, at=AT)
    answer = send(token, "instructions", nonce=nonce, text="Ring twice")
    assert answer.status_code == 409
    assert "The order is closed" in answer.content.decode()
    assert "Cancelled" in answer.content.decode()


def test_a_rating_is_given_once_when_it_is_done(road: Road, token: str) -> None:
    assert 'id="rating"' not in get(token).content.decode()
    road.start()
    dispatch.complete_stop(road.stops[0].id, StopOutcome(left_with="recipient"), by=road.driver, at=AT + MINUTE)
    assert send(token, "rating", nonce="x", score="9").status_code == 422
    assert send(token, "rating", score="4", comment="Fine").status_code == 302
    assert "You gave 4 of 5" in get(token).content.decode()
    assert send(token, "rating", nonce="another", score="1").status_code == 409
    with scope(road.by):
        survey = queries.survey_of(road.orders[0].id)
    assert (survey.score, survey.comment) == (4, "Fine")
    assert facts_of(road.by, survey.id) == ["survey.submitted"]


def test_the_boxes_switch_channels(road: Road, token: str) -> None:
    send(token, "channels", on=["email"])
    with scope(road.by):
        recipient = orders.recipient_of(road.orders[0].id)
        assert [orders.may_message(recipient, channel) for channel in ("sms", "email")] == [False, True]
    assert sorted(facts_of(road.by, recipient.id)) == ["recipient.opted_in", "recipient.opted_out"]


def test_one_click_ends_emails_and_a_look_does_not(road: Road, token: str) -> None:
    send(token, "channels", on=["sms", "email"])
    looked = Client().get(f"/t/{token}/unsubscribe")
    assert (looked.status_code, looked["Location"]) == (302, f"/t/{token}#channels")
    clicked = Client(enforce_csrf_checks=True).post(
        f"/t/{token}/unsubscribe", {"List-Unsubscribe": "One-Click"}, headers={"Accept": "*/*"}
    )
    assert clicked.status_code == 200
    with scope(road.by):
        recipient = orders.recipient_of(road.orders[0].id)
        assert [orders.may_message(recipient, channel) for channel in ("sms", "email")] == [True, False]


def test_forms_of_a_link_that_is_closed_do_nothing(road: Road, token: str) -> None:
    revoke_link(road.orders[0].id, by=road.by, at=AT)
    for form in ("instructions", "rating", "channels", "unsubscribe"):
        assert Client().post(f"/t/{token}/{form}", {"nonce": "x", "text": "hi"}).status_code == 404
    assert road.order(0).instructions == ""


def test_the_token_is_in_no_log_line(road: Road, token: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    revoke_link(road.orders[0].id, by=road.by, at=AT)
    get(token)
    Client().post(f"/t/{token}")
    Client().get(f"/t/{token}/nowhere")
    Client().get("/api/v1/track", headers={"Authorization": f"Bearer {token}"})
    assert caplog.records
    assert token not in caplog.text
