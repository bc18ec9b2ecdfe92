"""The running day in a real browser: the form, the page, what changes by itself, keys, phone, dark, requests."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import override_settings
from playwright.sync_api import Page, expect

from homestretch.dispatch import actions as dispatch
from homestretch.dispatch.values import StopOutcome
from homestretch.events.clock import set_clock
from homestretch.events.scope import scope
from homestretch.kernel.actor import system
from homestretch.kernel.geo import offset
from homestretch.tracking import actions as tracking
from homestretch.tracking import queries
from tests.browser.conftest import Morning
from tests.browser.day import NOW, ORDINARY, PASSWORD
from tests.browser.desk import quiet
from tests.browser.site import a_page, sign_in
from tests.town.places import SQUARE
from tests.town.tracking import bring, halt

CONTRAST = """() => {
  const light = (text) => {
    const most = text.startsWith("color(") ? 1 : 255;  // color(srgb 0.1 0.2 0.3) is what a mix computes to
    const [r, g, b] = text.match(/[\\d.]+/g).map(Number).map((c) => c / most)
      .map((c) => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (node) => {
    for (; node; node = node.parentElement) {
      const color = getComputedStyle(node).backgroundColor;
      if (!/, 0\\)$|transparent/.test(color)) return color;
    }
    return matchMedia("(prefers-color-scheme: dark)").matches ? "rgb(0, 0, 0)" : "rgb(255, 255, 255)";
  };
  const poor = [];
  for (const node of document.querySelectorAll("body *:not(script):not(style):not(title)")) {
    const said = [...node.childNodes].filter((c) => c.nodeType === 3).map((c) => c.textContent.trim()).join("");
    if (!said || node.closest("svg") || !node.getClientRects().length) continue;
    const box = node.getBoundingClientRect();
    if (box.width <= 1 || box.height <= 1) continue;  // said to who does not see
    const [a, b] = [light(getComputedStyle(node).color), light(behind(node))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) poor.push(`${said.slice(0, 30)} ${ratio.toFixed(2)}`);
  }
  return poor;
}"""


def opened(page: Page, morning: Morning, email: str = "") -> Page:
    """The day, live, for the dispatcher."""
    sign_in(page, email or morning.scene.email, PASSWORD)
    expect(page.locator("#line")).to_have_text("Live")
    return page


def test_a_dispatcher_signs_in_and_sees_the_crowded_day(morning: Morning) -> None:
    with a_page(morning.browser, morning.site) as (page, seen):
        opened(page, morning)
        expect(page).to_have_title("Saint-Aubin Vans · today")
        expect(page.get_by_role("heading", level=1)).to_contain_text("Monday, 23 November 2026")
        expect(page.locator(".routes li")).to_have_count(4)
        assert page.locator("#map .stop").count() == 33
        assert page.locator("#map .vehicle").count() == 4
        expect(page.locator("#map .vehicle.is-silent")).to_have_count(1)
        expect(page.locator("#exceptions")).to_contain_text("Recipient absent")
        quiet(seen)


def test_a_wrong_password_opens_nothing(morning: Morning) -> None:
    with a_page(morning.browser, morning.site) as (page, seen):
        page.goto("/")
        page.locator("input[name=login]").fill(morning.scene.email)
        page.locator("input[name=password]").fill("not this one")
        page.locator("input[name=password]").press("Enter")
        expect(page.locator(".errorlist")).to_be_visible()
        page.goto("/panel")
        assert "Saint-Aubin" not in page.content()
        assert seen.elsewhere == []


def test_a_tap_shows_without_a_reload(morning: Morning) -> None:
    road = morning.scene.roads[1]
    stop = road.stops[ORDINARY.done[1]]
    with a_page(morning.browser, morning.site) as (page, seen):
        opened(page, morning)
        page.evaluate("window.stayed = true")
        row = page.locator(".routes li").filter(has_text="Jonas Weber")  # trouble stands first: rows change places
        expect(row).to_contain_text("5/8")
        at = NOW + timedelta(minutes=1)
        dispatch.complete_stop(stop.id, StopOutcome(left_with="neighbor"), by=road.driver, at=at)
        expect(row).to_contain_text("6/8")
        assert page.evaluate("window.stayed") is True
        quiet(seen)


def test_a_position_moves_its_vehicle_without_a_reload(morning: Morning) -> None:
    road = morning.scene.roads[2]
    with scope(road.by):
        (before,) = queries.whereabouts([road.route_id])
    with a_page(morning.browser, morning.site) as (page, seen):
        opened(page, morning)
        vehicle = page.locator(f"#v-{road.route_id}")
        place = vehicle.get_attribute("transform")
        page.evaluate("window.stayed = true")
        at = NOW + timedelta(minutes=2)
        drive(road, at)
        with scope(road.by):
            assert queries.whereabouts([road.route_id])[0].at > before.at
        expect(vehicle).not_to_have_attribute("transform", place or "")
        assert page.evaluate("window.stayed") is True
        quiet(seen)


def drive(road: Any, at: Any) -> None:
    """The van is seen elsewhere at `at`."""
    from homestretch.tracking.models import Duty

    with override_settings(HOMESTRETCH_SIMULATED_CLOCK=True):
        set_clock(at)
    with scope(road.by):
        device = Duty.objects.filter(route_id=road.route_id).values_list("device_id", flat=True).first()
    where = offset(SQUARE, -2500, -900)
    bring(road.by, device, halt(where, at - timedelta(seconds=20), seconds=15), now=at)
    tracking.follow(road.route_id, by=system(road.by.organization_id), at=at)


def test_a_key_skips_to_the_content(morning: Morning) -> None:
    with a_page(morning.browser, morning.site) as (page, _):
        opened(page, morning)
        page.goto("/")
        page.keyboard.press("Tab")
        skip = page.get_by_role("link", name="Skip to content")
        expect(skip).to_be_focused()
        assert skip.bounding_box()["x"] >= 0  # type: ignore[index]
        page.keyboard.press("Enter")
        assert page.url.endswith("#main")


@pytest.mark.parametrize("path", ["/", "/accounts/login/", "/accounts/password/reset/", "/accounts/2fa/", "/nothing"])
def test_a_phone_shows_all_of_it_without_scrolling_sideways(morning: Morning, path: str) -> None:
    with a_page(morning.browser, morning.site, viewport={"width": 390, "height": 844}) as (page, seen):
        if "login" not in path and "reset" not in path:
            opened(page, morning)
        page.goto(path)
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 390, path
        assert not [text for text in seen.console if "Content Security Policy" in text]
        assert seen.elsewhere == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_stands_out_from_what_is_behind_it(morning: Morning, scheme: Any) -> None:
    """WCAG 2.2 AA: 4.5 to 1 for text of ordinary size."""
    with a_page(morning.browser, morning.site, color_scheme=scheme) as (page, _):
        page.goto("/accounts/login/")
        assert page.evaluate(CONTRAST) == []
        opened(page, morning)
        assert page.evaluate(CONTRAST) == []
        for path in (f"/t/{morning.scene.done_link}", f"/t/{morning.scene.next_link}", "/nothing-here"):
            page.goto(path)
            assert page.evaluate(CONTRAST) == [], path


def test_an_empty_day_says_what_to_do_and_shows_nothing_of_the_neighbors(morning: Morning) -> None:
    with a_page(morning.browser, morning.site) as (page, seen):
        opened(page, morning, morning.nobody["dispatcher"])
        expect(page.locator("main")).to_contain_text("No route on the road")
        assert "Sprinter" not in page.content()
        quiet(seen)


def test_names_with_markup_are_shown_as_text(morning: Morning) -> None:
    from homestretch.accounts import actions as accounts

    owner = system(morning.scene.owner.organization_id)
    name = "<img src=x onerror=alert(1)>"
    with a_page(morning.browser, morning.site) as (page, seen):
        accounts.update_organization({"name": name}, by=owner, at=NOW)
        try:
            sign_in(page, morning.scene.email, PASSWORD)
            expect(page.locator("header")).to_contain_text(name)
            assert page.locator("img[src=x]").count() == 0
        finally:
            accounts.update_organization({"name": "Saint-Aubin Vans"}, by=owner, at=NOW)
        assert not [text for text in seen.console if "error" in text]


def test_a_violated_policy_would_be_seen(morning: Morning) -> None:
    """The other tests rest on this: the policy holds, and the console says what it stopped."""
    with a_page(morning.browser, morning.site) as (page, seen):
        page.goto("/accounts/login/")
        page.evaluate(
            "document.head.append(Object.assign(document.createElement('script'), {textContent: 'window.ran = 1'}))"
        )
        page.evaluate("fetch('http://elsewhere.example/').catch(() => 0)")
        assert page.evaluate("window.ran") is None
        assert len([text for text in seen.console if "Content Security Policy" in text]) >= 2
