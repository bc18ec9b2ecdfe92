"""Every screen that a person sees: what the pictures are taken of, and what the accessibility test walks through.

A page that is added without a line here, or without a reason in `NO_SCREEN`, fails `test_screens.py`.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page

from tests.browser.stages import Stage

STATES = ("empty", "ordinary", "crowded")
NAMED = ("ordinary", "crowded")  # of what is empty there is none
SIZES: dict[str, dict[str, Any]] = {
    "desktop": {"viewport": {"width": 1400, "height": 1000}},
    "phone": {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2, "has_touch": True},
}
THEMES = ("light", "dark")
PICTURES = "docs/images/screens"


def _as_it_is(_page: Page, _stage: Stage) -> None:
    pass


@dataclass(frozen=True, slots=True)
class Screen:
    """One page. `route` is the name of its address in Django; `path` may name what the stage has, as `/t/{next}`.

    `who` is somebody of the stage who signs in first; "" for pages that nobody signs in to. `ready` is a selector that
    is there when it is drawn; `then` does what a person would do to get to see it. `states`: those it is shown in.
    """

    name: str
    route: str
    path: str
    who: str = "dispatcher"
    ready: str = "main"
    then: Callable[[Page, Stage], None] = _as_it_is
    states: tuple[str, ...] = STATES

    def pictures(self) -> list[str]:
        """The names of all its pictures."""
        return [
            f"{self.name}-{state}-{size}-{theme}.webp" for state in self.states for size in SIZES for theme in THEMES
        ]


def _once(name: str, route: str, path: str, **more: Any) -> Screen:
    """A page that looks the same whatever the day is like."""
    return Screen(name, route, path, states=("ordinary",), **more)


def _one(name: str, route: str, path: str, **more: Any) -> Screen:
    """A page of one thing, which an organization that has just begun does not have."""
    return Screen(name, route, path, states=NAMED, **more)


def _live(page: Page, _stage: Stage) -> None:
    page.get_by_text("Live", exact=True).wait_for()


def _routed(page: Page, stage: Stage) -> None:
    """The route that is looked at, opened by its key."""
    _live(page, stage)
    page.locator(".b-route-main").first.click()
    page.keyboard.press("r")
    page.locator(".b-side .facts").get_by_text("driven").wait_for()


def _driving(ready: str) -> Callable[[Page, Stage], None]:
    """Signed in on a driver's phone, where the page has no session; then what the address names."""

    def then(page: Page, stage: Stage) -> None:
        address = page.url
        if page.locator("input[name=code]").count():
            claimed = json.dumps({"token": stage.names["phone"]})
            page.route("**/api/v1/devices/claim", lambda asked: asked.fulfill(status=201, body=claimed))
            page.locator("input[name=code]").fill("AAAAA-AAAAA")
            page.locator("[data-do=sign-in]").click()
            page.locator(".status").wait_for()
            page.goto("/drive/#/out")
            page.goto(address)
        page.locator(ready).first.wait_for()

    return then


FILE = "Order no;Customer;Mobile;Street;Town;Day\nW-1;Ida;621 100 001;Mill Lane 5;Town;2026-11-24\n"


def _sent(page: Page, _stage: Stage) -> None:
    file = {"name": "morning.csv", "mimeType": "text/csv", "buffer": FILE.encode()}
    page.locator("#file").set_input_files(files=[file])  # type: ignore[list-item]
    page.get_by_role("button", name="Send the file").click()
    page.locator("#mapping").wait_for()


def _ticked(page: Page, _stage: Stage) -> None:
    for number in range(2):
        page.locator("[name=order]").nth(number).check()


def _drawn(page: Page, _stage: Stage) -> None:
    if page.locator("#pin-map").count():
        page.locator("#pin-map[data-drawn=yes]").wait_for(timeout=60_000)


def _mapped(page: Page, _stage: Stage) -> None:
    """The recipient asks for the map, where there is one."""
    if page.locator("#map-place button").count():
        page.locator("#map-place button").click()
        page.locator(".track-map canvas").wait_for(timeout=60_000)
        page.wait_for_load_state("networkidle")


