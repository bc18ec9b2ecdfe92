"""The recipient's page in a real browser, with and without JavaScript."""

from __future__ import annotations

import io

from PIL import Image
from playwright.sync_api import expect

from homestretch.dispatch import actions as dispatch
from homestretch.dispatch import queries as dispatch_queries
from homestretch.dispatch.values import StopOutcome
from homestretch.events.scope import scope
from homestretch.messaging import queries as messaging
from tests.browser.conftest import Morning
from tests.browser.day import NOW
from tests.browser.desk import quiet
from tests.browser.site import a_page
from tests.town.accounts import a_link

PHONE = {"width": 390, "height": 844}


def test_an_order_under_way_is_shown_and_stays_fresh(morning: Morning) -> None:
    with a_page(morning.browser, morning.site, viewport=PHONE) as (page, seen):
        page.goto(f"/t/{morning.scene.next_link}")
        expect(page.locator(".status")).to_be_visible()
        expect(page.locator("header")).to_contain_text("Saint-Aubin Vans")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        assert int(page.locator("#live").get_attribute("data-fresh") or 0) > 0
        quiet(seen)


def test_a_recipient_rates_and_leaves_a_note_without_javascript(morning: Morning) -> None:
    options = {"viewport": PHONE, "java_script_enabled": False}
    with a_page(morning.browser, morning.site, **options) as (page, seen):
        page.goto(f"/t/{morning.scene.done_link}")
        expect(page.locator(".status")).to_have_text("Delivered")
        page.get_by_role("button", name="5 very good").click()
        expect(page.locator("#rating")).to_contain_text("You gave 5 of 5")
        page.locator("#rating textarea").fill("Kind. <b>Thank you</b> 👍")
        page.get_by_label("Friendly", exact=True).check()
        page.get_by_role("button", name="Send").click()
        expect(page.locator("#rating textarea")).to_have_count(0)
        page.goto(f"/t/{morning.scene.next_link}")
        page.locator("#instructions summary").click()
        page.locator("#instructions textarea").fill("Ring twice")
        page.get_by_role("button", name="Save").first.click()
        expect(page.get_by_role("status")).to_be_visible()
        expect(page.locator("#instructions textarea")).to_have_value("Ring twice")
        quiet(seen)


def test_a_link_that_opens_nothing_says_so_and_no_more(morning: Morning) -> None:
    with a_page(morning.browser, morning.site, viewport=PHONE) as (page, seen):
        answer = page.goto("/t/hst_" + "0" * 64)
        assert answer is not None
        assert answer.status == 404
        expect(page.locator("main")).to_contain_text("This link is not open")
        assert "Saint-Aubin" not in page.content()
        assert seen.elsewhere == []


def test_a_recipient_leaves_a_code_follows_and_rates(another: Morning) -> None:
    """The whole way: a code and a photo for the driver, the page that keeps itself fresh, two taps at the end."""
    road = another.scene.roads[1]
    number = next(n for n, stop in enumerate(road.stops) if stop.state == "en_route")
    order, stop = road.orders[number], road.stops[number]
    token = a_link(road.by, order.id, at=NOW)
    with a_page(another.browser, another.site, viewport=PHONE) as (page, seen):
        page.goto(f"/t/{token}")
        expect(page.locator(".next")).to_have_text("You are the next stop.")
        page.locator("#instructions summary").click()
        page.get_by_label("Gate or door code").fill("4711#")
        page.get_by_role("button", name="Save").first.click()
        expect(page.get_by_text("A code is saved.")).to_be_visible()
        picture = {"name": "door.jpg", "mimeType": "image/jpeg", "buffer": a_photo()}
        page.locator("#photo input[type=file]").set_input_files(files=[picture])
        page.get_by_role("button", name="Send the photo").click()
        expect(page.get_by_alt_text("Your photo of the door")).to_be_visible()
        assert "4711" not in page.content()
        with scope(road.driver):
            tasks = [stop["tasks"][0] for stop in dispatch_queries.route_sheet(road.driver.driver_id)["stops"]]
        assert [task["door"] and task["door"]["gate_code"] for task in tasks if task["order_id"] == str(order.id)] == [
            "4711#"
        ]
        dispatch.complete_stop(stop.id, StopOutcome(left_with="recipient"), by=road.driver, at=NOW)
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")  # as when one comes back to the page
        expect(page.locator(".status")).to_have_text("Delivered")
        page.reload()
        page.get_by_role("button", name="4 good").click()
        page.get_by_label("Friendly", exact=True).check()
        page.get_by_role("button", name="Send").first.click()
        expect(page.locator("#rating")).to_contain_text("You gave 4 of 5")
        quiet(seen)
    with scope(road.by):
        survey = messaging.survey_of(order.id)
    assert (survey.score, survey.tags) == (4, ["friendly"])


def a_photo() -> bytes:
    """A photo of a door, larger than a phone should send."""
    out = io.BytesIO()
    Image.effect_noise((1800, 1400), 80).convert("RGB").save(out, "JPEG", quality=95)
    return out.getvalue()
