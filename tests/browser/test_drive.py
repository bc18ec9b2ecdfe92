"""A driver's day in Chromium: most of it without a network; and what a phone keeps and forgets."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from homestretch.dispatch import actions as dispatch
from homestretch.dispatch import queries
from homestretch.events.scope import scope
from homestretch.kernel.actor import system
from tests.browser.conftest import Morning
from tests.browser.drive import (
    ASKED,
    PIN_AT,
    TOGETHER_AT,
    Drive,
    a_drive,
    a_driver_phone,
    do,
    sign_in,
)
from tests.browser.site import Site, a_site

STOPS, OFF_FROM = 40, 5
FAILS, SKIPPED, PARTIAL = {7: "recipient_absent", 19: "refused"}, 9, TOGETHER_AT
NEW_SAFE = """() => {
  const said = document.querySelector(".safe")?.dataset.safe;
  if (!said || said === window.saidBefore) return false;
  window.saidBefore = said;
  return true;
}"""
SIGN = """(canvas) => {
  const box = canvas.getBoundingClientRect();
  const at = (type, x, y, buttons) => canvas.dispatchEvent(new PointerEvent(type, {
    bubbles: true, pointerId: 1, pointerType: "touch", isPrimary: true, buttons, pressure: 0.5,
    clientX: box.left + x, clientY: box.top + y }));
  at("pointerdown", 30, 60, 1);
  for (let i = 1; i < 12; i++) at("pointermove", 30 + i * 14, 60 + (i % 2) * 30, 1);
  at("pointerup", 200, 60, 0);
}"""


@pytest.fixture(scope="module")
def site(morning: Morning, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The same database behind the real clock: a phone knows no other."""
    with a_site(morning.site, tmp_path_factory.mktemp("drive"), HOMESTRETCH_CLOCK="real") as site:
        yield site


def begin(page: Page, drive: Drive) -> None:
    """Sign in, accept, load, start."""
    sign_in(page, drive.code())
    do(page, "accept")
    do(page, "load")
    do(page, "all-here")
    expect(page.locator(".loads [data-state=on_board]")).not_to_have_count(0)
    do(page, "start")
    expect(page.locator("[data-do=open-next]")).to_be_visible()


def outcome(page: Page, number: int) -> int:
    """What happens at a stop, through the screens; returns how many taps it took."""
    do(page, "open-next")
    expect(page.locator(".stop-head .big")).to_have_text(str(number))
    if number in FAILS:
        do(page, "fail")
        page.locator(f"[data-choice={FAILS[number]}]").click()
        do(page, "save-photo")
        return kept(page, 3)
    do(page, "done")
    asked, taps = ASKED.get(number, []), 2
    if number == PIN_AT:
        page.locator("input[name=pin]").fill("4711")
    if "scan" in asked:
        do(page, "scan")
        page.locator(".typed input").fill(f"hs{number:03}a")
        page.locator(".typed button").click()
        expect(page.locator("dialog")).to_have_count(0)
    if "photo" in asked:
        do(page, "shutter")
        expect(page.locator(".photo img")).to_be_visible(timeout=30_000)  # a camera takes its time to open
        taps += 1
    if "signature" in asked:
        page.locator(".signature canvas").evaluate(SIGN)
    if "name" in asked:
        page.locator("input[name=who]").fill("R. Keller")
    if number == PARTIAL:
        page.locator(".scans li button").nth(1).click()
    do(page, "save")
    return kept(page, taps)


def kept(page: Page, taps: int) -> int:
    """It says that it is safe here before it goes on to the day."""
    page.wait_for_function(NEW_SAFE)
    page.wait_for_function("() => location.hash === '#/'")
    return taps


def sent(page: Page) -> None:
    page.goto("/drive/#/out")
    do(page, "read") if page.locator("[data-do=read]").count() else None
    expect(page.locator("main .notice.is-good")).to_be_visible(timeout=60_000)
    page.goto("/drive/#/")


