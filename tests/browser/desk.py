"""A dispatcher's hands in a browser: what the journeys and the tests of single screens do alike."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Locator, Page, expect

from homestretch.events.scope import scope
from homestretch.plans import queries as plans
from tests.browser.site import Seen
from tests.town.fleet import DAY

DRAWING = "GL Driver Message"  # Chromium on software GL about its own speed: no word of the page


def quiet(seen: Seen) -> None:
    """The page said nothing in the console (a violated policy is said there), and asked nobody else."""
    assert [text for text in seen.console if DRAWING not in text] == []
    assert seen.elsewhere == []
    assert seen.failed == []


def tab_to(page: Page, selector: str, most: int = 60) -> None:
    """By the key alone."""
    for _ in range(most):
        if page.evaluate("(to) => document.activeElement?.matches(to)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} is not reached by the Tab key")


def rows(owner: Any) -> dict[str, list[str]]:
    """The standing revision's routes: visits by shift."""
    with scope(owner):
        row = plans.plans(DAY).order_by("-created_at").first()
        view = plans.revision(row.id)
        return {str(route.shift_id): [stop.visit for stop in route.stops] for route in view.routes}


def at_revision(page: Page, number: int) -> None:
    """The board shows it."""
    expect(page.locator(".b-state")).to_contain_text(f"revision {number}")


def walk_to(page: Page, shift: str, number: int) -> None:
    """To a stop of a route of the timeline, by keys alone."""
    page.keyboard.press("3")
    expect(page.locator(".b-time-scroll")).to_be_focused()
    page.keyboard.press("Control+Home")
    while page.locator(".b-time-row.is-active").get_attribute("data-shift") != shift:
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Home")
    for _ in range(number):
        page.keyboard.press("ArrowRight")


def row_of(page: Page, shift: str) -> Locator:
    """A route's row in the timeline."""
    return page.locator(f".b-time-row[data-shift='{shift}']")


def dragged(page: Page, source: str, target: str) -> None:
    """The first stop of a route is carried into another's row; it hangs there, and is not dropped yet."""
    row_of(page, source).click(position={"x": 40, "y": 15})
    page.locator(".b-time-scroll").press("Home")
    cell, to = page.locator(".b-cell").first.bounding_box(), row_of(page, target).bounding_box()
    assert cell and to
    page.mouse.move(cell["x"] + cell["width"] / 2, cell["y"] + cell["height"] / 2)
    page.mouse.down()
    page.mouse.move(cell["x"] + 30, to["y"] + 18, steps=5)
    expect(page.locator(".b-carried .b-figures")).to_contain_text("km")


def ends(page: Page, routes: dict[str, list[str]]) -> tuple[str, str]:
    """The shifts in the timeline with the most and with the fewest stops."""
    shifts = page.locator(".b-time-row").evaluate_all("(rows) => rows.map((row) => row.dataset.shift)")
    by_size = sorted(shifts, key=lambda shift: len(routes.get(shift, ())))
    return by_size[-1], by_size[0]
