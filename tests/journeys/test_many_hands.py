"""Five dispatchers edit one plan through the doors: each edit is kept once or refused with who changed what; each keeps
an own picture by the event stream, as the board does, and all pictures end alike."""

from __future__ import annotations

import json
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from homestretch.accounts import queries as accounts
from homestretch.events.scope import scope
from homestretch.kernel.ids import new_secret
from homestretch.plans import queries, standing
from homestretch.plans.models import Revision
from homestretch.plans.rules.draft import Draft
from homestretch.plans.rules.edits import apply
from homestretch.plans.store import problem_of
from tests.browser.day import PASSWORD, with_password
from tests.browser.site import Site, a_site
from tests.plans.test_plans import solved
from tests.town.accounts import a_member, owner_of
from tests.town.accounts import an_organization as a_company
from tests.town.fleet import DAY, a_fleet
from tests.town.messaging import a_post
from tests.town.orders import an_order, orders

HANDS = 5
API = "/api/v1"
PATIENCE_S = 30.0
REFUSED = {"plan.revision_conflict", "plan.locked_conflict"}


def a_session(site: Site, email: str) -> httpx.Client:
    """Signed in through the form."""
    client = httpx.Client(base_url=site.url, timeout=PATIENCE_S, follow_redirects=True)
    client.get("/accounts/login/")
    form = {"login": email, "password": PASSWORD, "csrfmiddlewaretoken": client.cookies["csrf"]}
    answer = client.post("/accounts/login/", data=form, headers={"Referer": site.url})
    assert "logout" in answer.text, answer.text[:500]
    return client


@dataclass
class Hand:
    """A dispatcher with a board open: what they see, what they did, and how long each answer took."""

    client: httpx.Client
    number: int
    plan_id: str = ""
    revision: int = 0
    routes: dict[str, list[str]] = field(default_factory=dict)
    left: set[str] = field(default_factory=set)
    kept: dict[str, int] = field(default_factory=dict)
    refusals: list[dict[str, Any]] = field(default_factory=list)
    took: list[float] = field(default_factory=list)
    kept_at: float = 0.0
    seen_at: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def open(self) -> str:
        """Read the board; the position in the log from which its stream goes on."""
        board = self.client.get(f"{API}/board", params={"day": str(DAY)}).raise_for_status().json()
        visits = {stop["id"]: stop["visit"] for stop in board["stops"]}
        self.plan_id, self.revision = board["plan"]["id"], board["plan"]["revision"]
        self.routes = {one["id"]: [] for one in board["shifts"]}
        self.routes |= {one["shift_id"]: [visits[ident] for ident in one["stops"]] for one in board["routes"]}
        self.left = {one["visit"] for one in board["unassigned"]}
        return str(board["cursor"])

    def listen(self, cursor: str, opened: threading.Event, over: threading.Event) -> None:
        """Follow the stream: what others keep is laid on the own picture."""
        with self.client.stream("GET", "/live/events", params={"after": cursor}, timeout=PATIENCE_S) as stream:
            opened.set()
            for line in stream.iter_lines():
                if over.is_set():
                    return
                if line.startswith("data:") and '"plan.edited"' in line:
                    self.heard(json.loads(line[5:])["data"]["revision"])

    def heard(self, revision: int) -> None:
        """Read what lies between, unless it is here already."""
        with self._lock:
            if revision <= self.revision:
                return
            params = {"since": self.revision}
            self.lay(self.client.get(f"{API}/plans/{self.plan_id}/changes", params=params).raise_for_status().json())

    def lay(self, changes: dict[str, Any]) -> None:
        """Changes since the very revision that is seen make the next one of it."""
        if changes["since"] != self.revision or changes["revision"] == self.revision:
            return
        for route in changes["routes"]:
            self.routes[route["shift_id"]] = [stop["visit"] for stop in route["stops"]]
        self.left = (self.left - set(changes["assigned"])) | {one["visit"] for one in changes["unassigned"]}
        self.revision, self.seen_at = changes["revision"], time.monotonic()

    def work(self, count: int) -> None:
        """So many edits, each made on what is seen just then."""
        chance = random.Random(self.number)
        for turn in range(count):
            with self._lock:
                revision, routes = self.revision, {shift: list(visits) for shift, visits in self.routes.items()}
            note = f"{self.number}:{turn}"
            body = {"revision": revision, "edits": [an_edit(chance, routes, sorted(self.left))], "note": note}
            begun = time.monotonic()
            answer = self.edit(body)
            self.took.append(time.monotonic() - begun)
            if answer.status_code != 200:
                self.refusals.append(answer.json())
                continue
            changes = answer.json()
            self.kept[note], self.kept_at = changes["revision"], time.monotonic()
            if chance.random() < 0.1:  # the answer was lost: said again, it is the same edit
                assert self.edit(body, self.key).json()["revision"] == changes["revision"]
            with self._lock:
                self.lay(changes)

    def edit(self, body: dict[str, Any], key: str = "") -> httpx.Response:
        """Send it, under a new key or the one that it was sent with."""
        self.key = key or new_secret("edit")
        headers = {"X-CSRFToken": self.client.cookies["csrf"], "Idempotency-Key": self.key}
        headers["Referer"] = str(self.client.base_url)
        return self.client.post(f"{API}/plans/{self.plan_id}/edits", json=body, headers=headers)


