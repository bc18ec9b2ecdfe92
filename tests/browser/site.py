"""The web process on a test's database, and a Chromium that can reach nothing else."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
from playwright.sync_api import Browser, Page, Playwright, Route, sync_playwright

from homestretch.wiring.demo.processes import Process, free_port
from tests import chromium
from tests.databases import Clone

FLAGS = [
    *("--headless", "--no-sandbox", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--font-render-hinting=none"),
    *("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"),  # a camera that shows a test picture
    *("--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"),  # maps are drawn by the processor
]
START_S = 120.0
PATIENCE_MS = 60_000  # a page that is slow is no fault here; bench/ measures how fast they are


@dataclass
class Site:
    """Where it answers."""

    url: str
    environment: Mapping[str, str]


@contextmanager
def a_site(clone: Clone | Site, folder: Path, **more: str) -> Iterator[Site]:
    """`homestretch serve` on the database, under the simulated clock that stands in it; `more` of its environment."""
    port = free_port(0)
    url = f"http://127.0.0.1:{port}"
    environment = {**clone.environment, "HOMESTRETCH_URL": url, "HOMESTRETCH_CLOCK": "simulated", **more}
    web = Process("web", ["serve", "--port", str(port), "--json"], environment, folder / "web.log")
    web.start()
    try:
        _wait_for(web, f"{url}/accounts/login/")
        yield Site(url, environment)
    finally:
        web.stop()
        print(web.log.read_text()[-3000:])  # shown where the test failed


def _wait_for(web: Process, address: str) -> None:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline and web.is_alive:
        try:
            if httpx.get(address, timeout=5).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.05)
    raise AssertionError(f"the web process does not answer:\n{web.log.read_text()[-3000:]}")


@contextmanager
def a_browser() -> Iterator[Browser]:
    """Chromium, as `tests.chromium` finds it."""
    with sync_playwright() as driver:
        yield launch(driver)


def launch(driver: Playwright) -> Browser:
    path = chromium.find()
    assert path is not None, "no Chromium"
    return driver.chromium.launch(executable_path=str(path), args=FLAGS)


@dataclass
class Seen:
    """What a page said and asked for while it was open."""

    console: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)


@contextmanager
def a_page(browser: Browser, site: Site, **options: Any) -> Iterator[tuple[Page, Seen]]:
    """A page of its own; requests to other hosts are noted and cut off."""
    wanted = {"viewport": {"width": 1400, "height": 1000}, "locale": "en-GB", **options}
    context = browser.new_context(base_url=site.url, **wanted)
    seen, host = Seen(), urlsplit(site.url).netloc

    def watch(route: Route) -> None:
        parts = urlsplit(route.request.url)
        if parts.scheme in {"data", "blob"} or parts.netloc == host:
            route.continue_()
        else:
            seen.elsewhere.append(route.request.url)
            route.abort()

    context.route("**/*", watch)
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.on("console", lambda said: seen.console.append(f"{said.type}: {said.text}"))
    page.on("pageerror", lambda error: seen.console.append(f"error: {error}"))
    page.on("response", lambda got: seen.failed.append(f"{got.status} {got.url}") if got.status >= 400 else None)
    try:
        yield page, seen
    finally:
        context.close()


def sign_in(page: Page, email: str, password: str) -> None:
    """Through the form, as a person does."""
    page.goto("/")
    page.locator("input[name=login]").fill(email)
    page.locator("input[name=password]").fill(password)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url(lambda address: not urlsplit(address).path.startswith("/accounts"))
