"""Maps without a server: the map's door and the built files answer the browser's requests in this process."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, Request, Route

from homestretch.doors.maps.app import Maps
from homestretch.web.maps import Shelf
from tests.browser.site import Seen
from tests.doors.maps.client import answered

HOST = "http://maps.test"
STATIC = Path("src/homestretch/web/static")
KINDS = {".js": "text/javascript", ".mjs": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
_IN_A_THREAD = ThreadPoolExecutor(1)


@contextmanager
def a_map_page(browser: Browser, folder: Path, **options: Any) -> Iterator[tuple[Page, Seen]]:
    """A page that reaches the maps in `folder` and nothing else."""
    door, seen = Maps(Shelf(folder), HOST, ["maps.test"]), Seen()
    context = browser.new_context(base_url=HOST, **{"viewport": {"width": 1200, "height": 800}, **options})

    def answer(route: Route) -> None:
        path = urlsplit(route.request.url).path
        if urlsplit(route.request.url).netloc != urlsplit(HOST).netloc:
            seen.elsewhere.append(route.request.url)
            route.abort()
        elif path.startswith("/static/"):
            found = STATIC / path.removeprefix("/static/")
            route.fulfill(body=found.read_bytes(), content_type=KINDS[found.suffix])
        else:
            status, headers, body = asked(door, route.request)
            route.fulfill(status=status, headers=headers, body=body)

    context.route("**/*", answer)
    page = context.new_page()
    page.on("console", lambda said: seen.console.append(f"{said.type}: {said.text}"))
    page.on("pageerror", lambda error: seen.console.append(f"error: {error}"))
    page.on("response", lambda got: seen.failed.append(f"{got.status} {got.url}") if got.status >= 400 else None)
    try:
        yield page, seen
    finally:
        context.close()


def asked(door: Maps, request: Request) -> tuple[int, dict[str, str], bytes]:
    """One request, answered by the door."""
    headers = [(name.lower().encode(), value.encode()) for name, value in request.headers.items()]
    headers = [(name, value) for name, value in headers if name != b"accept-encoding"]  # bodies go in as they are read
    headers.append((b"host", urlsplit(HOST).netloc.encode()))
    scope = {"type": "http", "method": request.method, "path": urlsplit(request.url).path, "headers": headers}
    return _IN_A_THREAD.submit(answered, door, scope).result()  # this thread has Playwright's own loop


def look(page: Page, name: str, zoom: float, lat: float, lon: float) -> None:
    """Go there, and wait until all of it is drawn."""
    page.goto(f"/map/{name}#{zoom}/{lat}/{lon}")
    page.locator("#map[data-drawn=yes]").wait_for(timeout=60_000)
