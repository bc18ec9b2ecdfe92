"""Files by API, from sending to undoing."""

from __future__ import annotations

from typing import Any

import pytest

from tests.doors.api.asking import get, post, send
from tests.orders.files import csv_of, line, xlsx_of
from tests.town import accounts as people
from tests.work import run_jobs


@pytest.fixture
def client(db: Any) -> Any:
    """A dispatcher's browser."""
    organization = people.an_organization("Ours", zone="Europe/Luxembourg", country="LU")
    return people.signed_in(people.a_member(organization, "dispatcher"))


def test_a_file_is_sent_checked_run_read_and_undone(client: Any) -> None:
    rows = [line(1), line(2, Phone="=1+1"), line(3, To="07:00")]
    sent = send(client, "/imports?filename=orders.xlsx", xlsx_of(rows))
    assert sent.status_code == 201, sent.content
    path = f"/imports/{sent.json()['id']}"
    assert {"field": "lat", "column": "Latitude", "confidence": 1.0} in sent.json()["guess"]
    assert post(client, f"{path}/check", {}).status_code == 202
    assert get(client, path).json()["state"] == "checking"
    run_jobs()
    assert get(client, path).json()["state"] == "checked"
    assert get(client, "/orders").json()["items"] == []
    assert post(client, f"{path}/run", {}).status_code == 202
    run_jobs()
    done = get(client, path).json()
    assert (done["state"], done["rows"], done["done"], done["accepted"], done["refused"]) == ("completed", 3, 3, 1, 2)
    refused = [(row["row"], row["code"]) for row in get(client, f"{path}/refusals").json()["items"]]
    assert refused == [
        (3, "import.formula_cell"),
        (4, "window.ends_before_start"),
    ]
    assert [order["import_id"] for order in get(client, "/orders").json()["items"]] == [done["id"]]
    assert post(client, f"{path}/undo").status_code == 202
    run_jobs()
    assert (get(client, path).json()["state"], get(client, path).json()["withdrawn"]) == ("undone", 1)


def test_a_refused_cell_that_a_spreadsheet_would_compute_is_quoted_on_export(client: Any) -> None:
    rows = [
        line(1, Phone='=HYPERLINK("http://x")'),
        line(2, Weight="-3"),
        line(3, Phone="@SUM(A1)"),
        line(4, Phone="+"),
    ]
    path = f"/imports/{send(client, '/imports?filename=a.csv', csv_of(rows)).json()['id']}"
    post(client, f"{path}/check", {})
    run_jobs()
    exported = get(client, f"{path}/refusals.csv")
    lines = exported.content.decode().splitlines()
    assert exported["Content-Type"].startswith("text/csv")
    assert len(lines) == 5
    assert "\"'=HYPERLINK(" in lines[1]
    assert [line.split(",")[2] for line in lines[2:]] == ["'-3", "'@SUM(A1)", "'+"]


@pytest.mark.parametrize(("name", "data"), [("a.xlsx", b""), ("a.csv", b'Name,Address\n"Rosa'), ("a.csv", b"Name\n")])
def test_a_file_that_cannot_be_read_leaves_nothing(client: Any, name: str, data: bytes) -> None:
    refused = send(client, f"/imports?filename={name}", data)
    assert refused.status_code == 422
    assert refused.json()["code"] in ("import.unreadable", "import.empty")
    assert refused.json()["remedy"]
    assert get(client, "/imports").json()["items"] == []


def test_the_stranger_finds_no_import(client: Any) -> None:
    path = f"/imports/{send(client, '/imports?filename=a.csv', csv_of([line(1)])).json()['id']}"
    stranger = people.signed_in(people.owner_of(people.an_organization("Theirs")))
    for answer in (get(stranger, path), get(stranger, f"{path}/refusals"), get(stranger, f"{path}/refusals.csv")):
        assert (answer.status_code, answer.json()["code"]) == (404, "import.not_found")
    for verb in ("check", "run", "undo"):
        assert post(stranger, f"{path}/{verb}", {}).status_code == 404
