"""What goes over the wire: problems, keys, cursors, versions, headers."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from django.db import connection
from django.db.utils import DatabaseErrorWrapper
from django.test import Client
from psycopg_pool import PoolTimeout

from homestretch.accounts import actions, queries
from homestretch.events.scope import scope
from homestretch.kernel.ids import uuid7
from homestretch.kernel.refusal import Refusal
from homestretch.web.pages import page
from homestretch.web.problems import field_path
from homestretch.web.wire import dumps, loads
from tests.town.accounts import AT, a_merchant, an_organization, owner_of, signed_in

MERCHANTS = "/api/v1/merchants"


@pytest.fixture
def owner(db):
    return owner_of(an_organization())


@pytest.fixture
def staff(owner) -> Client:
    return signed_in(owner)


def post(client: Client, body, key: str | None = "k1", path: str = MERCHANTS):
    headers = {"Idempotency-Key": key} if key else {}
    data = body if isinstance(body, (bytes, str)) else json.dumps(body)
    return client.post(path, data, content_type="application/json", headers=headers)


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 422, "request.invalid"),
        (b"{", 400, "request.malformed"),
        (b"\xff\xfe", 400, "request.malformed"),
        (b'{"name": NaN}', 400, "request.malformed"),
        (b'{"name": "a\\u0000b"}', 400, "request.malformed"),
        (b'{"name": "\\ud800"}', 400, "request.malformed"),
        (b'{"name": "x", "external_id": ' + b"[" * 100 + b"]" * 100 + b"}", 400, "request.malformed"),
        (b"[" * 100_000, 400, "request.malformed"),
        (b'{"name": 1' + b"0" * 5000 + b"}", 400, "request.malformed"),
        (b"[]", 422, "request.invalid"),
        (b"{}", 422, "request.invalid"),
        (b'{"name": ""}', 422, "request.invalid"),
        (b'{"name": "' + b"x" * 121 + b'"}', 422, "request.invalid"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_code(staff, body, status, code):
    answer = post(staff, body)
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.content
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["request_id"] == answer["X-Request-ID"]
    assert answer.json()["remedy"]


def test_a_problem_names_the_field(staff):
    body = post(staff, {"external_id": ""}).json()
    assert body["field"] == "name"
    assert [error["field"] for error in body["errors"]] == ["name", "external_id"]
    assert field_path(("body", "data", "tasks", 0, "windows", 1, "end")) == "tasks[0].windows[1].end"
    assert field_path(("query", "limit")) == "limit"


def test_a_nul_in_the_address_is_refused(staff):
    assert staff.get(f"{MERCHANTS}?cursor=%00").json()["code"] == "request.malformed"
    assert staff.get(f"{MERCHANTS}/%00").status_code == 422


def test_what_is_not_there_and_what_is_not_taken_are_problems(db, client):
    for method, path, status, code in (
        ("get", "/api/v1/nothing", 404, "page.not_found"),
        ("get", "/api/", 404, "page.not_found"),
        ("put", "/api/v1/auth/me", 405, "request.method_not_allowed"),
        ("get", "/nothing", 404, "page.not_found"),
    ):
        answer = getattr(client, method)(path)
        assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert client.put("/api/v1/auth/me")["Allow"] == "GET"
    page_for_people = client.get("/nothing", headers={"Accept": "text/html"})
    assert b"<h1>There is nothing at this address</h1>" in page_for_people.content


def test_a_body_above_the_cap_is_refused_before_it_is_read(staff, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    answer = post(staff, {"name": "x" * 101})
    assert (answer.status_code, answer.json()["code"]) == (413, "request.too_large")


def test_a_fault_of_ours_says_an_id_and_nothing_else(owner, monkeypatch):
    def broken(*_, **__):
        raise RuntimeError("select secret from /etc/passwd")

    monkeypatch.setattr("homestretch.accounts.queries.organization", broken)
    client = signed_in(owner)
    client.raise_request_exception = False
    answer = client.get("/api/v1/organization")
    assert answer.status_code == 500
    assert answer.json()["code"] == "internal.fault"
    assert b"secret" not in answer.content
    assert answer.json()["request_id"] == answer["X-Request-ID"]


@pytest.mark.parametrize(
    ("cause", "status"),
    [
        (PoolTimeout("couldn't get a connection"), 503),
        (psycopg.errors.AdminShutdown("terminating connection"), 503),
        (psycopg.errors.DivisionByZero("a mistake"), 500),
        (psycopg.errors.DeadlockDetected("deadlock detected"), 500),
    ],
)
def test_a_database_that_is_away_is_said_to_be_to_programs_and_people(owner, monkeypatch, cause, status):
    def broken(*_, **__):
        with DatabaseErrorWrapper(connection):
            raise cause

    monkeypatch.setattr("homestretch.accounts.queries.organization", broken)
    client = signed_in(owner)
    client.raise_request_exception = False
    answer = client.get("/api/v1/organization")
    page = client.get("/settings/organization", HTTP_ACCEPT="text/html")
    assert (answer.status_code, page.status_code) == (status, status)
    away = status == 503
    assert answer.json()["code"] == ("database.unavailable" if away else "internal.fault")
    assert (answer.get("Retry-After"), page.get("Retry-After")) == (("5", "5") if away else (None, None))
    assert (b"The database does not answer" in page.content) is away


def test_a_post_without_a_key_is_refused(staff):
    assert (post(staff, {"name": "A"}, None).status_code, post(staff, {"name": "A"}, None).json()["code"]) == (
        400,
        "idempotency.key_missing",
    )
    assert post(staff, {"name": "A"}, "two words").json()["code"] == "idempotency.malformed"
    assert post(staff, {"name": "A"}, "x" * 201).json()["code"] == "idempotency.malformed"


def test_the_first_answer_is_given_again_and_the_effect_is_one(staff, owner):
    first, second = post(staff, {"name": "A"}), post(staff, {"name": "A"})
    assert first.status_code == second.status_code == 201
    assert first.json() == second.json()
    assert first["ETag"] == second["ETag"] == '"1"'
    assert "Idempotency-Replayed" not in first
    assert second["Idempotency-Replayed"] == "true"
    with scope(owner):
        assert queries.merchants().count() == 1


def test_a_key_reused_for_something_else_is_refused(staff):
    post(staff, {"name": "A"})
    again = post(staff, {"name": "B"})
    assert (again.status_code, again.json()["code"]) == (422, "idempotency.key_reused")
    other = post(staff, {"email": "x@town.example", "role": "viewer"}, path="/api/v1/members/invitations")
    assert other.status_code == 201, "another operation has keys of its own"


def test_a_refused_request_keeps_no_key(staff, owner):
    a_merchant(owner, external_id="M1")
    assert post(staff, {"name": "A", "external_id": "M1"}).json()["code"] == "merchant.external_id_taken"
    assert post(staff, {"name": "A", "external_id": "M2"}).status_code == 201


def test_a_secret_is_shown_once_and_kept_nowhere(staff, owner):
    body = {"name": "Shop", "scopes": ["orders:read"]}
    first, second = post(staff, body, path="/api/v1/keys"), post(staff, body, path="/api/v1/keys")
    assert first.json()["secret"].startswith("hsk_")
    assert second.json() == {**first.json(), "secret": None}


def test_a_change_says_which_version_it_saw(staff, owner):
    path = f"{MERCHANTS}/{a_merchant(owner).id}"

    def change(**headers):
        return staff.patch(path, {"name": "New"}, content_type="application/json", headers=headers)

    assert staff.get(path)["ETag"] == '"1"'
    assert (change().status_code, change().json()["code"]) == (428, "request.precondition_required")
    stale = change(**{"If-Match": '"7"'})
    assert (stale.status_code, stale.json()["code"]) == (412, "request.stale")
    done = change(**{"If-Match": '"1"'})
    assert (done.status_code, done["ETag"]) == (200, '"2"')
    assert change(**{"If-Match": '"1"'}).status_code == 412
    assert change(**{"If-Match": '"1", "2"'}).status_code == 200
    assert change(**{"If-Match": "*"}).status_code == 200


@pytest.mark.parametrize("descending", [False, True])
def test_pages_hold_every_row_once_ties_included(owner, descending):
    made = [a_merchant(owner, f"M{n}", at=AT + timedelta(seconds=n // 3)).id for n in range(10)]
    seen, cursor = [], None
    with scope(owner):
        while True:
            part = page(queries.merchants(), cursor, 4, descending=descending, show=lambda row: row.id)
            seen += part["items"]
            cursor = part["next"]
            if cursor is None:
                break
    assert sorted(seen) == sorted(made)
    ordered = sorted(made, reverse=descending)
    assert len(seen) == 10
    assert seen[0] in (ordered[:3] if not descending else ordered[:1])


def test_a_cursor_of_another_list_is_refused(staff, owner):
    for number in range(3):
        a_merchant(owner, f"M{number}")
    first = staff.get(f"{MERCHANTS}?limit=2").json()
    assert len(first["items"]) == 2
    second = staff.get(f"{MERCHANTS}?limit=2&cursor={first['next']}").json()
    assert (len(second["items"]), second["next"]) == (1, None)
    for cursor in (first["next"][:-1], "x", first["next"].swapcase()):
        assert staff.get(f"{MERCHANTS}?cursor={cursor}").json()["code"] == "page.cursor_invalid"
    assert staff.get(f"/api/v1/keys?cursor={first['next']}").json()["code"] == "page.cursor_invalid"
    for limit in (0, 201, "x"):
        assert staff.get(f"{MERCHANTS}?limit={limit}").json()["field"] == "limit"


def test_every_answer_carries_safe_headers(db, client):
    data = client.get("/api/v1/openapi.json")
    assert data["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert data["Cache-Control"] == "no-store"
    assert data["X-Content-Type-Options"] == "nosniff"
    people = [client.get("/nothing", headers={"Accept": "text/html"}) for _ in range(2)]
    nonces = {
        re.search(r"script-src 'self' 'nonce-([^']+)'", answer["Content-Security-Policy"])[1] for answer in people
    }
    assert len(nonces) == 2
    assert not re.search(rb"<script(?![^>]* src=)|<style| style=", people[0].content), "a page needs no nonce"


def test_a_callers_request_id_is_kept_if_it_is_a_plain_word(db, client):
    for given, kept in (("trace-12345678", True), ("short", False), ("x" * 65, False), ("a b c d e f g", False)):
        answer = client.get("/api/v1/nothing", headers={"X-Request-ID": given})
        assert (answer["X-Request-ID"] == given) is kept
        assert answer.json()["request_id"] == answer["X-Request-ID"]


def test_json_is_written_as_we_promise():
    moment = datetime(2026, 11, 22, 8, 0, 0, 5, tzinfo=UTC)
    ident = uuid7()
    value = {"at": moment, "id": ident, "for": timedelta(seconds=90), "set": {"b", "a"}}
    assert json.loads(dumps(value)) == {
        "at": "2026-11-22T08:00:00.000005Z",
        "id": str(ident),
        "for": 90,
        "set": ["a", "b"],
    }
    with pytest.raises(Refusal):
        loads(b'{"a": Infinity}')


def test_a_replay_of_an_invitation_sends_no_second_mail(staff, owner):
    body = {"email": "ines@town.example", "role": "viewer"}
    first, second = (post(staff, body, path="/api/v1/members/invitations") for _ in range(2))
    assert first.json() == second.json()
    with scope(owner):
        assert queries.invitations().count() == 1
    with pytest.raises(Refusal):
        actions.accept_invitation("hsi_" + "0" * 96, "x", "x", at=AT)
