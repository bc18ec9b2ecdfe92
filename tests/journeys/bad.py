"""A town with something of everything, in which a bad request leaves no trace; and what a refusal looks like."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from django.http import HttpResponse
from django.test import Client, override_settings
from psycopg import sql

from homestretch.accounts.rules import SCOPES
from homestretch.events.clock import set_clock
from homestretch.events.scope import scope
from homestretch.kernel.actor import Actor
from homestretch.kernel.ids import uuid7
from tests.town.accounts import a_key, a_link, a_phone, an_organization, bearing, owner_of, signed_in
from tests.town.dispatch import Road, a_road
from tests.town.fleet import a_fleet, a_shift
from tests.town.messaging import a_post
from tests.town.orders import DAY, an_order, orders, raw_order, raw_task
from tests.town.places import AT
from tests.work import run_jobs

# Written by being asked at all: limits, sessions, when a credential was last used.
UNCOUNTED = {"web_allowance", "django_session", "django_cache", "accounts_apikey", "accounts_device"}
LEAKS = ("Traceback", "psycopg", "django.", 'File "', ".py", "SELECT ", "select ", "INSERT ", "insert into")
NOW = AT + timedelta(hours=1)
LATER = DAY + timedelta(days=3)  # the draft is of that day
JSON = "application/json"


@dataclass
class Town:
    """The clients are a program with all rights, the owner's browser, a driver's phone, a recipient, and nobody."""

    owner: Actor
    road: Road
    shifts: list[Any]
    plan: str
    other_plan: str
    link: str
    folder: Path
    clients: dict[str, Client]
    superuser: str = ""
    seen: dict[str, str] = field(default_factory=dict)  # the newest snapshot

    def names(self) -> dict[str, str]:
        """What stands for ids in a case's path and body."""
        with scope(self.owner):
            task = self.road.orders[0].tasks.get()
        return {
            "order": str(self.road.orders[0].id),
            "task": str(task.id),
            "route": str(self.road.route_id),
            "stop": str(self.road.stops[0].id),
            "driver": str(self.road.driver.driver_id),
            "vehicle": str(self.road.shift.vehicle_id),
            "plan": self.plan,
            "draft": self.other_plan,
            "link": self.link,
            "nothing": str(uuid7()),
        }


@contextmanager
def a_town(folder: Path) -> Iterator[Town]:
    """The town at eight in the morning: one plan is released, one is a draft, one route is on the road."""
    with ExitStack() as stack:
        stack.enter_context(a_post(folder, at=AT))
        from django.conf import settings

        kept = {**settings.HOMESTRETCH_PROVIDERS, "storage": ("disk", {"root": str(folder / "blobs")})}
        stack.enter_context(override_settings(HOMESTRETCH_PROVIDERS=kept, HOMESTRETCH_RATE=1000))
        owner = owner_of(an_organization())
        road = a_road(owner, 2, first_number=20)
        key = bearing(a_key(owner, *SCOPES))
        shifts = a_fleet(owner, vehicles=2)
        later = a_shift(owner, day=LATER)
        orders(owner, 4)
        an_order(owner, 5, day=LATER.isoformat())
        set_clock(NOW)
        plans = [_a_plan(key, shift.start_depot_id, shift.day) for shift in (shifts[0], later)]
        _post(key, "/api/v1/routes/release", {"plan_id": plans[0], "revision": 1})
        run_jobs()
        clients = {
            "key": key,
            "owner": signed_in(owner),
            "phone": bearing(a_phone(owner, road.shift.driver_id, at=NOW)),
            "nobody": Client(),
        }
        link = a_link(owner, road.orders[0].id, at=NOW)
        clients["link"] = bearing(link)
        for client in clients.values():
            client.raise_request_exception = False
        yield Town(owner, road, shifts, *plans, link, folder, clients)


def _a_plan(key: Client, depot_id: UUID, day: date) -> str:
    wish = {"day": day.isoformat(), "seconds": 1, "depot_ids": [str(depot_id)]}
    plan = _post(key, "/api/v1/plans", wish)["id"]
    run_jobs()
    return str(plan)


def _post(key: Client, path: str, body: Any) -> Any:
    answer = key.post(path, body, content_type=JSON, headers={"Idempotency-Key": str(uuid7())})
    assert answer.status_code < 300, answer.content
    return answer.json()


def snapshot(superuser: psycopg.Connection[Any], folder: Path) -> dict[str, str]:
    """A hash of the rows of every table, seen as superuser, and the names of the files that are kept."""
    tables = superuser.execute(
        "select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace"
        " where n.nspname = 'public' and c.relkind in ('r', 'p') and not c.relispartition order by 1"
    ).fetchall()
    counted = [name for (name,) in tables if name not in UNCOUNTED]
    each = [
        sql.SQL("select {}, count(*) || ' ' || md5(coalesce(string_agg(t::text, ',' order by t::text), '')) from {} t")
        .format(sql.Literal(name), sql.Identifier(name))
        for name in counted
    ]  # fmt: skip
    rows = dict(superuser.execute(sql.SQL(" union all ").join(each)).fetchall())
    files = sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
    return {**rows, "files": " ".join(files)}


def send(town: Town, who: str, method: str, path: str, body: Any, headers: dict[str, str] | None = None) -> Any:
    """One request. `{order}` and the like stand for ids; bytes go out as they are; POSTs get a key."""
    names = town.names()
    for name, ident in names.items():
        path = path.replace(f"{{{name}}}", ident)
    kind = JSON
    if isinstance(body, bytes):
        kind = (headers or {}).pop("Content-Type", JSON)
    elif body is not None:
        body = json.dumps(body)
        for name, ident in names.items():
            body = body.replace(f"{{{name}}}", ident)
        body = body.encode()
    said = {"Idempotency-Key": str(uuid7()), **(headers or {})}
    return town.clients[who].generic(method, path, body or b"", content_type=kind, headers=said)


def refused(answer: HttpResponse, code: str) -> None:
    """A refusal: a problem document with that code, a cause and a remedy, and nothing of our insides."""
    text = answer.content.decode()
    assert 400 <= answer.status_code < 500, f"{answer.status_code}: {text[:500]} {getattr(answer, 'exc_info', '')}"
    assert answer["Content-Type"] == "application/problem+json"
    said = json.loads(text)
    assert said["code"] == code, text[:800]
    assert said["status"] == answer.status_code
    assert said["detail"], text
    assert said["remedy"], text
    assert said["request_id"] == answer["X-Request-ID"]
    assert not [leak for leak in LEAKS if leak in text], text[:800]
    assert len(text) < 20_000


def an_order_with(**changes: Any) -> dict[str, Any]:
    """An order that would be taken but for `changes`."""
    return raw_order(90, **{"external_id": None, **changes})


def a_task_with(**changes: Any) -> dict[str, Any]:
    """An order whose only task is changed."""
    return an_order_with(tasks=[raw_task(90, **changes)])


def a_window(start: str, end: str, **more: Any) -> dict[str, Any]:
    """An order with one window."""
    return a_task_with(windows=[{"start": start, "end": end, **more}])