@pytest.mark.timeout(600)
def test_a_day_without_a_network_from_the_fifth_stop_to_the_fortieth(morning: Morning, site: Site) -> None:
    drive = a_drive(STOPS)
    with a_driver_phone(morning.browser, site.url) as page:
        begin(page, drive)
        for number in range(1, OFF_FROM):
            assert outcome(page, number) <= 3
        sent(page)
        page.context.set_offline(True)
        skipped = [number for number in range(OFF_FROM, STOPS + 1) if number != SKIPPED]
        for number in skipped:
            if number == SKIPPED + 1:
                put_off(page)
            if number == 12:
                page.reload()  # the app opens without a network
                expect(page.locator(".status.is-off, .status.is-waiting")).to_be_visible()
            if number == 22:
                do(page, "more")
                do(page, "break")
                do(page, "break-end")
            assert outcome(page, number) <= 3, number
        assert outcome(page, SKIPPED) <= 3
        assert {stop.state for stop in drive.stops()[OFF_FROM:]} == {"planned"}, "nothing can have been sent"
        page.context.set_offline(False)
        sent(page)
        as_it_was_said(drive)
        evening(page, drive)


def put_off(page: Page) -> None:
    do(page, "open-next")
    do(page, "more")
    do(page, "skip")


def as_it_was_said(drive: Drive) -> None:
    """The server has each outcome, each proof once, and each picture whole."""
    states = [stop.state for stop in drive.stops()]
    for number, state in enumerate(states, start=1):
        wanted = "failed" if number in FAILS else "partial" if number == PARTIAL else "completed"
        assert state == wanted, number
    pictures = drive.pictures()
    photos = sum(kind in {"photo", "signature"} for kinds in ASKED.values() for kind in kinds)
    proofs = [proof for same in pictures.values() for proof in same]  # the test picture may come twice, alike
    assert len(proofs) == len({proof.stop_id for proof in proofs}) == photos + len(FAILS)
    for proof in proofs:
        assert proof.blob is not None
        assert proof.blob.sha256 == proof.declared_sha256
    with scope(drive.road.by):
        assert queries.package_balance(drive.road.route_id)["on_board"] == 3  # two came back, one was collected


def evening(page: Page, drive: Drive) -> None:
    """The balance, the end of the shift, and nothing of anybody left on the phone."""
    do(page, "end")
    expect(page.locator("[data-do=finish]")).to_be_disabled()
    do(page, "all-back")
    expect(page.locator(".sums dd").nth(3)).to_have_text("0")
    do(page, "finish")
    expect(page.locator(".empty")).to_contain_text("38 of 40")
    sent(page)
    assert drive.road.route.state == "finished"
    with scope(drive.road.by):
        balance = queries.package_balance(drive.road.route_id)
    assert (balance["collected"], balance["returned"], balance["on_board"]) == (1, 3, 0)
    assert names_in(page)["kept"] == ["over", "phone", "said"]
    assert "Keller" not in page.content()
    do(page, "me")
    do(page, "sign-out")
    do(page, "out-now")
    expect(page.locator("input[name=code]")).to_be_visible()
    assert {name for name, rows in names_in(page).items() if rows} <= {"device"}


def names_in(page: Page) -> dict[str, list[Any]]:
    """The stores of the phone's database, and the names of their rows."""
    found: dict[str, list[Any]] = page.evaluate(
        """async () => {
          const db = await new Promise((done) => {
            indexedDB.open("homestretch-drive").onsuccess = (e) => done(e.target.result) });
          const rows = {};
          for (const name of db.objectStoreNames) rows[name] = await new Promise((done) => {
            db.transaction(name).objectStore(name).getAll().onsuccess =
              (e) => done(e.target.result.map((row) => row?.name ?? row?.id ?? "row")) });
          db.close();
          return rows;
        }"""
    )
    return {name: sorted(map(str, rows)) for name, rows in found.items()}


