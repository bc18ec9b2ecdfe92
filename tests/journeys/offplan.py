"""A running day with an office, drivers' phones and recipients, all through the doors; tests bring it off plan.

Whoever stands behind a door is a client: the office a program with all rights, a driver a phone, a recipient a link.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.test import Client

from homestretch.accounts.actions import update_organization
from homestretch.accounts.rules import SCOPES
from homestretch.events.clock import set_clock
from homestretch.kernel.actor import Actor
from homestretch.kernel.ids import uuid7
from tests.town.accounts import a_key, a_link, a_phone, bearing
from tests.town.dispatch import Road, a_road, an_owner
from tests.town.fleet import a_depot
from tests.town.messaging import Post, a_post, it_is
from tests.town.places import AT
from tests.work import run_drains

API = "/api/v1"
NEWS = ("scheduled", "changed", "cancelled", "failed")
EVERYTHING = {"suggest_late_s": 60, "seconds": 1}  # of the policy: whatever is a minute late is proposed for


@dataclass
class Off:
    """The day. `roads` are under way; `phones` are their drivers', in the same order; `now` is what the clock says."""

    by: Actor
    office: Client
    post: Post
    now: datetime = AT
    roads: list[Road] = field(default_factory=list)
    phones: list[Client] = field(default_factory=list)
    taps: int = 0

    def drives(self, *roads: Road) -> None:
        """These routes have phones from now on."""
        for road in roads:
            self.roads.append(road)
            self.phones.append(bearing(a_phone(self.by, road.shift.driver_id, at=self.now)))

    def waits(self, minutes: int) -> None:
        """So much later, and nothing was done yet."""
        self.now += timedelta(minutes=minutes)
        set_clock(self.now)

    def works(self, minutes: int = 0) -> None:
        """So much later; all that is due by then is done, and what readers of the log do."""
        self.now += timedelta(minutes=minutes)
        it_is(self.now)
        run_drains(self.by.organization_id)
        it_is(self.now)

    def posts(self, client: Client, path: str, body: Any = None) -> Any:
        """A request that is taken; its answer."""
        key = {"Idempotency-Key": str(uuid7())}
        answer = client.post(f"{API}{path}", body or {}, content_type="application/json", headers=key)
        assert answer.status_code < 300, answer.content
        return answer.json() if answer.content else None

    def gets(self, path: str) -> Any:
        """What the office reads."""
        answer = self.office.get(f"{API}{path}")
        assert answer.status_code == 200, answer.content
        return answer.json()

    def taps_on(self, number: int, *taps: tuple[str, dict[str, Any]]) -> Any:
        """What the driver of a route taps, sent with the phone's next look."""
        sent = []
        for kind, body in taps:
            self.taps += 1
            made = {"id": str(uuid7()), "kind": kind, "counter": self.taps, "at": self.now.isoformat()}
            sent.append({**made, **body})
        answer = self.posts(self.phones[number], "/driver/sync", {"intents": sent})
        assert {one["outcome"] for one in answer["outcomes"]} <= {"applied"}, answer["outcomes"]
        return answer["sheet"]

    def recipient(self, order: Any) -> Client:
        """Who has the order's tracking link."""
        return bearing(a_link(self.by, order.id, at=self.now))

    def proposed(self, kind: str, about: object = None) -> dict[str, Any]:
        """The one proposal of its kind that waits for a yes, about a route where it is of one; nobody asked for it."""
        items = self.gets("/recovery/proposals")["items"]
        mine = [item for item in items if item["kind"] == kind and item["route_id"] in (None, str(about))]
        assert [item["state"] for item in mine] == ["made"], [(i["kind"], i["state"], i["failure"]) for i in items]
        return mine[0]  # type: ignore[no-any-return]

    def accepts(self, proposal: dict[str, Any]) -> Counter[str]:
        """The office says yes, and all that follows; the orders of which an SMS told something new by that."""
        before = self.told()
        self.posts(self.office, f"/recovery/proposals/{proposal['id']}/accept", {"version": proposal["version"]})
        self.works()
        return self.told() - before

    def told(self) -> Counter[str]:
        """How many SMS told something new about each order; that the driver comes near is none of it."""
        items = [item for kind in NEWS for item in self.gets(f"/messages?kind={kind}&limit=200")["items"]]
        return Counter(item["order_id"] for item in items if (item["channel"], item["state"]) == ("sms", "sent"))

    def seen(self, number: int) -> list[dict[str, Any]]:
        """The open stops of a route as its driver's phone shows them, once the phone has the newest version and its
        driver has said to have read what was changed."""
        road, phone = self.roads[number], self.phones[number]
        known: dict[str, Any] = {"known_route_id": str(road.route_id), "known_version": 0}
        sheet = self.posts(phone, "/driver/sync", known)["sheet"]
        known["known_version"] = sheet["version"]
        assert self.posts(phone, "/driver/sync", known)["sheet"] is None
        route = self.gets(f"/routes/{road.route_id}")
        assert route["acknowledged"] == route["version"] == sheet["version"]
        changed = sheet["changed"]
        if changed is not None:
            assert route["changed_at"] == changed["at"] and route["read_version"] < changed["version"]
            read = {"route_id": str(road.route_id), "version": changed["version"]}
            assert self.taps_on(number, ("read_route", read))["changed"] is None
            route = self.gets(f"/routes/{road.route_id}")
            assert (route["changed_at"], route["read_version"]) == (None, changed["version"])
        return [stop for stop in sheet["stops"] if stop["state"] in ("planned", "en_route", "arrived", "skipped")]

    def late(self, proposal: dict[str, Any]) -> Counter[str]:
        """The orders that a proposal makes wait past what was promised: of each one is to be told once."""
        return Counter({said["order"] for said in proposal["promises"] if (said["after"] or 0) >= 60})


def orders_on(stops: Sequence[dict[str, Any]]) -> list[str]:
    """The orders of a sheet's stops, in their order."""
    return [task["order_id"] for stop in stops for task in stop["tasks"] if task["open"]]


@contextmanager
def a_day_off_plan(folder: Path, **policy: int) -> Iterator[Off]:
    """An office whose policy proposes unasked, at eight in the town; no route yet. Promises end with the planned
    minute."""
    with a_post(folder, at=AT) as post:
        by = an_owner()
        rules = {"promise_early_s": 3600, "promise_late_s": 0, "silent_after_s": 24 * 3600}  # phones send no positions
        update_organization(rules, by=by, at=AT)
        day = Off(by, bearing(a_key(by, *SCOPES)), post)
        stands = day.office.get(f"{API}/recovery/policy")
        changed = day.office.patch(
            f"{API}/recovery/policy",
            {**EVERYTHING, **policy},
            content_type="application/json",
            headers={"If-Match": stands["ETag"]},
        )
        assert changed.status_code == 200, changed.content
        yield day


def two_roads(day: Off, count: int = 3) -> tuple[Road, Road]:
    """Two routes of one depot, whose drivers have set out by their phones and whose recipients know when."""
    depot = a_depot(day.by)
    first = a_road(day.by, count, depot=depot)
    second = a_road(day.by, count, first_number=count + 1, depot=depot)
    day.drives(first, second)
    day.works()
    for number, road in enumerate((first, second)):
        day.taps_on(number, ("start_route", {"route_id": str(road.route_id)}))
    day.works()
    return first, second