def an_edit(chance: random.Random, routes: dict[str, list[str]], left: list[str]) -> dict[str, Any]:
    """A move, a swap or a lock of something, as one sees it; now and then something is taken off, or put back."""
    on_routes = [visit for visits in routes.values() for visit in visits]
    kind, shift = chance.random(), chance.choice(sorted(routes))
    if left and kind < 0.3:
        return {"op": "move", "visit": chance.choice(left), "shift_id": shift, "position": None}
    visit = chance.choice(on_routes)
    if kind < 0.1:
        return {"op": chance.choice(["lock", "unlock", "unlock"]), "what": "position", "visit": visit}
    if kind < 0.2 and len(on_routes) > 1:
        return {"op": "swap", "visit": visit, "other": chance.choice([each for each in on_routes if each != visit])}
    if kind < 0.25:
        return {"op": "move", "visit": visit, "shift_id": None, "position": None}
    room = len([each for each in routes[shift] if each != visit])
    return {"op": "move", "visit": visit, "shift_id": shift, "position": chance.randint(0, room)}


@pytest.fixture
def day(committed: Any, tmp_path: Path) -> Iterator[tuple[Any, Any, list[Hand]]]:
    """A plan that is solved, its owner, and five dispatchers with the board open."""
    with a_post(tmp_path):
        company = a_company()
        owner = owner_of(company)
        a_fleet(owner)
        orders(owner, 24)
        plan = solved(owner)
        with scope(owner):
            organization = accounts.organization()
        emails = [with_password(a_member(organization, "dispatcher")) for _ in range(HANDS)]
    with a_site(committed, tmp_path) as site:
        hands = [Hand(a_session(site, email), number) for number, email in enumerate(emails)]
        yield owner, plan, hands
        for hand in hands:
            hand.client.close()


@pytest.mark.timeout(1800)
@pytest.mark.parametrize(("edits", "soon_s"), [(100, 30.0), pytest.param(1_000, 1.0, marks=pytest.mark.prove)])
def test_no_edit_is_lost_and_all_see_the_plan_that_was_kept(
    day: tuple[Any, Any, list[Hand]], edits: int, soon_s: float, record_property: Any
) -> None:
    owner, plan, hands = day
    over = threading.Event()
    with ThreadPoolExecutor(2 * HANDS) as pool:
        for hand in hands:
            opened = threading.Event()
            pool.submit(hand.listen, hand.open(), opened, over)
            assert opened.wait(PATIENCE_S)
        for running in [pool.submit(hand.work, edits // HANDS) for hand in hands]:
            running.result()
        last = max(hand.kept_at for hand in hands)
        newest = max(number for hand in hands for number in hand.kept.values())
        while any(hand.revision < newest for hand in hands) and time.monotonic() < last + PATIENCE_S:
            time.sleep(0.005)
        over.set()
        an_order(owner, 900)  # a line on every stream: each listener leaves
    converged = max(max(hand.seen_at for hand in hands) - last, 0.0)
    figures(hands, converged, record_property)
    assert {hand.revision for hand in hands} == {newest}
    assert converged < soon_s
    kept_once(owner, plan, hands, edits)
    seen_alike(owner, plan, hands)


def figures(hands: list[Hand], converged: float, record_property: Any) -> None:
    """What it took, for who reads the report."""
    took = sorted(seconds for hand in hands for seconds in hand.took)
    told = {
        "edits": len(took),
        "kept": sum(len(hand.kept) for hand in hands),
        "refused": dict(Counter(one["code"] for hand in hands for one in hand.refusals)),
        "edit_p50_ms": round(1000 * took[len(took) // 2]),
        "edit_p95_ms": round(1000 * took[int(0.95 * len(took))]),
        "converged_ms": round(1000 * converged),
    }
    record_property("figures", told)
    print(json.dumps(told))


def kept_once(owner: Any, plan: Any, hands: list[Hand], edits: int) -> None:
    """Each edit is a revision of its own or a refusal that says what, and where somebody was first who; no revision is
    of nobody; from the first one the edits make the last."""
    kept = {note: number for hand in hands for note, number in hand.kept.items()}
    refusals = [one for hand in hands for one in hand.refusals]
    assert len(kept) + len(refusals) == edits
    assert len(kept) > edits // 3
    assert {one["code"] for one in refusals} <= REFUSED
    assert all(one["details"]["by"] for one in refusals), refusals
    with scope(owner):
        rows = list(Revision.objects.filter(plan=plan).order_by("number"))
        shifts = problem_of(queries.head_row(queries.plan(plan.id)).question).shift
        assert {row.note: row.number for row in rows[1:]} == kept
        assert [row.number for row in rows] == list(range(1, len(kept) + 2))
        standing._states._rows.clear()
        first, last = standing.state_of(rows[0]), standing.state_of(rows[-1])
    again = Draft(first.routes, first.unassigned, shifts)
    for row in rows[1:]:
        apply(again, row.edits)
    assert again.frozen() == dict(last.routes)
    assert set(again.unassigned) == set(last.unassigned)


def seen_alike(owner: Any, plan: Any, hands: list[Hand]) -> None:
    """What each has made of the changes that were told is the plan that stands."""
    with scope(owner):
        state = standing.state_of(queries.head_row(queries.plan(plan.id)))
    stands = {shift: list(visits) for shift, visits in state.routes.items() if visits}
    for hand in hands:
        assert {shift: visits for shift, visits in hand.routes.items() if visits} == stands
        assert hand.left == set(state.unassigned)
