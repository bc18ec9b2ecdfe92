"""A driver's day in the invented town: forty stops that ask for this and that, and a phone that is Chromium."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

from playwright.sync_api import Browser, Page

from homestretch.accounts import actions as accounts
from homestretch.accounts import queries as known
from homestretch.dispatch.actions.release import put_on_road
from homestretch.dispatch.models import Blob, Proof, Stop
from homestretch.events.scope import scope
from homestretch.fleet import actions as fleet
from homestretch.kernel.geo import offset
from homestretch.providers.storage import Storage
from tests.town.accounts import an_organization, owner_of
from tests.town.dispatch import Road, as_driver, draft_of
from tests.town.fleet import a_depot, a_driver, a_shift_rule, a_vehicle
from tests.town.orders import an_order
from tests.town.places import SQUARE

STREETS = ("Mill Lane", "Rue du Marché", "Am Weiher", "Quai Neuf", "Rosenweg", "Station Road", "Côte d'Eich")
NAMES = ("Rosa Keller", "Émile Fontaine", "Samira Haddad", "Jean-Luc Weber", "Bäckerei Schönfeld", "Ada Nowak")
ASKED: dict[int, list[str]] = {
    1: ["photo"],
    5: ["photo"],
    11: ["signature", "name"],
    24: ["scan"],
    33: ["photo", "name"],
}
PIN_AT, COLLECT_AT, TOGETHER_AT = 16, 20, 28
NOTES = {2: "Second yard, ring twice. The dog is friendly.", 8: "Goods entrance at the back, before 11 o'clock."}
PHONE = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2, "has_touch": True, "is_mobile": True}


@dataclass
class Drive:
    """The route and its driver."""

    road: Road
    driver_id: Any

    def code(self) -> str:
        """A one-time code for a phone."""
        return accounts.pair_device("phone", driver_id=self.driver_id, by=self.road.by, at=datetime.now(UTC))[1]

    def stops(self) -> list[Any]:
        """As the server has them."""
        with scope(self.road.by):
            return list(Stop.objects.filter(route_id=self.road.route_id).order_by("position"))

    def pictures(self) -> dict[str, list[Any]]:
        """Proofs that declare a picture, by its hash."""
        found: dict[str, list[Any]] = {}
        with scope(self.road.by):
            rows = Proof.objects.filter(stop__route_id=self.road.route_id).exclude(declared_sha256="")
            for proof in rows.select_related("blob"):
                found.setdefault(proof.declared_sha256, []).append(proof)
        return found

    def kept_bytes(self, store: Storage, sha256: str) -> bytes:
        """The bytes that the server keeps of a picture."""
        with scope(self.road.by):
            assert Blob.objects.filter(sha256=sha256).count() == 1
        return store.get(sha256)


def a_drive(stops: int = 40, *, name: str = "Drive Vans") -> Drive:
    """A released route of today, by the real clock: phones know no other. It is noon where the depot stands, so that
    its shift is neither over nor of another day whenever the tests are run."""
    at = datetime.now(UTC)
    day, zone = at.date(), f"Etc/GMT{at.hour - 12:+d}"
    owner = owner_of(an_organization(name, at=at, zone=zone))
    with scope(owner):
        organization = known.organization()
    accounts.update_organization({"phone": "+35227001234"}, by=owner, at=at)
    assert organization.zone
    depot = a_depot(owner, at=at, name="Depot North", zone=zone)
    vehicle = a_vehicle(owner, depot.id, at=at, name="e-Vito 3")
    driver = a_driver(owner, at=at, name="Mira Hoffmann")
    rule = a_shift_rule(
        owner, vehicle.id, at=at, weekday=None, day=day, driver_id=driver.id, starts=time(6), ends=time(22)
    )
    shift = next(one for one in fleet.open_day(day, by=owner, at=at) if one.rule_id == rule.id)
    orders = [_an_order(owner, number, day, at) for number in range(1, stops + 1)]
    draft = draft_of(owner, shift, orders, first=at + timedelta(minutes=20))
    with scope(owner):
        (route,) = put_on_road([draft], None, 1, by=owner, at=at)
    return Drive(Road(owner, as_driver(owner, driver.id), shift, orders, route.id), driver.id)


def _an_order(owner: Any, number: int, day: Any, at: datetime) -> Any:
    point = offset(SQUARE, 400.0 * (number % 9) - 1600, 260.0 * (number // 9) - 500)
    place = {"address": f"{STREETS[number % 7]} {number * 3 % 88 + 1}, Town", "lat": point.lat, "lon": point.lon}
    if number in NOTES:
        place["access_notes"] = NOTES[number]
    task = {
        "place": place,
        "kind": "collect" if number == COLLECT_AT else "deliver",
        "packages": [f"HS{number:03}A"] + ([f"HS{number:03}B"] if number == TOGETHER_AT else []),
        "proof_required": ASKED.get(number, []),
        "items": [{"name": "Crate of water", "quantity": 2}] if number == 3 else [],
    }
    more = {"pin": "4711"} if number == PIN_AT else {}
    if number == 2:
        more["instructions"] = "Please leave it with the neighbor at number 9."
    recipient = {"name": NAMES[number % 6], "phone": f"+35262100{number:04}"}
    return an_order(owner, number, at=at, task=task, recipient=recipient, day=day.isoformat(), **more)


@contextmanager
def a_driver_phone(browser: Browser, site_url: str, **options: Any) -> Iterator[Page]:
    """A phone of its own, with a camera that shows a test picture, somewhere near the square."""
    wanted = {**PHONE, "locale": "en-GB", "permissions": ["camera", "geolocation"], **options}
    position = {"latitude": SQUARE.lat, "longitude": SQUARE.lon}
    context = browser.new_context(base_url=site_url, geolocation=position, **wanted)
    page = context.new_page()
    page.set_default_timeout(60_000)
    try:
        yield page
    finally:
        context.close()


def do(page: Page, name: str) -> None:
    """Tap what is called `name`."""
    page.locator(f"[data-do={name}]:visible").first.click()


def sign_in(page: Page, code: str) -> None:
    """By the address that the QR code of the office holds."""
    page.goto(f"/drive/#code={code}")
    page.locator("[data-do=accept], [data-do=load], [data-do=open-next]").first.wait_for()
