"""A vehicle is loaded at the depot: by a scanner that types, and by taps; what is wrong is loud."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import Morning
from tests.browser.day import NOW, PASSWORD
from tests.browser.site import a_page, sign_in
from tests.town.dispatch import a_road
from tests.town.orders import an_order


def test_a_vehicle_is_loaded_by_scans_and_taps(another: Morning) -> None:
    by = another.scene.owner
    orders = [an_order(by, number, task={"packages": [f"BOX-{number}"]}, at=NOW) for number in (701, 702, 703)]
    road = a_road(by, orders=orders, at=NOW)
    depot = road.route.shift.start_depot_id
    tablet = {"viewport": {"width": 820, "height": 1180}, "has_touch": True}
    with a_page(another.browser, another.site, **tablet) as (page, seen):
        sign_in(page, another.scene.email, PASSWORD)
        page.goto(f"/load/{depot}/{road.route_id}")
        page.evaluate("window.stayed = true")
        rows = page.locator(".parcels li")
        expect(rows).to_have_count(3)
        expect(rows.first).to_contain_text("BOX-703")
        expect(page.locator("#code")).to_be_focused()
        page.keyboard.type("BOX-703")  # as a scanner does
        page.keyboard.press("Enter")
        expect(page.locator(".said")).to_contain_text("Stop 3")
        expect(page.locator("#code")).to_be_focused()
        page.keyboard.type("BOX-999")
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_contain_text("Not today")
        page.get_by_role("button", name="Load BOX-702").tap()
        expect(page.locator(".said")).to_contain_text("Stop 2")
        page.get_by_role("button", name="What is left (1) is missing").tap()
        expect(page.get_by_text("All settled, 1 missing.")).to_be_visible()
        assert page.evaluate("window.stayed") is True
        assert seen.elsewhere == []
        assert seen.failed == []
        assert seen.console == []


def test_a_scanner_that_does_not_wait_loses_no_scan(another: Morning) -> None:
    by = another.scene.owner
    boxes = [f"FAST-{number}" for number in range(811, 819)]
    orders = [an_order(by, 800 + n, task={"packages": [box]}, at=NOW) for n, box in enumerate(boxes, start=11)]
    road = a_road(by, orders=orders, at=NOW)
    depot = road.route.shift.start_depot_id
    with a_page(another.browser, another.site) as (page, _):
        sign_in(page, another.scene.email, PASSWORD)
        page.goto(f"/load/{depot}/{road.route_id}")
        expect(page.locator(".parcels li")).to_have_count(8)
        page.route("**/scan", lambda route: route.abort())
        for box in boxes[:4]:
            page.keyboard.type(box)
            page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_contain_text("No connection")
        page.unroute("**/scan")
        for box in boxes[4:]:
            page.keyboard.type(box)
            page.keyboard.press("Enter")
        expect(page.get_by_text("All on board.")).to_be_visible(timeout=20_000)
        expect(page.locator("#code")).to_have_value("")
