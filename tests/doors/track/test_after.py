"""After the driver has left: proof by this link alone, a rating of two taps, a problem that reaches the dispatcher."""

from __future__ import annotations

import hashlib
import io
from datetime import timedelta

import pytest
from django.test import Client
from PIL import Image

from homestretch.accounts.actions import update_organization
from homestretch.accounts.intake import keep_logo
from homestretch.dispatch import actions as dispatch
from homestretch.dispatch.jobs import keep_picture
from homestretch.dispatch.values import ProofData, StopOutcome
from homestretch.doors.track.colors import DARK, LIGHT, _parse, accent_of, contrast
from homestretch.events.scope import scope
from homestretch.messaging import queries
from homestretch.recovery import queries as recovery
from homestretch.recovery.values import Wanted
from tests.doors.track.test_page import get, send
from tests.orders.facts import facts_of
from tests.town.accounts import a_link
from tests.town.dispatch import Road
from tests.town.places import AT

MINUTE = timedelta(minutes=1)


def a_png() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "#446622").save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def done(road: Road) -> Road:
    """The first order is delivered to a neighbor, with a photo and a name."""
    road.start()
    data = a_png()
    name = hashlib.sha256(data).hexdigest()
    dispatch.capture_proof(road.stops[0].id, ProofData("photo", declared_sha256=name), by=road.driver, at=AT)
    dispatch.capture_proof(road.stops[0].id, ProofData("name", text="Mrs. Weber"), by=road.driver, at=AT)
    keep_picture(name, data, by=road.driver, at=AT)
    dispatch.complete_stop(road.stops[0].id, StopOutcome(left_with="neighbor"), by=road.driver, at=AT + MINUTE)
    return road


def test_proof_is_seen_by_this_link_alone(done: Road, token: str) -> None:
    with scope(done.by):
        photo = next(proof for proof in done.stops[0].proofs.all() if proof.kind == "photo")
    page = get(token).content.decode()
    assert "Handed to a neighbor" in page
    assert "Received by Mrs. Weber" in page
    assert f"/t/{token}/proof/{photo.id}" in page
    assert Client().get(f"/t/{token}/proof/{photo.id}")["Content-Type"] == "image/png"
    other = a_link(done.by, done.orders[1].id, at=AT)
    assert Client().get(f"/t/{other}/proof/{photo.id}").status_code == 404
    assert "Mrs. Weber" not in get(other).content.decode()


def test_the_first_tap_stores_the_score_and_the_words_come_after(done: Road, token: str) -> None:
    assert send(token, "rating", score="2").status_code == 302
    page = get(token).content.decode()
    assert "You gave 2 of 5" in page
    assert "Ignored my note" in page
    assert send(token, "more", tags=["late", "careless"], comment="An hour late").status_code == 302
    assert 'name="tags"' not in get(token).content.decode()
    again = send(token, "more", nonce="other", tags=["late"], comment="")
    assert (again.status_code, "rated it already" in again.content.decode()) == (409, True)
    with scope(done.by):
        survey = queries.survey_of(done.orders[0].id)
    assert (survey.score, survey.tags, survey.comment) == (2, ["careless", "late"], "An hour late")
    assert facts_of(done.by, survey.id) == ["survey.submitted", "survey.explained"]


def test_a_problem_becomes_an_exception_and_waits_for_an_answer(done: Road, token: str) -> None:
    assert send(token, "problem", kind="not_received", text="Weber has nothing").status_code == 302
    assert "We have your report" in get(token).content.decode()
    with scope(done.by):
        (raised,) = recovery.exceptions(Wanted(kind="recipient_problem"))
        (waiting,) = queries.waiting()
    assert (raised.severity, raised.reason, raised.order_id) == ("high", "not_received", done.orders[0].id)
    assert (waiting.order_id, waiting.text, waiting.meaning) == (done.orders[0].id, "Weber has nothing", "problem")
    assert send(token, "problem", nonce="x", kind="nonsense").status_code == 422


def test_how_many_stops_come_before(road: Road) -> None:
    links = [a_link(road.by, order.id, at=AT) for order in road.orders]
    assert "Halte kommen" not in get(links[2]).content.decode()
    road.start()
    assert "2 Halte kommen vor Ihrem." in get(links[2]).content.decode()
    assert "You are the next stop." in get(links[0]).content.decode()
    live = Client().get(f"/t/{links[2]}/live").content.decode()
    assert "2 Halte kommen vor Ihrem." in live
    assert "<html" not in live


def test_the_organizations_mark_and_color_stand_on_the_page(road: Road, token: str) -> None:
    assert Client().get(f"/t/{token}/logo").status_code == 404
    keep_logo(a_png(), by=road.by, at=AT)
    update_organization({"accent": "#ffdd00"}, by=road.by, at=AT)
    page = get(token)
    assert f'src="/t/{token}/logo"' in page.content.decode()
    assert Client().get(f"/t/{token}/logo")["Content-Type"] == "image/png"
    assert (page["X-Robots-Tag"], page["Referrer-Policy"]) == ("noindex, nofollow", "no-referrer")


@pytest.mark.parametrize("color", ["#ffdd00", "#000000", "#ffffff", "#c0392b", "#0b6b53", "#808080"])
def test_any_color_can_be_read_in_both_modes(color: str) -> None:
    accent = accent_of(color)
    for shade, grounds in ((accent.light, LIGHT), (accent.dark, DARK)):
        assert min(contrast(_parse(shade), _parse(ground)) for ground in grounds) >= 4.5
