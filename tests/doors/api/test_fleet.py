"""The fleet by API, from a depot to a shift with its driver."""

from __future__ import annotations

from typing import Any

import pytest

from tests.doors.api.asking import change, get, post
from tests.town import accounts as people

DEPOT = {"name": "North", "address": "Depot Street 1", "lat": 49.61, "lon": 6.13}


@pytest.fixture
def organization(db: Any) -> Any:
    """Ours."""
    return people.an_organization("Ours")


@pytest.fixture
def client(organization: Any) -> Any:
    """A dispatcher's browser."""
    return people.signed_in(people.a_member(organization, "dispatcher"))


def made(client: Any, path: str, body: Any) -> Any:
    """What a POST made."""
    answer = post(client, path, body)
    assert answer.status_code == 201, answer.content
    return answer.json()


def test_a_day_is_opened_and_its_driver_named(client: Any) -> None:
    depot = made(client, "/depots", DEPOT)
    van = made(client, "/vehicles", {"name": "Van 1", "depot_id": depot["id"], "capacity": {"pieces": 40}})
    dora = made(client, "/drivers", {"name": "Dora", "phone": "621 123 456"})
    breaks = [{"duration_s": 1800, "earliest": "12:00", "latest": "13:30"}]
    rule = {"vehicle_id": van["id"], "weekday": 0, "starts": "08:00", "ends": "17:00", "breaks": breaks}
    made(client, "/shift-rules", rule)
    for _ in range(2):
        (shift,) = post(client, "/shifts/open/2026-11-23").json()
    assert (shift["starts_at"], shift["driver"]) == ("2026-11-23T07:00:00Z", "")
    path = f"/shifts/{shift['id']}"
    named = change(client, f"{path}/driver", {"driver_id": dora["id"]}, 1, method="put")
    assert (named.status_code, named.json()["driver"]) == (200, "Dora")
    assert change(client, path, {"max_stops": 20}, 1).status_code == 412
    assert change(client, path, {"max_stops": 20}, 2).json()["max_stops"] == 20
    assert [row["id"] for row in get(client, "/shifts", day="2026-11-23").json()["items"]] == [shift["id"]]


def test_what_stands_is_replaced_by_the_version_that_was_seen(client: Any) -> None:
    depot = made(client, "/depots", {**DEPOT, "external_id": "D1"})
    path = f"/depots/{depot['id']}"
    changed = change(client, path, {**DEPOT, "name": "South"}, 1, method="put")
    assert (changed.status_code, changed.json()["name"], changed["ETag"]) == (200, "South", '"2"')
    assert change(client, path, DEPOT, 1, method="put").status_code == 412
    made(client, "/depots", {**DEPOT, "external_id": "D2"})
    taken = post(client, "/depots", {**DEPOT, "external_id": "D2"})
    assert (taken.status_code, taken.json()["code"]) == (409, "depot.external_id_taken")


def test_bad_input_is_refused(client: Any) -> None:
    depot = made(client, "/depots", DEPOT)
    for path, body, code in [
        ("/depots", {**DEPOT, "zone": "Europe/Atlantis"}, "zone.unknown"),
        ("/depots", {**DEPOT, "lat": 0, "lon": 0}, "place.coordinates_zero"),
        ("/vehicles", {"name": "V", "depot_id": depot["id"], "capacity": {"pieces": -1}}, "load.negative"),
        ("/vehicles", {"name": "V", "depot_id": depot["place_id"]}, "depot.not_found"),
        ("/drivers", {"name": "D", "phone": "12"}, "contact.phone_invalid"),
    ]:
        assert post(client, path, body).json()["code"] == code


def test_the_viewer_may_not_write_and_the_stranger_finds_nothing(organization: Any, client: Any) -> None:
    depot = made(client, "/depots", DEPOT)
    viewer = people.signed_in(people.a_member(organization, "viewer"))
    assert post(viewer, "/depots", DEPOT).status_code == 403
    assert get(viewer, f"/depots/{depot['id']}").status_code == 200
    stranger = people.signed_in(people.owner_of(people.an_organization("Theirs")))
    assert get(stranger, f"/depots/{depot['id']}").status_code == 404
    assert change(stranger, f"/depots/{depot['id']}", DEPOT, method="put").status_code == 404
    assert get(stranger, "/depots").json()["items"] == []