def _settings(name: str, section: str, **more: Any) -> Screen:
    """A section of the settings, as its owner sees it."""
    return Screen(f"settings-{name}", "settings-section", f"/settings/{section}", who="owner", **more)


SETTINGS = (
    *(_settings(name, name) for name in ("organization", "people", "merchants", "fleet", "shifts", "areas")),
    *(_settings(name, name) for name in ("days-off", "closures", "recipients", "messages", "templates", "keys")),
    *(_settings(name, name) for name in ("webhooks", "data", "changes", "recovery")),
    _once("settings-driver", "settings-subject", "/settings/fleet/driver/{driver}", who="owner"),
    _once("settings-template", "settings-subject", "/settings/templates/scheduled/sms/en", who="owner"),
)

SCREENS: tuple[Screen, ...] = (
    Screen("today", "today", "/", then=_live),
    Screen("proposals", "proposals", "/proposals"),
    _one("proposal", "proposal", "/proposals/{proposal}", ready="#decide"),
    _once("proposal-searched", "proposal", "/proposals/{searched}", ready="#proposal progress"),
    _once("proposal-declined", "proposal", "/proposals/{declined}", ready="#proposal"),
    Screen("orders", "orders", "/orders", ready="#orders"),
    _one("orders-ticked", "orders", "/orders", ready="#orders", then=_ticked),
    _one("order", "order", "/orders/{order}", ready=".timeline"),
    _once("order-pickup", "order", "/orders/{fetched}", ready="#pickup"),
    _once("order-new", "order-new", "/orders/new", ready=".order-form"),
    _once("order-edit", "order-edit", "/orders/{order}/edit", ready=".order-form"),
    Screen("imports", "imports", "/orders/import", ready="#file"),
    _once("import", "import", "/orders/import", ready="#file", then=_sent),
    Screen("places", "places", "/places", ready=".tabs"),
    _one("places-twice", "places", "/places?show=twice", ready=".tabs"),
    _one("place", "place", "/places/{place}", ready="#where", then=_drawn),
    Screen("measures", "measures", "/measures/", ready=".plot [data-drawn], .empty"),
    Screen("calibration", "measures-calibration", "/measures/calibration", ready=".plot [data-drawn], .empty"),
    Screen("loading", "load", "/load/"),
    _one("loading-depot", "load-depot", "/load/{depot}", ready="#load"),
    _one("loading-vehicle", "load-vehicle", "/load/{depot}/{loading}", ready="#load"),
    _one("run-sheets", "print-day", "/print/day/{day}", ready=".run"),
    _one("labels", "print-labels", "/print/labels/{loading}"),
    _one("measures-plot", "measures-plot", "/measures/failures", ready="#rows"),
    Screen("board", "board-day", "/board/{day}", ready=".b-board", then=_live),
    Screen("board-planned", "board-day", "/board/{tomorrow}", ready=".b-board", then=_live, states=("crowded",)),
    _once("board-route", "board-day", "/board/{day}", ready=".b-board", then=_routed),
    *SETTINGS,
    _once("sign-in", "account_login", "/accounts/login/", who=""),
    _once("password-forgotten", "account_reset_password", "/accounts/password/reset/", who=""),
    _once("second-factor", "mfa_index", "/accounts/2fa/"),
    _once("password-change", "account_change_password", "/accounts/password/change/"),
    _once("invitation", "invitation", "/invitation", who=""),
    _one("track-next", "track", "/t/{next}", who=""),
    _once("track-map", "track", "/t/{next}", who="", then=_mapped),
    _one("track-done", "track", "/t/{done}", who=""),
    _once("drive-sign-in", "drive", "/drive/", who="", ready="input[name=code]"),
    _one("drive-day", "drive", "/drive/#/", who="driver", ready=".frame", then=_driving(".stops")),
    _one("drive-stop", "drive", "/drive/#/stop/{open}", who="driver", ready=".frame", then=_driving(".reach")),
    _once("drive-done", "drive", "/drive/#/stop/{open}/done", who="driver", ready=".frame", then=_driving(".choices")),
    _once(
        "drive-failed", "drive", "/drive/#/stop/{open}/fail", who="driver", ready=".frame", then=_driving(".choices")
    ),
    _one("drive-load", "drive", "/drive/#/load", who="driver", ready=".frame", then=_driving("main")),
    _one("drive-end", "drive", "/drive/#/end", who="driver", ready=".frame", then=_driving(".sums")),
    _one("drive-outbox", "drive", "/drive/#/out", who="driver", ready=".frame", then=_driving("main .notice")),
    _once("drive-phone", "drive", "/drive/#/me", who="driver", ready=".frame", then=_driving("select")),
    _once("track-missing", "track", "/t/{nothing}", who=""),
    _once("track-choosing", "track", "/t/{choosing}", who="", ready="#slot"),
    _once("track-pickup", "track", "/t/{pickup}", who=""),
    _once("track-arabic", "track", "/t/{arabic}", who=""),
    Screen("messages", "messages", "/messages"),
    _one("conversation", "conversation", "/messages/{order}", ready=".thread"),
    _one("merchant", "merchant", "/merchant", who="merchant", ready="table"),
    _one("merchant-order", "merchant-order", "/merchant/orders/{own}", who="merchant", ready=".steps"),
    _once("merchant-new", "merchant-new", "/merchant/new", who="merchant", ready="form.merchant-form"),
    _once("merchant-import", "merchant-import", "/merchant/import", who="merchant"),
)

