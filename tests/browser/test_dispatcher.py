"""A dispatcher's day in one go: 300 orders come in, places are fixed, the plan is made, changed by mouse, by keys and
by clicks, taken back and released; a driver's device says that a stop failed, and the dispatcher handles it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.test import override_settings
from playwright.sync_api import Page, expect

from homestretch.dispatch import queries as dispatch
from homestretch.events.clock import set_clock
from homestretch.events.scope import scope
from homestretch.kernel.actor import Actor
from homestretch.kernel.geo import offset
from homestretch.kernel.ids import uuid7
from homestretch.orders import queries as orders
from homestretch.orders.values import Sought
from homestretch.recovery import queries as recovery
from homestretch.wiring.demo.processes import Process
from tests.browser.conftest import Morning
from tests.browser.day import PASSWORD, with_password
from tests.browser.desk import at_revision, dragged, ends, quiet, row_of, rows, walk_to
from tests.browser.site import Site, a_page, a_site, sign_in
from tests.town.accounts import a_member, a_phone, an_organization, owner_of
from tests.town.fleet import DAY, a_fleet
from tests.town.places import SQUARE

DAWN = datetime(2026, 11, 23, 5, 30, tzinfo=UTC)  # half past six, where they are
ROWS, VANS = 300, 12
WRONG = {7: "contact.phone_invalid", 70: "window.ends_before_start", 170: "cell.not_number"}
AMBIGUOUS, NOWHERE = 20, 220
SOLVED_MS, ROAD_MS = 240_000, 60_000
HEAD = "Order no;Customer;Mobile;Street;Town;Breite;Länge;Delivery date;From;To;Weight kg;Pieces"


@dataclass
class Office:
    """Where the dispatcher works: its owner acts for what needs no screen."""

    owner: Actor
    email: str
    site: Site


@pytest.fixture
def office(morning: Morning, committed: Any, tmp_path: Path) -> Iterator[Office]:
    """A company at dawn with vans, drivers and no order; its web process and its worker."""
    with a_clock(DAWN):
        organization = an_organization("Dawn Vans", at=DAWN)
        owner = owner_of(organization)
        a_fleet(owner, vehicles=VANS, at=DAWN)
        email = with_password(a_member(organization, "dispatcher", at=DAWN))
    with a_site(committed, tmp_path, HOMESTRETCH_BLOBS=str(tmp_path / "blobs")) as site:
        worker = Process("worker", ["work"], site.environment, tmp_path / "worker.log")
        worker.start()
        try:
            yield Office(owner, email, site)
        finally:
            worker.stop()
            print(worker.log.read_text()[-6000:])  # shown where the test failed


@contextmanager
def a_clock(at: datetime) -> Iterator[None]:
    """The simulated clock, put to `at` for all."""
    with override_settings(HOMESTRETCH_SIMULATED_CLOCK=True):
        set_clock(at)
        yield


@pytest.mark.timeout(1200)
def test_a_dispatchers_day(morning: Morning, office: Office, tmp_path: Path) -> None:
    with a_page(morning.browser, office.site) as (page, seen):
        sign_in(page, office.email, PASSWORD)
        brought_in(page, office, tmp_path)
        places_fixed(page, office)
        planned(page, office)
        by_mouse(page, office)
        by_keys(page, office)
        by_clicks(page, office)
        taken_back(page, office)
        released(page)
        failed_on_the_road(page, office)
        quiet(seen)


def a_file(folder: Path, name: str, *, mended: bool) -> Path:
    """Orders as a shop writes them: three rows that cannot be read, and two addresses that no map knows for sure."""
    lines = [HEAD]
    for number in range(ROWS):
        point = offset(SQUARE, (number % 20 - 10) * 230.0, (number // 20 - 7) * 310.0)
        pin = f"{point.lat:.5f};{point.lon:.5f}" if number not in (AMBIGUOUS, NOWHERE) else ";"
        street = {AMBIGUOUS: "Ambiguous Yard 4", NOWHERE: "Nowhere Lane 5"}.get(number, f"Mill Lane {number + 1}")
        phone, until, weight = f"621 2{number:05}", "16:00", "2,5"
        if not mended:
            phone = "call me" if number == 7 else phone
            until = "08:00" if number == 70 else until
            weight = "heavy" if number == 170 else weight
        lines.append(f"IMP-{number};Ida {number};{phone};{street};Town;{pin};{DAY};09:00;{until};{weight};1")
    path = folder / name
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def brought_in(page: Page, office: Office, folder: Path) -> None:
    """Columns are named, the file is checked, what is good comes in; the mended file brings the rest, none twice."""
    page.get_by_role("link", name="Orders", exact=True).click()
    page.get_by_role("link", name="Import a file").click()
    page.locator("#file").set_input_files(a_file(folder, "monday.csv", mended=False))
    page.get_by_role("button", name="Send the file").click()
    expect(page.get_by_label("Mobile")).to_have_value("phone")
    expect(page.locator("#preview tbody tr")).to_have_count(5)
    page.get_by_label("Customer").select_option("")
    expect(page.locator("#preview tbody tr").first).not_to_contain_text("Ida 0")
    page.get_by_label("Customer").select_option("name")
    expect(page.locator("#preview tbody tr").first).to_contain_text("Ida 0")
    page.get_by_role("button", name=f"Check all {ROWS} rows").click()
    good = ROWS - len(WRONG)
    taken_in(page, good, "monday.csv")
    page.goto("/orders/import")
    page.locator("#file").set_input_files(a_file(folder, "mended.csv", mended=True))
    page.get_by_role("button", name="Send the file").click()
    page.get_by_role("button", name=f"Check all {ROWS} rows").click()
    expect(page.locator(".result").filter(has_text=f"{good} rows are known")).to_be_visible()
    taken_in(page, len(WRONG), "mended.csv")
    with scope(office.owner):
        assert sum(orders.facets(Sought(q="IMP-")).values()) == ROWS


def taken_in(page: Page, count: int, name: str) -> None:
    """Checked, with each wrong row named; then taken in behind the page."""
    expect(page.locator("h2").filter(has_text=f"{count} orders can be taken in")).to_be_visible(timeout=ROAD_MS)
    if count > len(WRONG):
        for row, code in WRONG.items():
            line = page.locator("tr").filter(has_text=code)
            expect(line).to_contain_text(str(row + 2))
    page.get_by_role("button", name=f"Take {count} orders in").click()
    expect(page.locator("h2").filter(has_text=f"{count} orders are in")).to_be_visible(timeout=ROAD_MS)
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)


def places_fixed(page: Page, office: Office) -> None:
    """One of the places that are offered is taken; for the other the coordinates are typed."""
    page.get_by_role("link", name="Places to fix").click()
    expect(page.locator("tbody tr")).to_have_count(2)
    page.get_by_role("link", name="Ambiguous Yard 4").click()
    page.get_by_role("button", name="Take Ambiguous Yard 4").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Nowhere Lane 5")
    page.get_by_label("Latitude", exact=True).fill(f"{SQUARE.lat + 0.002:.5f}")
    page.get_by_label("Longitude", exact=True).first.fill(f"{SQUARE.lon:.5f}")
    page.get_by_role("button", name="Confirm the pin").click()
    expect(page.locator(".notes")).to_contain_text("The pin is set and confirmed")


def planned(page: Page, office: Office) -> None:
    """Asked for by the panel, searched by the worker before one's eyes, drawn without a reload."""
    page.get_by_role("link", name="Board", exact=True).click()
    expect(page.get_by_role("tab", name="Unassigned")).to_contain_text(str(ROWS), timeout=ROAD_MS)
    page.evaluate("window.stayed = true")
    page.get_by_role("button", name="Plan…").click()
    page.get_by_label("Search for").select_option("10")
    page.get_by_role("button", name="Plan", exact=True).click()
    expect(page.locator(".b-progress").first).to_contain_text("Searching", timeout=SOLVED_MS)
    expect(page.locator(".b-state")).to_contain_text("draft · revision 1", timeout=SOLVED_MS)
    expect(page.get_by_role("tab", name="Unassigned")).to_contain_text("0")
    assert page.evaluate("window.stayed") is True
    page.keyboard.press("Escape")
    assert sum(map(len, rows(office.owner).values())) == ROWS


