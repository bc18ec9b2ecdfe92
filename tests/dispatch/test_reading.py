"""What of a route is new to its driver, and that the driver has read it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from homestretch.dispatch import actions, queries
from homestretch.dispatch.rules.news import RETIMED, News, Seen, news
from homestretch.events.log import history
from homestretch.events.scope import scope
from tests.dispatch.phones import Phone
from tests.town.dispatch import Road, a_road, an_owner
from tests.town.fleet import a_driver
from tests.town.places import AT

LATER = AT + timedelta(minutes=10)


def stop(name: str, at: datetime = AT, state: str = "planned") -> Seen:
    return Seen(name, state, at)


def kept(names: Sequence[str]) -> list[tuple[str, datetime]]:
    return [(name, AT) for name in names]


def test_stops_come_go_and_keep_their_turn_at_another_hour() -> None:
    stands = [stop("b", AT + RETIMED), stop("c", AT + RETIMED - timedelta(seconds=1)), stop("n")]
    found = news(kept("abc"), [stop("a", state="cancelled"), *stands])
    assert found == News(added=("n",), gone=("a",), retimed=(("b", AT),))


def test_what_was_served_is_no_news() -> None:
    assert not news(kept("ab"), [stop("a", LATER, "completed"), stop("b")])


@given(st.permutations("abcdef"))
def test_the_fewest_are_said_to_have_moved(names: list[str]) -> None:
    """Against the plain way: the largest part that stands in the old order."""
    moved = news(kept("abcdef"), [stop(name) for name in names]).moved
    stays = [name for name in names if name not in moved]
    assert stays == sorted(stays)
    longest = max(size for size in range(1, 7) for part in combinations(names, size) if list(part) == sorted(part))
    assert len(stays) == longest


def sheet_of(road: Road) -> dict[str, object]:
    with scope(road.driver):
        sheet = queries.route_sheet(road.shift.driver_id)
    assert sheet is not None
    return sheet


def turned(road: Road) -> None:
    """The first stop goes to the end."""
    first, *others = [one.id for one in road.stops]
    actions.resequence(road.route_id, [*others, first], by=road.by, at=LATER)


def test_a_changed_route_is_read_once_by_whom_and_when(db: None) -> None:
    road = a_road(an_owner()).start()
    assert sheet_of(road)["changed"] is None
    first = str(road.stops[0].id)
    turned(road)
    changed = sheet_of(road)["changed"]
    assert isinstance(changed, dict)
    assert (changed["moved"], changed["added"], changed["gone"]) == ([first], [], [])
    assert (changed["version"], road.route.changed_at) == (road.route.version, LATER)
    phone = Phone(road)
    taps = [phone.tap("read_route", route_id=road.route_id, version=changed["version"]) for _ in range(2)]
    assert {result.outcome for result in phone.send(*taps)} == {"applied"}
    route = road.route
    assert (route.changed_at, route.read_version, route.read_at) == (None, changed["version"], taps[0].at)
    assert route.read_by == str(road.driver)
    assert sheet_of(road)["changed"] is None
    with scope(road.by):
        assert [event.type for event in history("route", road.route_id)].count("route.read") == 1


def test_who_read_an_older_version_has_something_to_read_still(db: None) -> None:
    road = a_road(an_owner()).start()
    before = road.route.version
    turned(road)
    actions.read_route(road.route_id, before, by=road.driver, at=LATER)
    assert (road.route.changed_at, road.route.read_version) == (LATER, before)


def test_what_is_changed_back_needs_no_reading(db: None) -> None:
    road = a_road(an_owner()).start()
    turned(road)
    actions.read_route(road.route_id, road.route.version, by=road.driver, at=LATER)
    was = [one.id for one in road.stops]
    turned(road)
    assert road.route.changed_at == LATER
    actions.resequence(road.route_id, was, by=road.by, at=LATER)
    assert road.route.changed_at is None


def test_who_accepts_a_route_has_read_it_as_the_phone_showed_it(db: None) -> None:
    road, other = a_road(an_owner()), a_road(an_owner("Next Door"))
    for one in (road, other):
        turned(one)
        assert sheet_of(one)["changed"] is None, "the whole of it waits for the driver's yes"
    newest = Phone(road).tap("accept_route", route_id=road.route_id, version=road.route.version)
    Phone(road).send(newest)
    assert (road.route.state, road.route.changed_at) == ("accepted", None)
    older = Phone(other).tap("accept_route", route_id=other.route_id, version=1)
    Phone(other).send(older)
    assert (other.route.state, other.route.changed_at) == ("accepted", LATER)


def test_everything_is_new_to_another_driver(db: None) -> None:
    road = a_road(an_owner()).start()
    ids = [str(one.id) for one in road.stops]
    dan = a_driver(road.by, name="Dan")
    actions.reassign(road.route_id, dan.id, by=road.by, at=LATER)
    with scope(road.by):
        changed = queries.route_sheet(dan.id)["changed"]
    assert changed["added"] == ids


def test_a_version_that_is_none_is_refused(db: None) -> None:
    road = a_road(an_owner()).start()
    (result,) = Phone(road).send(Phone(road).tap("read_route", route_id=road.route_id, version="new"))
    assert result.refusal["code"] == "intent.malformed"
