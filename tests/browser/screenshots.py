"""`make screenshots`: pictures of the pages. `today.png` and the maps go into docs/images, the others into a folder to
look at. Maps are drawn of the extracts that are there (HOMESTRETCH_DATA) and of the invented town."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from homestretch.wiring import embedded
from tests import chromium, databases

IMAGES = Path("docs/images")
WIDE, PHONE = {"width": 1400, "height": 1000}, {"width": 390, "height": 844}


def main() -> int:
    """Take the pictures; prints where they are."""
    parser = argparse.ArgumentParser(prog="tests.browser.screenshots", description=__doc__.splitlines()[0])
    parser.add_argument("--others", type=Path, help="folder of all other pictures (default: a temporary one)")
    args = parser.parse_args()
    if chromium.find() is None:
        print("browser.missing: no Chromium was found. As root: apt-get install chromium", file=sys.stderr)
        return 1
    others = args.others or Path(tempfile.mkdtemp(prefix="homestretch-pictures-"))
    others.mkdir(parents=True, exist_ok=True)
    IMAGES.mkdir(parents=True, exist_ok=True)
    with a_database() as clone:
        take(clone, others)
    print(f"{IMAGES / 'today.png'} and {others}/")
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


def _with_maps() -> Path:
    """A home folder with the maps that the docs show, their pictures taken."""
    from tests.browser.gallery import take_maps
    from tests.browser.site import a_browser

    home = databases.cache_home() / "gallery"
    with a_browser() as browser:
        for picture in take_maps(browser, home):
            print(picture)
    return home


def _settle(page: Any) -> None:
    """Until the day is live, and its map is drawn."""
    if page.locator("#line").count():
        page.get_by_text("Live", exact=True).wait_for()
    if page.locator("#map-place").count():
        page.locator(".live-map[data-drawn=yes]").wait_for(timeout=120_000)


def take(clone: databases.Clone, others: Path) -> None:
    """All pictures."""
    from tests.browser.day import PASSWORD, a_crowded_day, an_empty_day
    from tests.browser.site import a_browser, a_page, a_site, sign_in

    with tempfile.TemporaryDirectory() as folder:
        _, nobody = an_empty_day(Path(folder))
        scene = a_crowded_day(Path(folder))
        home = _with_maps()
        with a_site(clone, Path(folder), HOMESTRETCH_HOME=str(home)) as site, a_browser() as browser:

            def shoot(name: str, path: str, email: str | None = None, **options: Any) -> None:
                with a_page(browser, site, **{"viewport": WIDE, **options}) as (page, _):
                    if email:
                        sign_in(page, email, PASSWORD)
                    page.goto(path)
                    _settle(page)
                    target = IMAGES / "today.png" if name == "today" else others / f"{name}.png"
                    page.screenshot(path=target, full_page=True)

            dark: dict[str, Any] = {"color_scheme": "dark"}
            phone: dict[str, Any] = {"viewport": PHONE, "device_scale_factor": 2}
            shoot("today", "/", scene.email, color_scheme="light")
            shoot("today-dark", "/", scene.email, **dark)
            shoot("today-phone", "/", scene.email, **phone)
            shoot("empty", "/", nobody)
            for name, path in PUBLIC.items():
                shoot(name, path)
                shoot(f"{name}-dark-phone", path, **dark, **phone)
            for name, link in {"track-next": scene.next_link, "track-done": scene.done_link}.items():
                shoot(name, f"/t/{link}", **phone)
                shoot(f"{name}-dark", f"/t/{link}", **phone, **dark)
            shoot("track-missing", "/t/hst_" + "0" * 64, **phone)
            with a_page(browser, site, viewport=WIDE) as (page, _):
                sign_in(page, scene.email, PASSWORD)
                for name, path in SIGNED_IN.items():
                    page.goto(path)
                    page.screenshot(path=others / f"{name}.png", full_page=True)


PUBLIC = {
    "login": "/accounts/login/",
    "invitation": "/invitation",
    "reset": "/accounts/password/reset/",
    "missing": "/nothing-here",
}
SIGNED_IN = {"mfa": "/accounts/2fa/", "password": "/accounts/password/change/", "totp": "/accounts/2fa/totp/activate/"}

if __name__ == "__main__":
    sys.exit(main())