def by_mouse(page: Page, office: Office) -> None:
    """A stop is dragged onto another route: its price is shown beside the pointer, and kept when it is dropped."""
    before = rows(office.owner)
    source, target = ends(page, before)
    dragged(page, source, target)
    assert rows(office.owner) == before
    page.mouse.up()
    at_revision(page, 2)
    assert before[source][0] in rows(office.owner)[target]


def by_keys(page: Page, office: Office) -> None:
    """The first stop goes one place on, by Alt and an arrow; Escape takes back, Enter keeps; one is taken off."""
    before = rows(office.owner)
    shift, _ = ends(page, before)
    visits = before[shift]
    walk_to(page, shift, 0)
    page.keyboard.press("Alt+ArrowRight")
    draft = page.get_by_role("group", name="A change that is not kept yet")
    expect(draft).to_contain_text("km")
    assert rows(office.owner) == before
    page.keyboard.press("Escape")
    expect(draft).to_have_count(0)
    page.keyboard.press("Alt+ArrowRight")
    expect(draft.get_by_role("button", name="Keep")).to_be_enabled()
    page.keyboard.press("Enter")
    at_revision(page, 3)
    assert rows(office.owner)[shift][:2] == [visits[1], visits[0]]
    walk_to(page, shift, 5)
    page.keyboard.press("u")
    expect(draft.get_by_role("button", name="Keep")).to_be_enabled()
    page.keyboard.press("Enter")
    at_revision(page, 4)
    expect(page.get_by_role("tab", name="Unassigned")).to_contain_text("1")
    assert visits[5] not in rows(office.owner)[shift]