# Addresses that show no page of their own, each with the reason.
NO_SCREEN: dict[str, str] = {
    "today-panel": "a part of Today",
    "exception-settle": "a form's target",
    "exception-tomorrow": "a form's target",
    "offer-withdraw": "a form's target",
    "order-offer": "a form's target",
    "proposal-accept": "a form's target",
    "proposal-ask": "a form's target",
    "proposal-decline": "a form's target",
    "proposal-search": "a part of the proposal's page",
    "orders-bulk": "a form's target; it shows what became of each order",
    "orders-save-view": "a form's target",
    "orders-remove-view": "a form's target",
    "order-cancel": "a form's target",
    "order-move": "a form's target",
    "order-release": "a form's target",
    "order-hold": "a form's target",
    "order-free": "a form's target",
    "order-hand-over": "a form's target",
    "order-deliver": "a form's target",
    "order-link": "a form's target",
    "order-send-link": "a form's target",
    "orders-act": "what an act on many orders comes to, looks as an import's page does",
    "orders-act-progress": "a part of that page",
    "order-close-link": "a form's target",
    "import-preview": "a part of the import's page",
    "import-progress": "a part of the import's page",
    "import-check": "a form's target",
    "import-run": "a form's target",
    "import-undo": "a form's target",
    "place-pin": "a form's target",
    "place-confirm": "a form's target",
    "place-details": "a form's target",
    "place-serve": "a form's target",
    "place-merge": "a form's target",
    "place-apart": "a form's target",
    "place-unlearn": "a form's target",
    "place-unmerge": "a form's target",
    "load-scan": "a form's target",
    "measures-file": "a file",
    "measures-rows": "a file",
    "board": "leads to the board of the present day",
    "drive-worker": "a script",
    "drive-manifest": "a file",
    "settings": "leads to its first section",
    "print-proof": "a file",
    "print-sheet": "one of the run sheets",
    "conversation-done": "a form's target",
    "conversation-driver": "a form's target",
    "conversation-write": "a form's target",
    "merchant-cancel": "a form's target",
    "merchant-import-check": "a form's target",
    "merchant-import-page": "leads on from a file that was sent; as the dispatcher's import",
    "merchant-import-refusals": "a file",
    "merchant-import-run": "a form's target",
    "merchant-import-undo": "a form's target",
    "merchant-link": "a form's target; the order's page with a line more",
    "merchant-proof": "a picture",
    "track-code": "a form's target",
    "track-door-photo": "a picture",
    "track-instructions": "a form's target",
    "track-live": "a part of the page",
    "track-logo": "a picture",
    "track-more": "a form's target",
    "track-photo": "a form's target",
    "track-problem": "a form's target",
    "track-proof": "a picture",
    "track-pickup": "a form's target",
    "track-slot": "a form's target",
    "track-rating": "a form's target",
    "track-channels": "a form's target",
    "track-unsubscribe": "leads to the page's boxes",
}
