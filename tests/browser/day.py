"""A crowded morning in the invented town: four routes under way, some attempts failed, one vehicle silent."""

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
from tests.town.dispatch import Road, as_driver, draft_of
from tests.town.fleet import DAY, a_depot, a_driver, a_shift_rule, a_vehicle
from tests.town.messaging import a_post
from tests.town.orders import an_order
from tests.town.places import AT, SQUARE
from tests.town.tracking import bring, halt, on_duty, track
from tests.work import run_drains, run_due, run_jobs

NOW = AT + timedelta(hours=2, minutes=24)
PASSWORD = "a long word of no use elsewhere"
DRIVERS = ("Mira Hoffmann", "Jonas Weber", "Aïcha Diallo", "Tom Lefèvre")
VANS = ("Sprinter 1", "Sprinter 2", "e-Vito 3", "Cargo bike 4")
STREETS = ("Mill Lane", "Rue du Marché", "Am Weiher", "Quai Neuf", "Rosenweg", "Station Road", "Côte d'Eich")
STOPS, DONE = (9, 8, 9, 7), (6, 5, 3, 4)
FAILED = {(0, 2): "recipient_absent", (1, 1): "address_not_found", (2, 0): "refused"}
SILENT = 3  # that vehicle was last heard of an hour ago


@dataclass(frozen=True)
class Scene:
    """Who may look at it, and the address of one recipient whose order is done, and of one whose is on its way."""

    owner: Actor
    email: str
    roads: list[Road]
    done_link: str
    next_link: str


def an_empty_day(folder: Path) -> tuple[Actor, str]:
    """An organization that has just been made; its dispatcher and their e-mail."""
    with a_post(folder, at=NOW):
        dispatcher = a_member(an_organization("Quiet Vans"), "dispatcher")
    return dispatcher, with_password(dispatcher)


def with_password(person: Actor) -> str:
    """The e-mail of a person who can sign in through the form by `PASSWORD`."""
    email = email_of(person)
    user = User.objects.get(email=email)
    user.set_password(PASSWORD)
    user.save()
    from allauth.account.models import EmailAddress

    EmailAddress.objects.update_or_create(user=user, email=email, defaults={"verified": True, "primary": True})
    return email


def a_crowded_day(folder: Path) -> Scene:
    """The scene at 10:24 local time. The clock stands there; messages went to the fakes' inbox in `folder`."""
    chance = random.Random(4)
    with a_post(folder, at=AT):
        owner = owner_of(an_organization("Saint-Aubin Vans"))
        depot = a_depot(owner, name="Saint-Aubin depot")
        roads = [_a_road(owner, depot, number, chance) for number in range(len(STOPS))]
        run_jobs()
        for number, road in enumerate(roads):
            _drive(road, number)
        for minute in (45, 95):
            set_clock(AT + timedelta(minutes=minute))
            run_due()
        set_clock(NOW)
        for road in roads:
            tracking.follow(road.route_id, by=system(owner.organization_id), at=NOW)
        run_due()
        run_drains(owner.organization_id)
        run_due()
        an_order(owner, 900, task={"place": {"address": "Somewhere 7"}}, at=NOW)
        for number in range(901, 905):
            an_order(owner, number, recipient={"name": "Rosa"}, at=NOW)
        dispatcher = a_member(_organization(owner), "dispatcher")
        return Scene(
            dispatcher,
            with_password(dispatcher),
            roads,
            a_link(owner, roads[0].orders[0].id, at=NOW),
            a_link(owner, roads[0].orders[DONE[0]].id, at=NOW),
        )


def _organization(owner: Actor) -> Any:
    from homestretch.accounts import queries

    with scope(owner):
        return queries.organization()


def _a_road(owner: Actor, depot: Any, number: int, chance: random.Random) -> Road:
    vehicle = a_vehicle(owner, depot.id, name=VANS[number])
    driver = a_driver(owner, name=DRIVERS[number], phone=f"+35262112345{number}")
    rule = a_shift_rule(
        owner, vehicle.id, weekday=None, day=DAY, driver_id=driver.id, starts=time(7, 30), ends=time(17)
    )
    shift = next(one for one in fleet.open_day(DAY, by=owner, at=AT) if one.rule_id == rule.id)
    heading = (number + 0.35) * 1.57
    orders = [_an_order(owner, number, step, heading, chance) for step in range(STOPS[number])]
    with scope(owner):
        (route,) = put_on_road([draft_of(owner, shift, orders)], None, 1, by=owner, at=AT)
    return Road(owner, as_driver(owner, driver.id), shift, orders, route.id)


def _an_order(owner: Actor, number: int, step: int, heading: float, chance: random.Random) -> Any:
    """Stops go out from the town's square in the route's own direction, and come back beside it."""
    from math import cos, sin

    there = step / STOPS[number]
    way = 1.0 + 3.2 * (1 - abs(2 * there - 1)) + chance.uniform(-0.4, 0.4)
    angle = heading + (there - 0.5) * 1.3 + chance.uniform(-0.12, 0.12)
    point = offset(SQUARE, cos(angle) * way * 1000, sin(angle) * way * 1400)
    address = f"{STREETS[(number * 3 + step) % len(STREETS)]} {chance.randint(1, 90)}, Saint-Aubin"
    place = {"address": address, "lat": point.lat, "lon": point.lon}
    written = step in (0, DONE[0]) and number == 0  # the others get no messages: nobody reads them here
    recipient = {} if written else {"recipient": {"name": f"Rosa {step}"}}
    return an_order(owner, 100 * number + step + 1, task={"place": place, "service_s": 240}, **recipient)


def _point(stop: Any) -> Point:
    return Point(stop.place.lat, stop.place.lon)


def _drive(road: Road, number: int) -> None:
    """The route up to now: set out, served, and on the way to the next stop."""
    phone, _ = on_duty(road)
    start = AT + timedelta(minutes=8 + number)
    road.start(start)
    tracking.settle_duty(road.route_id, by=system(road.by.organization_id), at=start)
    at = start + timedelta(minutes=15)
    stops = road.stops
    for index, stop in enumerate(stops[: DONE[number]]):
        _serve(road, stop.id, FAILED.get((number, index), ""), at)
        at += timedelta(minutes=18 if number != 1 else 23)
    ahead = stops[DONE[number]]
    last = NOW - timedelta(minutes=60) if number == SILENT else NOW
    dispatch.begin_stop(ahead.id, by=road.driver, at=min(at, NOW))
    behind = _point(stops[DONE[number] - 1])
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
