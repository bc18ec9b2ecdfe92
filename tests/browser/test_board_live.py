"""The board beside others and on the road: who is here, whose stops are kept, what a fact changes, who is silent."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from playwright.sync_api import expect

from homestretch.dispatch import actions as dispatch
from homestretch.dispatch import queries as driven
from homestretch.dispatch.values import StopOutcome
from homestretch.events.scope import scope
from homestretch.kernel.ids import uuid7
from homestretch.plans import actions as plans
from homestretch.plans import queries
from tests.browser.conftest import Morning
from tests.browser.day import NOW, PASSWORD, with_password
from tests.browser.site import a_page, sign_in
from tests.town.accounts import a_member, an_organization, owner_of
from tests.town.fleet import DAY, a_fleet
from tests.town.orders import orders
from tests.town.places import AT
from tests.work import run_jobs

SOON = 5_000  # milliseconds: before presence is asked for again


def test_a_fact_is_laid_on_its_route_and_a_silent_vehicle_says_for_how_long(another: Morning) -> None:
    """The whole day is read once: what a driver did comes with the route alone."""
    scene = another.scene
    road = next(road for road in scene.roads if [stop.state for stop in road.stops].count("planned") > 1)
    with a_page(another.browser, another.site) as (page, seen):
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url) if "/api/v1/board" in request.url else None)
        sign_in(page, scene.email, PASSWORD)
        page.goto(f"/board/{DAY}")
        expect(page.locator(".b-line")).to_have_text("Live")
        expect(page.locator(".b-route .b-silent")).to_have_text(re.compile(r"silent \d+ (min|h)"))
        expect(page.locator(".b-time-row .b-silent")).to_have_count(1)
        row = page.locator(f'.b-route[data-shift="{road.shift.id}"]')
        before = row.locator(".b-route-more").inner_text()
        whole = len(asked)
        stop = next(stop for stop in road.stops if stop.state in {"planned", "en_route", "arrived"})
        with page.expect_response(lambda answer: f"/board/routes?day={DAY}&route_id={road.route_id}" in answer.url):
            dispatch.complete_stop(stop.id, StopOutcome(left_with="recipient"), by=road.driver, at=NOW)
        expect(row.locator(".b-route-more")).not_to_have_text(before)
        assert not [url for url in asked[whole:] if "/board?" in url]
        assert not [line for line in seen.console if line.startswith("error")]


def test_who_comes_and_goes_shows_at_once_and_a_route_is_kept_with_its_driver(morning: Morning) -> None:
    organization = an_organization("Kept Vans")
    owner = owner_of(organization)
    a_fleet(owner, vehicles=2)
    orders(owner, 6)
    plan = plans.ask(DAY, [], options={"seconds": 1}, by=owner, at=AT)
    run_jobs()
    anna = a_member(organization, "dispatcher")
    with a_page(morning.browser, morning.site) as (page, seen):
        sign_in(page, with_password(a_member(organization, "dispatcher")), PASSWORD)
        page.goto(f"/board/{DAY}")
        expect(page.locator(".b-line")).to_have_text("Live")
        tab = uuid7()
        plans.say_present(DAY, tab, [], name="Anna Thill", by=anna, at=datetime.now(UTC))
        expect(page.locator(".b-people li")).to_have_text(["AT"], timeout=SOON)
        plans.say_gone(tab, by=anna)
        expect(page.locator(".b-people li")).to_have_count(0, timeout=SOON)
        row = page.locator(".b-route").first
        row.locator(".b-route-main").click()
        keep = row.get_by_role("button", name="Keep these stops with")
        keep.click()
        expect(row.get_by_role("button", name="stops go to others")).to_have_attribute("aria-pressed", "true")
        shift = row.get_attribute("data-shift")
        with scope(owner):
            drawn = queries.drawn(queries.plan_lines(DAY)[0])
        assert drawn is not None
        assert drawn.plan.id == plan.id
        assert [(lock["kind"], lock["shift"]) for lock in drawn.locks] == [("driver", shift)]
        page.locator(".b-time-scroll").focus()
        page.keyboard.press("Shift+K")
        expect(keep).to_have_attribute("aria-pressed", "false")
        assert not [line for line in seen.console if line.startswith("error")]


def test_a_route_on_the_road_is_opened_by_its_key_and_its_driver_is_told_something(another: Morning) -> None:
    """Planned against driven stands beside it; the words are on the route sheet; calling it home asks twice."""
    scene = another.scene
    road = next(road for road in scene.roads if any(stop.state == "planned" for stop in road.stops))
    with a_page(another.browser, another.site) as (page, seen):
        sign_in(page, scene.email, PASSWORD)
        page.goto(f"/board/{DAY}")
        expect(page.locator(".b-line")).to_have_text("Live")
        page.locator(f'.b-route[data-shift="{road.shift.id}"] .b-route-main').click()
        page.keyboard.press("r")
        side = page.locator(".b-side")
        expect(side.locator(".facts")).to_contain_text(re.compile(r"[\d.]+ km driven, [\d.]+ km planned"))
        expect(side.locator(".facts")).to_contain_text("done")
        side.get_by_label("Message").fill("The second gate is open today.")
        side.get_by_role("button", name="Send").click()
        expect(side.get_by_role("list", name="Said to the driver")).to_contain_text("The second gate is open today.")
        expect(side.locator(".facts")).to_contain_text("has not fetched the newest route yet")
        with scope(road.driver):
            assert [row.text for row in driven.driver_messages(road.route_id)] == ["The second gate is open today."]
        home = side.get_by_role("button", name="Call it home…")
        home.click()
        expect(side.get_by_role("button", name="Really call it home")).to_be_visible()
        page.locator(".b-side-head h2").click()
        expect(home).to_be_visible()
        assert not [line for line in seen.console if line.startswith("error")]


def test_a_change_on_the_road_says_what_it_comes_to_before_it_is_made(another: Morning) -> None:
    """By the server's clock, with its cost; taken back, nothing has changed."""
    scene = another.scene
    road = next(road for road in scene.roads if [stop.state for stop in road.stops].count("planned") > 1)
    last = [stop for stop in road.stops if stop.state == "planned"][-1]
    before = road.route.version
    with a_page(another.browser, another.site) as (page, seen):
        sign_in(page, scene.email, PASSWORD)
        page.goto(f"/board/{DAY}")
        expect(page.locator(".b-line")).to_have_text("Live")
        page.evaluate("id => { homestretchBoard.store.panel.value = { kind: 'move', ids: [id] } }", str(last.id))
        dialog = page.locator("dialog.b-move")
        place = dialog.get_by_label("Place")
        with page.expect_response(lambda answer: "/board/preview" in answer.url) as told:
            place.select_option(index=0)
        assert told.value.status == 200, told.value.text()
        expect(dialog.locator(".b-figures li").first).to_have_text(re.compile(r"km$"))
        expect(dialog.locator(".b-figures")).to_contain_text(re.compile(r"[€$£]"))
        expect(dialog.locator(".b-figures")).not_to_contain_text("an estimate")
        dialog.get_by_role("button", name="Cancel").click()
        assert road.route.version == before
        assert not [line for line in seen.console if line.startswith("error")]