def by_clicks(page: Page, office: Office) -> None:
    """What is on no route is chosen in its list, and goes to the best place that is offered."""
    page.get_by_role("tab", name="Unassigned").click()
    page.locator(".b-left-main").click()
    page.get_by_role("toolbar", name="Chosen stops").get_by_role("button", name="Move to…").click()
    dialog = page.get_by_role("dialog")
    dialog.locator(".b-best input").first.check()
    expect(dialog.locator(".b-figures")).to_contain_text("km")
    dialog.get_by_role("button", name="Move", exact=True).click()
    at_revision(page, 5)
    expect(dialog).to_have_count(0)
    assert sum(map(len, rows(office.owner).values())) == ROWS
    page.get_by_role("tab", name="Routes").click()
    row_of(page, ends(page, rows(office.owner))[0]).click(position={"x": 40, "y": 15})


def taken_back(page: Page, office: Office) -> None:
    """Undo twice, redo twice: by key and by button."""
    stands = rows(office.owner)
    page.keyboard.press("Control+z")
    at_revision(page, 6)
    assert rows(office.owner) != stands
    page.get_by_role("button", name="Undo", exact=True).first.click()
    at_revision(page, 7)
    page.keyboard.press("Control+Shift+z")
    at_revision(page, 8)
    page.get_by_role("button", name="Redo", exact=True).click()
    at_revision(page, 9)
    assert rows(office.owner) == stands


def released(page: Page) -> None:
    """With a summary, and what is broken accepted; then the day is live."""
    page.get_by_role("button", name="Release…").click()
    dialog = page.get_by_role("dialog", name="Release this plan")
    expect(dialog).to_contain_text(f"{ROWS} stops")
    if dialog.get_by_role("checkbox").count():
        dialog.get_by_role("checkbox").check()
    dialog.get_by_role("button", name="Release").click()
    expect(page.locator(".b-state")).to_contain_text("released", timeout=ROAD_MS)
    expect(page.get_by_role("button", name="Add order…")).to_be_visible()


def failed_on_the_road(page: Page, office: Office) -> None:
    """Today says what a device reports without being asked, suggests what to do, and does it by one click."""
    page.get_by_role("link", name="Today", exact=True).click()
    expect(page.locator("#line")).to_have_text("Live")
    page.evaluate("window.stayed = true")
    order_id = a_stop_fails(office)
    line = page.locator("#needs-exceptions li")
    expect(line).to_contain_text("Recipient absent", timeout=ROAD_MS)
    assert page.evaluate("window.stayed") is True
    with scope(office.owner):
        assert orders.get_order(order_id).day == DAY
    line.get_by_role("button", name="Try again Tuesday").click()
    expect(page.locator(".notes")).to_contain_text("The order is to be planned for Tuesday, 24 November")
    expect(page.locator("#needs-exceptions")).to_have_count(0)
    with scope(office.owner):
        order = orders.get_order(order_id)
        assert (order.day, order.state) == (DAY + timedelta(days=1), "ready")
        assert [row.resolution for row in recovery.exceptions()] == ["planned again for Tuesday, 24 November"]


def a_stop_fails(office: Office) -> Any:
    """A driver's device says so, by HTTP, when the road has begun; the order that it was for."""
    at = DAWN + timedelta(hours=3)
    with scope(office.owner):
        route = max(dispatch.routes_on(DAY), key=lambda route: route.stops.count())
        stop = dispatch.stops_of(route.id)[0]
        order_id = stop.works.all()[0].order_id
    with a_clock(at):
        token = a_phone(office.owner, route.driver_id, at=at)
    taps = [
        ("accept_route", {"route_id": str(route.id)}),
        ("start_route", {"route_id": str(route.id)}),
        ("arrive", {"stop_id": str(stop.id)}),
        ("fail", {"stop_id": str(stop.id), "reason": "recipient_absent"}),
    ]
    intents = [
        {"id": str(uuid7()), "kind": kind, "counter": number, "at": at.isoformat(), **body}
        for number, (kind, body) in enumerate(taps, 1)
    ]
    headers = {"Authorization": f"Bearer {token}"}
    answer = httpx.post(f"{office.site.url}/api/v1/driver/sync", json={"intents": intents}, headers=headers, timeout=30)
    assert [one["outcome"] for one in answer.json()["outcomes"]] == ["applied"] * len(taps), answer.text
    return order_id
