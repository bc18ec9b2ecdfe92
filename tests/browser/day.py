"""A morning in the invented town: routes under way, some attempts failed, one vehicle silent.

A `Cast` says who drives what and how far they are: the ordinary morning's is here, a crowded one's in `crowd.py`.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

from homestretch.accounts.models import User
from homestretch.dispatch import actions as dispatch
from homestretch.dispatch.actions.release import put_on_road
from homestretch.dispatch.values import StopOutcome
from homestretch.events.clock import set_clock
from homestretch.events.scope import scope
from homestretch.fleet import actions as fleet
from homestretch.kernel.actor import Actor, system
from homestretch.kernel.geo import Point, between, offset
from homestretch.tracking import actions as tracking
from tests.town.accounts import a_link, a_member, an_organization, email_of, owner_of
from tests.town.dispatch import FIRST, Road, as_driver, draft_of
from tests.town.fleet import DAY, a_depot, a_driver, a_shift_rule, a_vehicle
from tests.town.messaging import a_post
from tests.town.orders import an_order
from tests.town.places import AT, SQUARE
from tests.town.tracking import bring, halt, on_duty, track
from tests.work import run_drains, run_due, run_jobs

NOW = AT + timedelta(hours=2, minutes=24)
PASSWORD = "a long word of no use elsewhere"
STREETS = ("Mill Lane", "Rue du Marché", "Am Weiher", "Quai Neuf", "Rosenweg", "Station Road", "Côte d'Eich")


@dataclass(frozen=True, slots=True)
class Cast:
    """Whose morning it is. `stops` and `done`: of each route; `failed`: the reason by route and stop; `silent`: routes
    whose vehicle was last heard of an hour ago; `later`: those that leave after noon; `apart_min`: minutes from stop to
    stop as planned, `pace_min` as driven; `packages` of each order.
    """

    organization: str
    drivers: tuple[str, ...]
    vans: tuple[str, ...]
    stops: tuple[int, ...]
    done: tuple[int, ...]
    failed: dict[tuple[int, int], str]
    silent: frozenset[int]
    pace_min: tuple[int, ...]
    apart_min: int = 20
    streets: tuple[str, ...] = STREETS
    recipients: tuple[str, ...] = ("Rosa",)
    merchant_orders: int = 5
    later: frozenset[int] = frozenset()
    packages: int = 0


ORDINARY = Cast(
    organization="Saint-Aubin Vans",
    drivers=("Mira Hoffmann", "Jonas Weber", "Aïcha Diallo", "Tom Lefèvre"),
    vans=("Sprinter 1", "Sprinter 2", "e-Vito 3", "Cargo bike 4"),
    stops=(9, 8, 9, 7),
    done=(6, 5, 3, 4),
    failed={(0, 2): "recipient_absent", (1, 1): "address_not_found", (2, 0): "refused"},
    silent=frozenset({3}),
    pace_min=(18, 23, 18, 18),
)


@dataclass(frozen=True)
class Scene:
    """Who may look at it, and the address of one recipient whose order is done, and of one whose is on its way."""

    owner: Actor
    email: str
    roads: list[Road]
    done_link: str
    next_link: str
    owner_email: str
    cast: Cast


def an_empty_day(folder: Path) -> dict[str, str]:
    """An organization that has just been made; the e-mail of its dispatcher and of its owner, by role."""
    with a_post(folder, at=NOW):
        organization = an_organization("Quiet Vans")
        people = {"dispatcher": a_member(organization, "dispatcher"), "owner": owner_of(organization)}
    return {role: with_password(person) for role, person in people.items()}


def with_password(person: Actor) -> str:
    """The e-mail of a person who can sign in through the form by `PASSWORD`."""
    email = email_of(person)
    user = User.objects.get(email=email)
    user.set_password(PASSWORD)
    user.save()
    from allauth.account.models import EmailAddress

    EmailAddress.objects.update_or_create(user=user, email=email, defaults={"verified": True, "primary": True})
    return email


def a_day(folder: Path, cast: Cast = ORDINARY) -> Scene:
    """The scene at 10:24 local time. The clock stands there; messages went to the fakes' inbox in `folder`."""
    chance = random.Random(4)
    with a_post(folder, at=AT):
        owner = owner_of(an_organization(cast.organization))
        depot = a_depot(owner, name="Saint-Aubin depot")
        roads = [_a_road(owner, depot, cast, number, chance) for number in range(len(cast.stops))]
        run_jobs()
        for number, road in enumerate(roads):
            if number not in cast.later:
                _drive(road, cast, number)
        for minute in (45, 95):
            set_clock(AT + timedelta(minutes=minute))
            run_due()
        set_clock(NOW)
        for road in roads:
            tracking.follow(road.route_id, by=system(owner.organization_id), at=NOW)
        run_due()
        run_drains(owner.organization_id)
        run_due()
        an_order(owner, 9000, task={"place": {"address": "Somewhere 7"}}, at=NOW)
        for number in range(9001, 9005):
            an_order(owner, number, recipient={"name": "Rosa"}, task={"place": near(number)}, at=NOW)
        dispatcher = a_member(_organization(owner), "dispatcher")
        return Scene(
            dispatcher,
            with_password(dispatcher),
            roads,
            a_link(owner, roads[0].orders[0].id, at=NOW),
            a_link(owner, roads[0].orders[cast.done[0]].id, at=NOW),
            with_password(owner),
            cast,
        )