def test_what_the_office_changed_meanwhile_is_shown_beside_what_was_done(morning: Morning, site: Site) -> None:
    drive = a_drive(4, name="Conflict Vans")
    with a_driver_phone(morning.browser, site.url) as page:
        begin(page, drive)
        sent(page)
        page.context.set_offline(True)
        do(page, "open-next")
        do(page, "fail")
        page.locator("[data-choice=refused]").click()
        do(page, "save")
        expect(page.locator(".safe")).to_be_visible()
        first = drive.stops()[0]
        from homestretch.dispatch.values import StopOutcome

        by, at = system(drive.road.by.organization_id), datetime.now(UTC)
        dispatch.complete_stop(first.id, StopOutcome(left_with="neighbor"), by=by, at=at)
        page.context.set_offline(False)
        page.goto("/drive/#/out")
        card = page.locator(".conflict", has_text="Not done")
        expect(card).to_contain_text("Refused")
        expect(card.locator("dd").nth(1)).to_have_text("Done")
        page.reload()  # it stays until it was read
        expect(page.locator(".conflict")).not_to_have_count(0)
        for _ in range(page.locator(".conflict").count()):
            do(page, "read")
        expect(page.locator(".conflict")).to_have_count(0)


def test_a_changed_route_is_shown_until_the_driver_says_to_have_read_it_also_without_a_network(
    morning: Morning, site: Site
) -> None:
    """In a language that is written from right to left."""
    drive = a_drive(4, name="Change Vans")
    with a_driver_phone(morning.browser, site.url, locale="ar") as page:
        begin(page, drive)
        sent(page)
        first, second, *others = [stop.id for stop in drive.stops()]
        with scope(drive.road.by):
            gone = queries.stop(second).works.get().task_id
        now = datetime.now(UTC)
        dispatch.remove_task(drive.road.route_id, gone, by=drive.road.by, at=now)
        dispatch.resequence(drive.road.route_id, [*others, first], by=drive.road.by, at=now)
        page.reload()
        card = page.locator("[data-changed]")
        expect(card).to_be_visible(timeout=60_000)
        assert {one.get_attribute("data-changed-stop") for one in card.locator("[data-changed-stop]").all()} >= {
            str(first),
            str(second),
        }
        assert page.evaluate("document.documentElement.dir") == "rtl"
        page.context.set_offline(True)
        button = page.locator("[data-do=read-changes]")
        assert button.bounding_box()["height"] >= 48
        button.click()
        expect(card).to_have_count(0)
        page.reload()
        expect(page.locator("[data-do=open-next]")).to_be_visible()
        expect(card).to_have_count(0)
        page.context.set_offline(False)
        sent(page)
        expect(card).to_have_count(0)
    with scope(drive.road.by):
        route = queries.route(drive.road.route_id)
        assert (route.changed_at, route.read_by) == (None, str(drive.road.driver))


def test_a_stop_that_seems_left_is_done_in_one_tap_or_not_asked_again(morning: Morning, site: Site) -> None:
    drive = a_drive(4, name="Left Vans")
    by = system(drive.road.by.organization_id)
    with a_driver_phone(morning.browser, site.url) as page:
        begin(page, drive)
        sent(page)
        photo, plain, lasting = drive.stops()[:3]
        for stop in (photo, plain, lasting):
            dispatch.arrive_stop(stop.id, seen_by="geofence", by=by, at=datetime.now(UTC))
            dispatch.depart_stop(stop.id, by=by, at=datetime.now(UTC))
        page.reload()
        expect(page.locator("[data-left]")).to_have_count(3)
        expect(page.locator(f"[data-left='{plain.id}']")).to_contain_text("You seem to have left")
        page.locator(f"[data-left='{lasting.id}'] [data-do=not-left]").click()
        page.locator(f"[data-left='{plain.id}'] [data-do=left-done]").click()
        expect(page.locator("[data-left]")).to_have_count(1)
        sent(page)
        assert [stop.state for stop in drive.stops()[:3]] == ["arrived", "completed", "arrived"]
        page.reload()
        page.locator(f"[data-left='{photo.id}'] [data-do=left-done]").click()
        expect(page.locator("[data-do=shutter]")).to_be_visible()  # it asks for a photo, so it is not done by a tap
        page.goto("/drive/#/")
        expect(page.locator("[data-left]")).to_have_count(1)


