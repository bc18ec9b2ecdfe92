"""Settings in a real browser: a refusal at its field, a key that is shown once, a phone let in, words previewed."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import Morning
from tests.browser.day import PASSWORD
from tests.browser.site import a_page, sign_in


def test_an_owner_sets_up_keys_phones_and_words(another: Morning) -> None:
    with a_page(another.browser, another.site) as (page, seen):
        sign_in(page, another.scene.owner_email, PASSWORD)
        page.goto("/settings/")
        expect(page.get_by_role("heading", level=1)).to_have_text("Organization")
        page.get_by_label("Currency").fill("EU")
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_label("Currency")).to_have_attribute("aria-invalid", "true")
        page.get_by_label("Currency").fill("EUR")
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_role("status")).to_have_text("Saved.")

        page.get_by_role("navigation", name="Settings").get_by_role("link", name="API keys").click()
        page.get_by_label("Name").fill("Shop")
        page.get_by_label("orders: write").check()
        page.get_by_role("button", name="Make the key").click()
        expect(page.locator(".once")).to_contain_text("hsk_")
        page.get_by_role("link", name="I have it").click()
        expect(page.locator("table")).to_contain_text("Shop")
        assert "hsk_" not in page.locator(".once").all_text_contents()

        page.get_by_role("navigation", name="Settings").get_by_role("link", name="Fleet").click()
        page.get_by_role("link", name="Mira Hoffmann").click()
        page.get_by_label("Name").last.fill("Pixel")
        page.get_by_role("button", name="Make a code").click()
        expect(page.locator(".secret .qr")).to_be_visible()

        page.goto("/settings/templates/on_the_way/sms/en")
        page.get_by_label("Words").fill("{organization} is on the way to you: {link}")
        page.get_by_role("button", name="Preview").click()
        expect(page.locator(".message")).to_contain_text("Greengrocer Vans is on the way to you")
        assert seen.elsewhere == []
        assert not [said for said in seen.console if "422" not in said]