def _organization(owner: Actor) -> Any:
    from homestretch.accounts import queries

    with scope(owner):
        return queries.organization()


def _a_road(owner: Actor, depot: Any, cast: Cast, number: int, chance: random.Random) -> Road:
    vehicle = a_vehicle(owner, depot.id, name=cast.vans[number])
    driver = a_driver(owner, name=cast.drivers[number], phone=f"+35262112345{number}")
    rule = a_shift_rule(
        owner, vehicle.id, weekday=None, day=DAY, driver_id=driver.id, starts=time(7, 30), ends=time(17)
    )
    shift = next(one for one in fleet.open_day(DAY, by=owner, at=AT) if one.rule_id == rule.id)
    heading = (number + 0.35) * 6.28 / len(cast.stops)
    orders = [_an_order(owner, cast, number, step, heading, chance) for step in range(cast.stops[number])]
    first = AT + timedelta(hours=6) if number in cast.later else FIRST
    draft = draft_of(owner, shift, orders, first=first, apart=timedelta(minutes=cast.apart_min))
    with scope(owner):
        (route,) = put_on_road([draft], None, 1, by=owner, at=AT)
    return Road(owner, as_driver(owner, driver.id), shift, orders, route.id)


def _an_order(owner: Actor, cast: Cast, number: int, step: int, heading: float, chance: random.Random) -> Any:
    """Stops go out from the town's square in the route's own direction, and come back beside it."""
    from math import cos, sin

    there = step / cast.stops[number]
    way = 1.0 + 3.2 * (1 - abs(2 * there - 1)) + chance.uniform(-0.4, 0.4)
    angle = heading + (there - 0.5) * 5.2 / len(cast.stops) + chance.uniform(-0.12, 0.12)
    point = offset(SQUARE, cos(angle) * way * 1000, sin(angle) * way * 1400)
    address = f"{cast.streets[(number * 3 + step) % len(cast.streets)]} {chance.randint(1, 90)}, Saint-Aubin"
    place = {"address": address, "lat": point.lat, "lon": point.lon}
    written = step in (0, cast.done[0]) and number == 0  # the others get no messages: nobody reads them here
    name = cast.recipients[(number + step) % len(cast.recipients)]
    recipient = {} if written else {"recipient": {"name": f"{name} {step}"}}
    ident = 100 * number + step + 1
    packages = [f"BOX-{ident}-{package + 1}" for package in range(cast.packages)]
    return an_order(owner, ident, task={"place": place, "service_s": 240, "packages": packages}, **recipient)


def near(number: int) -> dict[str, Any]:
    """A place of the town that no route goes to, as a caller writes it."""
    point = offset(SQUARE, (number * 37 % 19 - 9) * 190.0, (number * 53 % 23 - 11) * 230.0)
    return {"address": f"Harbor Road {number % 1000}, Saint-Aubin", "lat": point.lat, "lon": point.lon}


def _point(stop: Any) -> Point:
    return Point(stop.place.lat, stop.place.lon)


def _drive(road: Road, cast: Cast, number: int) -> None:
    """The route up to now: set out, served, and on the way to the next stop."""
    phone, _ = on_duty(road)
    start = AT + timedelta(minutes=8 + number)
    road.start(start)
    tracking.settle_duty(road.route_id, by=system(road.by.organization_id), at=start)
    at = start + timedelta(minutes=15)
    stops = road.stops
    for index, stop in enumerate(stops[: cast.done[number]]):
        _serve(road, stop.id, cast.failed.get((number, index), ""), at)
        at += timedelta(minutes=cast.pace_min[number])
    ahead = stops[cast.done[number]]
    last = NOW - timedelta(minutes=60) if number in cast.silent else NOW
    dispatch.begin_stop(ahead.id, by=road.driver, at=min(at, NOW))
    behind = _point(stops[cast.done[number] - 1])
    where = between(behind, _point(ahead), 0.6)
    bring(road.by, phone, halt(behind, last - timedelta(minutes=5), seconds=30), now=NOW)
    bring(road.by, phone, track(behind, where, last - timedelta(minutes=4), seconds=235), now=NOW)


def _serve(road: Road, stop_id: Any, reason: str, at: datetime) -> None:
    dispatch.begin_stop(stop_id, by=road.driver, at=at - timedelta(minutes=8))
    dispatch.arrive_stop(stop_id, by=road.driver, at=at)
    done = at + timedelta(minutes=4)
    if reason:
        dispatch.fail_stop(stop_id, StopOutcome(reason=reason), by=road.driver, at=done)
    else:
        dispatch.complete_stop(stop_id, StopOutcome(left_with="recipient"), by=road.driver, at=done)