def test_what_waits_at_sign_out_stays_sealed_and_goes_when_the_same_driver_is_back(
    morning: Morning, site: Site
) -> None:
    drive, other = a_drive(3, name="Sealed Vans"), a_drive(1, name="Other Vans")
    with a_driver_phone(morning.browser, site.url) as page:
        begin(page, drive)
        sent(page)
        page.context.set_offline(True)
        outcome(page, 1)
        do(page, "more")
        do(page, "me")
        do(page, "sign-out")
        expect(page.locator("dialog")).to_contain_text("Not sent yet")
        do(page, "out-now")
        expect(page.locator(".notice.is-info")).to_contain_text("Sealed on this phone")
        page.context.set_offline(False)
        sign_in(page, other.code())
        sent(page)
        assert drive.stops()[0].state == "planned"
        page.goto("/drive/#/me")
        do(page, "sign-out")
        do(page, "out-now")
        expect(page.locator("input[name=code]")).to_be_visible()
        page.goto("about:blank")
        sign_in(page, drive.code())
        sent(page)
        assert drive.stops()[0].state == "completed"


def test_a_phone_that_the_office_shuts_out_locks_itself(morning: Morning, site: Site) -> None:
    from datetime import UTC, datetime

    from homestretch.accounts import actions as accounts

    drive = a_drive(2, name="Shut Vans")
    with a_driver_phone(morning.browser, site.url) as page:
        begin(page, drive)
        sent(page)
        accounts.revoke_devices_of(drive.driver_id, by=drive.road.by, at=datetime.now(UTC))
        page.goto("/drive/#/out")
        page.locator(".foot .button").click()
        expect(page.locator(".notice.is-warn")).to_contain_text("signed this phone out")
        assert names_in(page)["kept"] == []


def test_without_https_it_says_why_it_does_not_start(morning: Morning, site: Site) -> None:
    with a_driver_phone(morning.browser, site.url, locale="de-DE") as page:
        page.add_init_script("Object.defineProperty(window, 'isSecureContext', { value: false })")
        page.goto("/drive/")
        expect(page.locator("[data-unsafe]")).to_contain_text("nicht sicher")
        expect(page.locator("a.button")).to_have_attribute("href", f"{site.url.replace('http:', 'https:')}/drive/")


@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("fr", "ltr"), ("de", "ltr"), ("ar", "rtl")])
def test_targets_are_large_and_nothing_is_wider_than_the_phone(
    morning: Morning, site: Site, language: str, direction: str
) -> None:
    drive = a_drive(3, name=f"Sizes {language}")
    with a_driver_phone(morning.browser, site.url, locale=language, viewport={"width": 360, "height": 740}) as page:
        begin(page, drive)
        stop = drive.stops()[0].id
        assert page.evaluate("document.documentElement.dir") == direction
        for path in ("", "load", f"stop/{stop}", f"stop/{stop}/done", f"stop/{stop}/fail", "end", "out", "me"):
            page.goto(f"/drive/#/{path}")
            page.locator("main").wait_for()
            assert page.evaluate("document.documentElement.scrollWidth") <= 360, path
            small = page.evaluate(
                """() => [...document.querySelectorAll("button, a, input:not([type=checkbox]):not([hidden]), select")]
                  .map((one) => [one.textContent || one.name, one.getBoundingClientRect()])
                  .filter(([, box]) => box.height > 0 && (box.height < 48 || box.width < 44)).map(([name]) => name)"""
            )
            assert small == [], path
