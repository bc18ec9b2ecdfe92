"""Proposals in the console: asked for where something is off plan, read in parts, accepted or declined once."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from homestretch.accounts import queries as accounts
from homestretch.dispatch import actions as dispatch
from homestretch.dispatch import queries as routes
from homestretch.dispatch.values import StopOutcome
from homestretch.doors.console.frame import frame_of
from homestretch.doors.console.recovery.words import ends, fate, late, summary
from homestretch.events.clock import set_clock
from homestretch.events.scope import scope
from homestretch.recovery import actions, queries
from homestretch.recovery.models import Proposal
from homestretch.recovery.values import Cause, Wish
from tests.town.accounts import a_member, a_merchant, signed_in
from tests.town.dispatch import Road, a_road, an_owner
from tests.town.fleet import a_depot
from tests.town.orders import an_order
from tests.town.places import AT
from tests.work import run_due, run_jobs

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_eight")]


@pytest.fixture
def roads() -> tuple[Road, Road]:
    """Two routes of one depot under way, and a policy that searches for a second."""
    by = an_owner()
    actions.set_policy({"seconds": 1}, by=by, at=AT)
    depot = a_depot(by)
    return a_road(by, 2, depot=depot).start(), a_road(by, 2, first_number=4, depot=depot).start()


def asked(client: Client, **form: Any) -> UUID:
    """A proposal that was asked for through the form."""
    answer = client.post("/proposals/ask", form)
    assert answer.status_code == 302, answer.content
    return UUID(answer["Location"].rpartition("/")[2])


def row_of(by: Any, ident: UUID) -> Proposal:
    with scope(by):
        return queries.proposal(ident)


def open_on(road: Road) -> int:
    with scope(road.by):
        return len(routes.open_stops(road.route_id))


def test_one_is_asked_for_shown_while_it_is_searched_and_carried_out_once(roads: tuple[Road, Road]) -> None:
    down, other = roads
    office = signed_in(down.by)
    empty = office.get("/proposals").content.decode()
    assert "Nothing is proposed now" in empty
    assert "Van 1" in empty, "its route can be asked about"
    ident = asked(office, kind="vehicle_down", route_id=down.route_id, nonce="1")
    page = f"/proposals/{ident}"
    assert f'hx-get="{page}/search"' in office.get(page).content.decode()
    assert "being searched" in office.get("/").content.decode()
    run_jobs()
    made = office.get(f"{page}/search").content.decode()
    assert "hx-get" not in made, "what is found is not looked for again"
    assert "<html" not in made
    assert "Van 2 takes over 2 stops from Van 1" in made
    assert "nobody comes" in made
    assert re.search(r"Van 1<small class=\"block\">.*?Gives 2 stops.*?stands still", made, re.S)
    today = office.get("/").content.decode()
    assert "Vehicle down: Van 1" in today
    assert today.index("needs-proposals") < today.index("Routes")
    version = row_of(down.by, ident).version
    stale = office.post(f"{page}/accept", {"hunk": ["1"], "version": version + 5, "nonce": "2"})
    assert (stale.status_code, "proposal.stale" in stale.content.decode()) == (412, True)
    for _ in range(2):
        form = {"hunk": ["1"], "version": version, "nonce": "3"}
        assert office.post(f"{page}/accept", form).status_code == 302
    assert (open_on(down), open_on(other) > 2) == (0, True)
    done = office.get(page).content.decode()
    assert "Taken" in done
    assert "Not seen by the driver yet" in done
    with scope(down.by):
        version = routes.route(other.route_id).version
    dispatch.read_route(other.route_id, version, by=other.driver, at=AT + timedelta(minutes=5))
    assert "Seen by the driver at 08:05" in office.get(page).content.decode()
    assert "Accept what is ticked" not in done
    assert "needs-proposals" not in office.get("/").content.decode()
    assert "What became of the others" in office.get("/proposals").content.decode()


def test_parts_that_do_not_fit_alone_and_none_at_all_are_refused_on_the_page(roads: tuple[Road, Road]) -> None:
    down, _ = roads
    office = signed_in(down.by)
    ident = asked(office, kind="vehicle_down", route_id=down.route_id)
    run_jobs()
    none = office.post(f"/proposals/{ident}/accept", {"nonce": "1"})
    assert (none.status_code, "hunk.none_chosen" in none.content.decode()) == (422, True)
    assert not re.search(r'name="hunk"[^>]* checked', none.content.decode()), "it stands as it was ticked"
    strange = office.post(f"/proposals/{ident}/accept", {"hunk": ["99", "x"], "nonce": "2"})
    assert (strange.status_code, "hunk.not_found" in strange.content.decode()) == (404, True)
    assert row_of(down.by, ident).state == "made"


def test_one_is_declined_with_words_that_stay(roads: tuple[Road, Road]) -> None:
    down, _ = roads
    office = signed_in(down.by)
    ident = asked(office, kind="vehicle_down", route_id=down.route_id)
    run_jobs()
    office.post(f"/proposals/{ident}/decline", {"reason": "the van runs again", "nonce": "1"})
    page = office.get(f"/proposals/{ident}").content.decode()
    assert "the van runs again" in page
    again = office.post(f"/proposals/{ident}/decline", {"nonce": "2"})
    assert (again.status_code, "proposal.settled" in again.content.decode()) == (409, True)
    new = asked(office, kind="vehicle_down", route_id=down.route_id, scope="all", nonce="3")
    assert (new != ident, row_of(down.by, new).scope) == (True, "all")


def test_what_nobody_accepts_in_time_expires_and_another_may_be_asked_for(roads: tuple[Road, Road]) -> None:
    down, other = roads
    office = signed_in(down.by)
    first = asked(office, kind="vehicle_down", route_id=down.route_id)
    run_jobs()
    set_clock(AT + timedelta(minutes=30))
    run_due()
    assert row_of(down.by, first).state == "expired"
    assert "Nobody said yes within half an hour" in office.get(f"/proposals/{first}").content.decode()
    second = asked(office, kind="vehicle_down", route_id=down.route_id)
    assert second != first
    run_jobs()
    with scope(down.by):
        order = [stop.id for stop in routes.open_stops(other.route_id)]
    dispatch.resequence(other.route_id, order[::-1], by=down.by, at=AT + timedelta(minutes=31))
    run_jobs()
    assert "The day has overtaken it" in office.get(f"/proposals/{second}").content.decode()


def test_one_that_waited_too_long_does_not_stand_in_the_way_before_the_clock_has_ended_it(
    roads: tuple[Road, Road],
) -> None:
    by, wish = roads[0].by, Wish("vehicle_down", route_id=roads[0].route_id)
    first = actions.ask(wish, by=by, at=AT)
    run_jobs()
    again = actions.ask(wish, by=by, at=AT + timedelta(minutes=31))
    assert (again.id != first.id, row_of(by, first.id).state) == (True, "expired")


def test_what_comes_to_nothing_says_why_and_what_helps(roads: tuple[Road, Road]) -> None:
    office = signed_in(roads[0].by)
    ident = asked(office, kind="late", route_id=roads[0].route_id)
    run_jobs()
    page = office.get(f"/proposals/{ident}").content.decode()
    assert "proposal.nothing_better" in page
    assert "Ask again" in page


def test_it_is_asked_for_at_the_matter_that_it_settles(roads: tuple[Road, Road]) -> None:
    road, _ = roads
    by = road.by
    dispatch.fail_stop(road.stops[0].id, StopOutcome(reason="recipient_absent"), by=road.driver, at=AT)
    run_jobs()
    with scope(by):
        exception = queries.exceptions().get()
    office = signed_in(by)
    page = office.get("/").content.decode()
    form = re.search(r'<form[^>]*action="/proposals/ask">.*?</form>', page, re.S)
    assert form is not None
    sent = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form[0]))
    assert (sent["kind"], sent["exception_id"]) == ("retry", str(exception.id))
    ident = asked(office, **sent)
    assert 'action="/proposals/ask"' not in office.get("/").content.decode(), "it is asked for"
    run_jobs()
    row = row_of(by, ident)
    office.post(f"/proposals/{ident}/accept", {"hunk": ["1"], "version": row.version})
    with scope(by):
        assert queries.exception(exception.id).state == "resolved"


def test_each_matter_asks_for_what_would_settle_it_and_only_for_today(roads: tuple[Road, Road]) -> None:
    road, by = roads[0], roads[0].by
    late_order, new, later = road.orders[0], an_order(by, 8), an_order(by, 9, day="2026-11-24")
    causes = [
        Cause("vehicle_silent", "a", "high", route_id=road.route_id),
        Cause("promise_at_risk", "b", "low", order_id=late_order.id),
        Cause("unassigned", "c", "low", order_id=new.id),
        Cause("unassigned", "d", "low", order_id=later.id),
        Cause("attempt_failed", "e", "high", "recipient_absent", late_order.id, road.route_id, road.stops[0].id),
        Cause("recipient_problem", "f", "low", order_id=new.id),
    ]
    rows = [actions.raise_(cause, by=by, at=AT) for cause in causes]
    with scope(by):
        found = queries.wishes(queries.exceptions().select_related("order"), AT.date())
    assert {ident: (wish.kind, wish.route_id or wish.order_id) for ident, wish in found.items()} == {
        rows[0].id: ("vehicle_down", road.route_id),
        rows[1].id: ("late", road.route_id),
        rows[2].id: ("insert", new.id),
    }


def test_an_order_that_waits_is_given_a_place_from_its_page(roads: tuple[Road, Road]) -> None:
    by = roads[0].by
    new = an_order(by, 8)
    office = signed_in(by)
    assert "Find a place on a route of today" in office.get(f"/orders/{new.id}").content.decode()
    ident = asked(office, kind="insert", order_id=new.id)
    run_jobs()
    assert "takes 1 stop more" in office.get(f"/proposals/{ident}").content.decode()
    refused = office.post("/proposals/ask", {"kind": "boredom"}, follow=True)
    assert "proposal.kind_unknown" in refused.content.decode()


def test_the_list_goes_on_page_by_page(roads: tuple[Road, Road], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("homestretch.doors.console.recovery.views.PER_PAGE", 2)
    by, wish = roads[0].by, Wish("late", route_id=roads[0].route_id)
    for minute in range(3):
        row = actions.ask(wish, by=by, at=AT + timedelta(minutes=minute))
        actions.fail(row.id, None, _nothing(), by=by, at=AT + timedelta(minutes=minute))
    office = signed_in(by)
    first = office.get("/proposals").content.decode()
    assert first.count("Came to nothing") == 2
    link = re.search(r'rel="next" href="([^"]+)"', first)
    assert link is not None
    second = office.get(link[1].replace("&amp;", "&")).content.decode()
    assert (second.count("Came to nothing"), 'rel="next"' in second) == (1, False)
    assert office.get("/proposals?cursor=never").status_code == 200


def _nothing() -> Any:
    from homestretch.kernel.refusal import Refusal

    return Refusal("proposal.nothing_better", "nothing better was found", remedy="go on")


def test_viewers_look_merchants_and_strangers_do_not(roads: tuple[Road, Road]) -> None:
    by = roads[0].by
    ident = asked(signed_in(by), kind="vehicle_down", route_id=roads[0].route_id)
    run_jobs()
    with scope(by):
        organization = accounts.organization()
    viewer = signed_in(a_member(organization, "viewer"))
    page = viewer.get(f"/proposals/{ident}").content.decode()
    assert "Who gains, who loses" in page
    assert 'name="hunk"' not in page
    assert "Ask for one" not in viewer.get("/proposals").content.decode()
    for act in (f"{ident}/accept", f"{ident}/decline", "ask"):
        assert viewer.post(f"/proposals/{act}", {"kind": "late"}).status_code == 403
    shop = signed_in(a_member(organization, "merchant", a_merchant(by).id))
    stranger = signed_in(an_owner("Next Door"))
    assert shop.get(f"/proposals/{ident}/search").status_code == 403
    for address in (f"/proposals/{ident}", f"/proposals/{ident}/search"):
        assert stranger.get(address).status_code == 404
    assert stranger.post(f"/proposals/{ident}/accept", {"hunk": ["1"]}).status_code == 404
    assert stranger.post("/proposals/ask", {"kind": "late", "route_id": roads[0].route_id}).status_code == 404
    assert str(ident) not in stranger.get("/proposals").content.decode()


def test_what_waits_for_a_yes_is_counted_beside_today(roads: tuple[Road, Road]) -> None:
    by = roads[0].by
    actions.ask(Wish("vehicle_down", route_id=roads[0].route_id), by=by, at=AT)
    assert next(link.waiting for link in frame_of(by, "today").links if link.name == "today") == ""
    run_jobs()
    assert next(link.waiting for link in frame_of(by, "today").links if link.name == "today") == "1"


@pytest.mark.parametrize(
    ("before", "after", "said", "look"),
    [
        (None, 0, ("nobody comes", "in time"), "good"),
        (0, 600, ("in time", "10 min late"), "bad"),
        (600, None, ("10 min late", "nobody comes"), "bad"),
        (600, 20, ("10 min late", "1 min late"), "warn"),
    ],
)
def test_how_a_promise_fares(before: int | None, after: int | None, said: tuple[str, str], look: str) -> None:
    assert ((late(before), late(after)), fate(before, after)) == (said, look)


def test_what_it_does_in_few_words() -> None:
    assert [ends(minutes) for minutes in (18, -3, 0)] == ["18 min later", "3 min sooner", "as before"]
    figures = {"moved": 1, "left": 2, "broken_before": 4, "broken_after": 1}
    assert summary(figures) == "1 stop moved, 1 instead of 4 promises broken, 2 without a place"
    same = {"moved": 0, "left": 0, "broken_before": 1, "broken_after": 1}
    assert summary(same) == "another order, 1 promise broken either way"
