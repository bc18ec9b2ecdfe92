"""The recipient's page in a real browser, with and without JavaScript."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import Morning
from tests.browser.site import a_page
from tests.browser.test_today import quiet

PHONE = {"width": 390, "height": 844}


def test_an_order_under_way_is_shown_and_stays_fresh(morning: Morning) -> None:
    with a_page(morning.browser, morning.site, viewport=PHONE) as (page, seen):
        page.goto(f"/t/{morning.scene.next_link}")
        expect(page.locator(".status")).to_be_visible()
        expect(page.locator("main")).to_contain_text("Saint-Aubin Vans")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        assert int(page.locator("#live").get_attribute("data-fresh") or 0) > 0
        quiet(seen)


def test_a_recipient_rates_and_leaves_a_note_without_javascript(morning: Morning) -> None:
    options = {"viewport": PHONE, "java_script_enabled": False}
    with a_page(morning.browser, morning.site, **options) as (page, seen):
        page.goto(f"/t/{morning.scene.done_link}")
        expect(page.locator(".status")).to_have_text("Done")
        page.get_by_label("5 very good").check()
        page.locator("textarea[name=comment]").fill("Kind. <b>Thank you</b> 👍")
        page.locator("#rating button").click()
        expect(page.locator("#rating")).to_contain_text("You gave 5 of 5")
        page.goto(f"/t/{morning.scene.next_link}")
        page.locator("textarea[name=text]").fill("Ring twice")
        page.locator("#instructions button").click()
        expect(page.get_by_role("status")).to_be_visible()
        expect(page.locator("textarea[name=text]")).to_have_value("Ring twice")
        quiet(seen)


def test_a_link_that_opens_nothing_says_so_and_no_more(morning: Morning) -> None:
    with a_page(morning.browser, morning.site, viewport=PHONE) as (page, seen):
        answer = page.goto("/t/hst_" + "0" * 64)
        assert answer is not None
        assert answer.status == 404
        expect(page.locator("main")).to_contain_text("This link is not open")
        assert "Saint-Aubin" not in page.content()
        assert seen.elsewhere == []
