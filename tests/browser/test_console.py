"""Pages of the console in a real browser: a place is fixed by keys alone, many orders are moved, a theme stays."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import expect

from homestretch.events.scope import scope
from homestretch.kernel.actor import Actor
from homestretch.orders import queries as orders
from homestretch.places.models import Place
from tests.browser.conftest import Morning
from tests.browser.day import NOW, PASSWORD
from tests.browser.desk import quiet, tab_to
from tests.browser.site import a_page, sign_in
from tests.town.orders import an_order
from tests.work import run_jobs


def a_place_to_fix(by: Actor) -> tuple[Place, Any]:
    order = an_order(by, 7001, task={"place": {"address": "Hinter dem Hof 3"}}, at=NOW)
    with scope(by):
        place = Place.objects.get(address="Hinter dem Hof 3")
        place.state = "needs_review"
        place.candidates = [{"label": "Hof 3, Town", "lat": 49.613, "lon": 6.132, "confidence": 0.71}]
        place.save()
    return place, order


def test_a_place_is_fixed_by_keys_alone(another: Morning) -> None:
    by = another.scene.owner
    place, order = a_place_to_fix(by)
    with a_page(another.browser, another.site) as (page, seen):
        sign_in(page, another.scene.email, PASSWORD)
        tab_to(page, "a[href='/places']")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("Places")
        tab_to(page, f"th a[href='/places/{place.id}']")
        page.keyboard.press("Enter")
        expect(page.locator("#pin-map[data-drawn=yes]")).to_be_visible(timeout=60_000)
        tab_to(page, ".pin")
        page.keyboard.press("ArrowUp")
        page.keyboard.press("Shift+ArrowRight")
        lat, lon = (float(page.locator(f"#{name}").input_value()) for name in ("lat", "lon"))
        assert abs((lat - 49.613) * 111_195 - 1) < 0.2  # a meter to the north of the middle, which is the only offer
        assert 9.5 < (lon - 6.132) * 111_195 * 0.648 < 10.5  # and ten to the east
        tab_to(page, "#pin-form button")
        page.keyboard.press("Enter")
        expect(page.locator(".notes")).to_contain_text("The pin is set and confirmed")
        quiet(seen)
    run_jobs()
    with scope(by):
        fixed = Place.objects.get(id=place.id)
        assert (fixed.state, fixed.confirmed_from, fixed.lat) == ("located", "person", lat)
        assert orders.get_order(order.id).state == "ready"


def test_many_are_ticked_and_moved(another: Morning) -> None:
    by = another.scene.owner
    for number in (8001, 8002):
        an_order(by, number, recipient={"name": "Ticked"}, at=NOW)
    with a_page(another.browser, another.site) as (page, seen):
        sign_in(page, another.scene.email, PASSWORD)
        page.goto("/orders?q=Ticked")
        expect(page.locator(".acts")).to_be_hidden()
        page.locator("[data-tick-all]").check()
        expect(page.locator("[data-ticked]")).to_have_text("2 ticked")
        page.locator(".acts summary").filter(has_text="Move to a day").click()
        page.get_by_label("Day", exact=True).last.fill("2026-11-26")
        page.get_by_role("button", name="Move", exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text("2 orders moved to 26 November")
        quiet(seen)


def test_a_theme_stays_as_it_was_chosen(another: Morning) -> None:
    with a_page(another.browser, another.site, color_scheme="light") as (page, _):
        sign_in(page, another.scene.email, PASSWORD)
        light = page.evaluate("getComputedStyle(document.body).backgroundColor")
        page.locator(".account > summary").click()
        page.get_by_role("button", name="Dark").click()
        dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert dark != light
        page.reload()
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == dark
        page.keyboard.press("Tab")
        page.locator(".account > summary").click()
        page.keyboard.press("Escape")
        expect(page.locator(".account")).not_to_have_attribute("open", "")
        expect(page.locator(".account > summary")).to_be_focused()


def test_words_that_are_being_typed_are_not_taken_away(another: Morning) -> None:
    """The panel is fetched again with each event; not while somebody settles a matter in it."""
    with a_page(another.browser, another.site) as (page, seen):
        sign_in(page, another.scene.email, PASSWORD)
        expect(page.locator("#line")).to_have_text("Live")
        page.locator(".needs summary").first.click()
        page.locator(".settle input[name=resolution]").first.fill("I have called")
        an_order(another.scene.owner, 8101, recipient={"name": "News"}, at=NOW)
        page.wait_for_timeout(3000)
        expect(page.locator(".settle input[name=resolution]").first).to_have_value("I have called")
        quiet(seen)
