"""People, programs and phones come in through the API: invited, keyed, paired; and go out again."""

from __future__ import annotations

from uuid import UUID

import pytest

from homestretch.accounts import rules
from homestretch.kernel.actor import Actor
from homestretch.kernel.ids import uuid7
from tests.town.accounts import PASSWORD, an_organization, bearing, owner_of, signed_in
from tests.town.fleet import a_driver

API = "/api/v1"


@pytest.fixture
def owner(db) -> Actor:
    return owner_of(an_organization())


def post(client, path, body, key="k"):
    return client.post(f"{API}{path}", body, content_type="application/json", headers={"Idempotency-Key": key})


def test_an_invited_person_joins_and_signs_in(owner, client, settings):
    made = post(signed_in(owner), "/members/invitations", {"email": "ines@town.example", "role": "dispatcher"}).json()
    assert "token" not in made
    token = rules.invitation_token(owner.organization_id, UUID(made["id"]), settings.SECRET_KEY.encode())
    body = {"token": token, "password": PASSWORD, "name": "Ines"}
    joined = post(client, "/auth/invitations/accept", body)
    assert (joined.status_code, joined.json()["role"]) == (201, "dispatcher")
    assert post(client, "/auth/invitations/accept", body).json()["code"] == "invitation.accepted_already"
    login = {"email": "ines@town.example", "password": PASSWORD}
    assert client.post("/_allauth/browser/v1/auth/login", login, content_type="application/json").status_code == 200
    assert client.get(f"{API}/auth/me").json()["role"] == "dispatcher"


def test_the_address_in_the_invitation_leads_to_a_form(db, client):
    page = client.get("/invitation", headers={"Accept": "text/html"})
    nonce = page["Content-Security-Policy"].split("'nonce-")[1].split("'")[0]
    assert page.status_code == 200
    assert f'<script nonce="{nonce}">'.encode() in page.content
    assert client.post("/invitation").status_code == 405


def test_a_key_opens_until_it_is_revoked(owner):
    staff = signed_in(owner)
    made = post(staff, "/keys", {"name": "Shop", "scopes": ["organization:read"]}).json()
    program = bearing(made["secret"])
    assert program.get(f"{API}/organization").status_code == 200
    assert program.get(f"{API}/keys").status_code == 403, "no key makes or sees keys"
    gone = staff.delete(f"{API}/keys/{made['id']}", headers={"If-Match": '"1"'})
    assert gone.status_code == 200
    assert program.get(f"{API}/organization").status_code == 401


def test_a_phone_is_paired_by_its_code_and_shut_out_again(owner, client):
    staff, driver = signed_in(owner), str(a_driver(owner).id)
    assert post(staff, "/devices", {"kind": "phone", "driver_id": str(uuid7())}).json()["code"] == "driver.not_found"
    made = post(staff, "/devices", {"kind": "phone", "driver_id": driver}).json()
    paired = client.post(f"{API}/devices/claim", {"code": made["code"]}, content_type="application/json")
    assert paired.status_code == 201
    phone = bearing(paired.json()["token"])
    assert phone.get(f"{API}/auth/me").json()["driver_id"] == driver
    assert "token" not in staff.get(f"{API}/devices/{made['id']}").json()
    assert staff.delete(f"{API}/devices/{made['id']}", headers={"If-Match": '"2"'}).status_code == 200
    assert phone.get(f"{API}/auth/me").status_code == 401
    away = {"name": "Sam", "active": False}
    gone = staff.put(f"{API}/drivers/{driver}", away, content_type="application/json", headers={"If-Match": '"1"'})
    assert gone.status_code == 200
    refused = post(staff, "/devices", {"kind": "phone", "driver_id": driver}, key="again")
    assert (refused.status_code, refused.json()["code"]) == (422, "device.owner_inactive")


def test_lists_go_page_by_page_newest_first(owner):
    staff = signed_in(owner)
    made = [
        post(staff, "/keys", {"name": f"K{n}", "scopes": ["orders:read"]}, key=f"k{n}").json()["id"] for n in range(5)
    ]
    seen, cursor = [], ""
    while True:
        part = staff.get(f"{API}/keys?limit=2{cursor}").json()
        seen += [item["id"] for item in part["items"]]
        if part["next"] is None:
            break
        cursor = f"&cursor={part['next']}"
    assert seen == made[::-1]
