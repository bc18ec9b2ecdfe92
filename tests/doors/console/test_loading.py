"""The loading screen: the last stop first, scans and taps, what is missing, and another vehicle's package."""

from __future__ import annotations

from typing import Any

import pytest

from homestretch.dispatch import queries
from homestretch.events.clock import set_clock
from homestretch.events.scope import scope
from homestretch.orders.models import Package
from tests.town.accounts import a_member, an_organization, owner_of, signed_in
from tests.town.dispatch import Road, a_road, an_owner
from tests.town.orders import an_order
from tests.town.places import AT


def a_load(by: Any, first: int, count: int = 3) -> Road:
    """A released route whose orders have a package each, PK-<number of the order>."""
    orders = [
        an_order(by, number, task={"packages": [f"PK-{number}"], "items": [{"name": "Roses", "quantity": 2}]})
        for number in range(first, first + count)
    ]
    return a_road(by, orders=orders)


@pytest.fixture
def road(db: Any) -> Road:
    return a_load(an_owner(), 1)


@pytest.fixture(autouse=True)
def _clock(db: Any, settings: Any) -> None:
    settings.HOMESTRETCH_SIMULATED_CLOCK = True
    set_clock(AT)


def address(road: Road, more: str = "") -> str:
    return f"/load/{road.route.shift.start_depot_id}/{road.route_id}{more}"


def states(road: Road) -> dict[str, str]:
    with scope(road.by):
        return dict(Package.objects.order_by("barcode").values_list("barcode", "state"))


def scanned(road: Road, client: Any = None, **form: str) -> str:
    """What the screen says after a scan by script."""
    client = client or signed_in(road.by)
    answer = client.post(address(road, "/scan"), form, headers={"HX-Request": "true"})
    return answer.content.decode()


def test_the_last_stops_package_goes_in_first(road: Road) -> None:
    page = signed_in(road.by).get(address(road)).content.decode()
    places = [page.index(f"<b>PK-{number}</b>") for number in (3, 2, 1)]
    assert places == sorted(places)
    assert "0 of 3" in page
    assert "2 × Roses" in page


def test_a_scan_loads_and_says_which_stop(road: Road) -> None:
    said = scanned(road, code="PK-3")
    assert 'data-tone="good"' in said
    assert "<b>Stop 3</b>" in said
    assert "1 of 3" in said
    assert states(road)["PK-3"] == "on_board"
    assert road.route.state == "loading"
    again = scanned(road, code="PK-3")
    assert 'data-tone="warn"' in again
    assert "1 of 3" in again


def test_without_script_the_page_comes_anew(road: Road) -> None:
    client = signed_in(road.by)
    answer = client.post(address(road, "/scan"), {"code": "PK-2"})
    assert (answer.status_code, answer["Location"]) == (302, address(road))
    wrong = client.post(address(road, "/scan"), {"code": "PK-99"})
    assert wrong.status_code == 200
    assert b"Not today" in wrong.content


def test_another_vehicles_package_is_an_alarm(road: Road) -> None:
    other = a_load(road.by, 10)
    with scope(road.by):
        queries.route(other.route_id).vehicle.__class__.objects.filter(id=other.route.vehicle_id).update(name="Van B")
        shift = other.route.shift
        shift.start_depot_id = road.route.shift.start_depot_id
        shift.save()
    said = scanned(road, code="PK-11")
    assert 'data-tone="alarm"' in said
    assert "Van B" in said
    assert states(other)["PK-11"] == "expected"
    found = signed_in(road.by).get(f"/load/{road.route.shift.start_depot_id}?code=PK-11").content.decode()
    assert "<b>Van B</b>" in found


def test_a_tap_loads_and_what_is_left_is_missing(road: Road) -> None:
    with scope(road.by):
        package = Package.objects.get(barcode="PK-1")
    scanned(road, package=str(package.id))
    said = scanned(road, missing="rest")
    assert states(road) == {"PK-1": "on_board", "PK-2": "missing", "PK-3": "missing"}
    assert "All settled, 2 missing" in said
    found = scanned(road, code="PK-2")
    assert 'data-tone="good"' in found
    assert states(road)["PK-2"] == "on_board"


def test_one_package_may_be_named_missing(road: Road) -> None:
    with scope(road.by):
        package = Package.objects.get(barcode="PK-2")
    assert "missing" in scanned(road, missing=str(package.id))
    assert states(road) == {"PK-1": "expected", "PK-2": "missing", "PK-3": "expected"}


def test_a_viewer_looks_and_does_not_load(road: Road) -> None:
    with scope(road.by):
        from homestretch.accounts import queries as accounts

        organization = accounts.organization()
    viewer = signed_in(a_member(organization, "viewer"))
    assert 'name="code"' not in viewer.get(address(road)).content.decode()
    assert viewer.post(address(road, "/scan"), {"code": "PK-1"}).status_code == 403
    assert states(road)["PK-1"] == "expected"


def test_the_neighbor_finds_nothing(road: Road) -> None:
    stranger = signed_in(owner_of(an_organization("Next door")))
    assert stranger.get(address(road)).status_code == 404
    assert stranger.post(address(road, "/scan"), {"code": "PK-1"}).status_code == 404


def test_the_only_depot_opens_at_once(road: Road) -> None:
    answer = signed_in(road.by).get("/load/")
    assert answer["Location"] == f"/load/{road.route.shift.start_depot_id}"
    page = signed_in(road.by).get(answer["Location"]).content.decode()
    assert "0 of 3" in page
