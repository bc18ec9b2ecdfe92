"""Each page is a screen of the list, and open to everybody who reads by other means."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from playwright.sync_api import Page

from tests.browser.conftest import Morning
from tests.browser.screens import NO_SCREEN, PICTURES, SCREENS, SIZES, Screen
from tests.browser.stages import stages, walk

ROOT = Path(__file__).parents[2]
AXE = ROOT / "frontend/node_modules/axe-core/axe.min.js"
DOORS = ("console", "track", "driver")
MOST_BYTES = 20_000_000  # of all pictures of screens together
WAYS: dict[str, dict[str, Any]] = {  # how a screen is looked at, beside its own size
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "zoomed": {"viewport": {"width": 700, "height": 500}, "device_scale_factor": 2},  # 1400 x 1000 at 200 %
    "phone": SIZES["phone"],
}
RUN_AXE = """async () => (await axe.run(document)).violations.flatMap((found) => found.nodes.map(
  (node) => `${found.id}: ${node.target.join(" ")}: ${node.failureSummary.replaceAll("\\n", " ")}`))"""


def test_every_page_is_a_screen() -> None:
    listed = {screen.route for screen in SCREENS} | NO_SCREEN.keys()
    addresses = set(_names(get_resolver().url_patterns))
    assert sorted(addresses - listed) == []
    assert sorted(NO_SCREEN.keys() - addresses) == [], "no such address"


def _names(patterns: list[Any]) -> Iterator[str]:
    """The names of the addresses below our doors to people."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _names(pattern.url_patterns)
        elif isinstance(pattern, URLPattern) and pattern.name:
            module = getattr(pattern.callback, "__module__", "")
            if any(f".doors.{door}" in module for door in DOORS):
                yield pattern.name


def test_no_two_screens_have_one_name() -> None:
    names = [screen.name for screen in SCREENS]
    assert len(names) == len(set(names))


def test_each_screen_has_its_pictures_in_each_state_size_and_theme() -> None:
    """Where this fails: `make screenshots`, with `ARGS="--only NAME"` for the new screen alone."""
    files = list((ROOT / PICTURES).iterdir())
    assert {file.name for file in files} == {name for screen in SCREENS for name in screen.pictures()}
    assert sum(file.stat().st_size for file in files) <= MOST_BYTES


@pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed: make install, where npm's registry is reached")
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("state", ["empty", "ordinary"])
def test_no_screen_shuts_anybody_out(morning: Morning, state: str, way: str) -> None:
    """axe finds nothing; and nothing but a table or a map is wider than the window."""
    stage = stages(morning.scene, morning.nobody)[state]
    screens = [screen for screen in SCREENS if state in screen.states]
    options = {"reduced_motion": "reduce", **WAYS[way]}
    assert _shut(walk(morning.browser, morning.site, screens, stage, **options)) == []


@pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed: make install, where npm's registry is reached")
def test_no_screen_shuts_out_who_reads_from_right_to_left(morning: Morning) -> None:
    stage = stages(morning.scene, morning.nobody)["ordinary"]
    screens = [screen for screen in SCREENS if screen.who]
    assert _shut(walk(morning.browser, morning.site, screens, stage, reduced_motion="reduce"), "rtl") == []


def _shut(walked: Iterable[tuple[Screen, Page]], direction: str = "") -> list[str]:
    """What is wrong, after each screen's name."""
    found = []
    for screen, page in walked:
        if direction:
            page.evaluate("(to) => { document.documentElement.dir = to }", direction)
        found += [f"{screen.name} {said}" for said in _violations(page)]
    return found


def _violations(page: Page) -> list[str]:
    page.evaluate(AXE.read_text())  # not a script of the page: the policy would not let it in
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [*page.evaluate(RUN_AXE), *([f"{wide} px wider than the window"] if wide > 0 else [])]
