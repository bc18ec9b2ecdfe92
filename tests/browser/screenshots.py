"""`make screenshots`: pictures of all screens (`screens.py`: each state, size and theme) and of the maps, into
docs/images. Maps are drawn of the extracts that are there (HOMESTRETCH_DATA) and of the invented town."""

from __future__ import annotations

import argparse
import fnmatch
import io
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from typing import Any

from PIL import Image

from homestretch.wiring import embedded
from tests import chromium, databases

IMAGES = Path("docs/images")
QUALITY = 45  # of WebP: letters stay sharp, and a screen takes some 35 kB
TALLEST = 1500  # CSS pixels: a longer page is cut off there
DOTS = 1.2  # to a CSS pixel, at most: a phone shows more


def main() -> int:
    """Take the pictures; prints each."""
    parser = argparse.ArgumentParser(prog="tests.browser.screenshots", description=__doc__.splitlines()[0])
    parser.add_argument(
        "--only", default="*", help="screens whose name is like one of these, as `orders*,place`; no maps then"
    )
    parser.add_argument("--state", choices=("empty", "ordinary", "crowded"), help="this state alone")
    args = parser.parse_args()
    if chromium.find() is None:
        print("browser.missing: no Chromium was found. As root: apt-get install chromium", file=sys.stderr)
        return 1
    with a_database() as clone:
        for picture in take(clone, args.only, args.state):
            print(picture, flush=True)
    return 0


@contextmanager
def a_database() -> Iterator[databases.Clone]:
    """A fresh database, with Django set up on it in this process."""
    os.environ.setdefault("HOMESTRETCH_SECRET_KEY", "a key for pictures, of no secret")
    os.environ["HOMESTRETCH_HOME"] = str(databases.cache_home())
    with embedded.start(databases.cache_home(), durable=False) as server:
        databases.prepare_roles(server)
        with databases.clone(server) as clone:
            os.environ["DATABASE_URL"] = clone.app
            from homestretch.wiring.django import set_up

            set_up()
            yield clone
            from django.db import connection

            connection.close()
            connection.close_pool()


def take(clone: databases.Clone, like: str, only: str | None = None) -> Iterator[Path]:
    """The pictures, as they are made; those of screens that are gone are taken away."""
    from tests.browser.crowd import a_crowded_day
    from tests.browser.day import a_day, an_empty_day
    from tests.browser.gallery import build_town, take_maps
    from tests.browser.screens import PICTURES, SCREENS, SIZES, THEMES
    from tests.browser.site import a_browser, a_site
    from tests.browser.stages import stages

    names = like.split(",")
    screens = [screen for screen in SCREENS if any(fnmatch.fnmatch(screen.name, name) for name in names)]
    home = databases.cache_home() / "gallery"
    target = Path(PICTURES)
    target.mkdir(parents=True, exist_ok=True)
    for old in target.iterdir():
        if old.name not in {name for screen in SCREENS for name in screen.pictures()}:
            old.unlink()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        nobody = an_empty_day(folder)
        scene = a_day(folder)
        crowd = a_crowded_day(folder) if only in (None, "crowded") else None
        shown = stages(scene, nobody, crowd)  # before the browser: its loop runs in this thread
        build_town(home)
        with a_site(clone, folder, HOMESTRETCH_HOME=str(home)) as site, a_browser() as browser:
            if like == "*":
                yield from take_maps(browser, home)
            for state, stage in shown.items():
                if only not in (None, state):
                    continue
                for theme, size in product(THEMES, SIZES):
                    here = [screen for screen in screens if state in screen.states]
                    yield from _taken(browser, site, here, stage, (state, size, theme))


def _taken(browser: Any, site: Any, screens: Any, stage: Any, how: tuple[str, str, str]) -> Iterator[Path]:
    """The screens in one state, size and theme: each person signs in once."""
    from tests.browser.screens import PICTURES, SIZES
    from tests.browser.stages import walk

    state, size, theme = how
    looks = {**SIZES[size], "color_scheme": theme, "reduced_motion": "reduce"}
    for screen, page in walk(browser, site, screens, stage, **looks):
        _settle(page)
        taken = _whole(page, SIZES[size]["viewport"])
        target = Path(PICTURES) / f"{screen.name}-{state}-{size}-{theme}.webp"
        whole = Image.open(io.BytesIO(taken)).convert("RGB")
        whole.thumbnail((round(DOTS * SIZES[size]["viewport"]["width"]), whole.height))
        whole.save(target, "WEBP", quality=QUALITY, method=6)
        if target.stem == "today-ordinary-desktop-light":
            (IMAGES / "today.png").write_bytes(taken)
        yield target


def _whole(page: Any, window: dict[str, int]) -> bytes:
    """The page to its end, in a window as tall, so that what stands at the window's edge stands at the page's."""
    height = min(page.evaluate("document.documentElement.scrollHeight"), TALLEST)
    page.set_viewport_size({**window, "height": max(height, window["height"])})
    taken: bytes = page.screenshot()
    page.set_viewport_size(window)
    return taken


def _settle(page: Any) -> None:
    """Until its map is drawn, where it has one that shows."""
    for place, drawn in ((".map #map-place", ".live-map[data-drawn=yes]"), (".b-map", ".b-map [data-drawn=yes]")):
        if page.locator(place).count() and page.locator(place).first.is_visible():
            page.locator(drawn).first.wait_for(timeout=120_000)


if __name__ == "__main__":
    sys.exit(main())
