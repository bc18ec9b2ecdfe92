"""A day with far more of everything than fits on a screen, and names that are as long as names get."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

from homestretch.accounts import actions as accounts
from homestretch.events.scope import scope
from homestretch.fleet import queries as fleet
from homestretch.fleet.actions import open_day
from homestretch.kernel.actor import Actor
from homestretch.messaging import actions as messaging
from homestretch.messaging.values import TemplateName, Text
from homestretch.orders import actions as orders
from homestretch.orders.values import ImportFile
from homestretch.places import actions as places
from homestretch.places.values import AreaData, BlackoutData, ZoneData
from homestretch.plans import actions as plans
from homestretch.travel import actions as travel
from homestretch.travel.values import ClosureData
from homestretch.webhooks import actions as webhooks
from tests.browser.day import NOW, Cast, Scene, a_day, near
from tests.town.accounts import a_merchant
from tests.town.fleet import DAY, a_driver, a_shift_rule, a_vehicle
from tests.town.messaging import a_post
from tests.town.orders import an_order, order_data
from tests.town.zones import box, polygon
from tests.work import run_drains, run_due, run_jobs

LONG_NAMES = (
    "Wohnungseigentümergemeinschaft Donaudampfschifffahrtsgesellschaft Haus 4",
    "Maximiliane-Theodora von Hohenstein-Wittelsbach zu Saint-Aubin",
    "Rosa",
    "مؤسسة عبد الرحمن بن عبد العزيز للتجارة",
    "Société coopérative des boulangers-pâtissiers-confiseurs réunis du Grand-Duché",
)
LONG_STREETS = (
    "Avenue du Dix Septembre 1944 et des Anciens Combattants, Résidence Les Hauts du Moulin, escalier C, 4e étage",
    "Mill Lane",
    "Bürgermeister-Doktor-Wilhelm-Schneider-Gedächtnisstraße, Hinterhaus",
    "Am Weiher",
)
DRIVERS = tuple(f"{first} {last}" for last in ("Hoffmann-Schlüsselburg", "Weber") for first in (
    "Mira Alexandra", "Jonas", "Aïcha", "Tom-Frédéric", "Konstantinos"))  # fmt: skip
REASONS = ("recipient_absent", "address_not_found", "refused", "damaged", "no_access")

CROWDED = Cast(
    organization="Cooperative of the United Couriers of Saint-Aubin and Surroundings",
    drivers=DRIVERS,
    vans=tuple(f"Sprinter {number} (refrigerated, lift)" if number % 3 else f"e-Vito {number}" for number in range(10)),
    stops=(30,) * 10,
    done=(11, 10, 12, 8, 9, 12, 11, 6, 13, 0),
    later=frozenset({9}),
    packages=2,
    failed={(route, stop): REASONS[(route + stop) % 5] for route in range(9) for stop in (1, 5)},
    silent=frozenset({3, 7}),
    pace_min=(10, 11, 9, 13, 12, 9, 10, 18, 9, 12),
    apart_min=10,
    streets=LONG_STREETS,
    recipients=LONG_NAMES,
    merchant_orders=70,
)
NEXT_DAY = DAY + timedelta(days=1)


def a_crowded_day(folder: Path) -> Scene:
    """That day, at the same minute as the ordinary one; the day after is planned, and more waits than fits."""
    scene = a_day(folder, CROWDED)
    with a_post(folder, at=NOW):
        owner = scene.roads[0].by
        _waiting(owner)
        _heard(owner, scene)
        _settings(owner)
        _planned(owner)
        run_due()
        run_drains(owner.organization_id)
        run_due()
    return scene


def _waiting(owner: Actor) -> None:
    """Orders of today that no route takes, and places that nobody found."""
    for number in range(9100, 9130):
        an_order(owner, number, task={"place": {"address": f"{LONG_STREETS[number % 4]} {number}, nowhere"}}, at=NOW)
    for number in range(9200, 9280):
        orders.create_order(_order(number, DAY), by=owner, at=NOW)
    for number in range(14):
        file = ImportFile(
            f"orders of {LONG_NAMES[number % 5]} {number}.xlsx", f"{number:064x}", "xlsx", ("A",), 400, ()
        )
        orders.receive_import(file, by=owner, at=NOW - timedelta(hours=number))


def _order(number: int, day: date) -> Any:
    name = f"{LONG_NAMES[number % 5]} {number}"
    window = {"start": f"{8 + number % 6:02}:00", "end": f"{10 + number % 6:02}:00"}
    task = {"place": near(number), "windows": [window]}
    return order_data(number, day=day.isoformat(), recipient={"name": name}, task=task)


def _heard(owner: Actor, scene: Scene) -> None:
    """Recipients who wrote, and some who are unhappy."""
    said = "The box is crushed, two bottles broke, and the driver left before I could say so. " * 4
    for road in scene.roads:
        for order in road.orders[2:5]:
            messaging.report_problem(order.id, "damaged", said, by=owner, at=NOW)
    for number, road in enumerate(scene.roads):
        if number not in CROWDED.later:
            messaging.rate(road.orders[0].id, 1 + number % 2, said[:200], by=owner, at=NOW)


def _settings(owner: Actor) -> None:
    depot = _depot(owner)
    for number in range(24):
        name = f"{LONG_NAMES[number % 5]} {number}"
        vehicle = a_vehicle(owner, depot.id, name=f"Van of {name}", plate=f"LX {4000 + number}")
        a_driver(owner, name=name, phone=f"+3526219900{number:02}")
        a_shift_rule(owner, vehicle.id, weekday=number % 7)
        a_merchant(owner, f"Shop of {name}")
        accounts.invite(f"the.long.address.of.person{number}@subsidiary.town.example", "dispatcher", by=owner, at=NOW)
        accounts.create_key(name, ("orders:read", "orders:write"), by=owner, at=NOW)
        ring = polygon(box((number % 6 - 3) * 1500, (number // 6 - 2) * 1500, 600))
        places.save_zone(ZoneData(name, ring), by=owner, at=NOW)
        around = polygon(box(half_m=15_000 + number))
        places.save_service_area(AreaData(f"Area of {name}", around), by=owner, at=NOW)
        first = DAY + timedelta(days=7 * number + 14)
        places.save_blackout(BlackoutData(first, first, f"Feast of {name}"), by=owner, at=NOW)
        ends = NOW + timedelta(days=number + 1)
        far = polygon(box(30_000, number * 500, 200))
        closure = ClosureData(f"Works {number}, {LONG_STREETS[0]}", "", None, far, NOW, ends, (), "Gas")
        travel.close_road(closure, by=owner, at=NOW)
    for number in range(8):
        address = f"https://hooks.example/{'a-very-long-path/' * 5}{number}"
        webhooks.create_endpoint(address, ("order.created", "stop.completed"), by=owner, at=NOW)
    for language in ("en", "fr", "de"):
        words = Text(body="{organization}: " + "your parcel comes " * 20 + "{link}")
        messaging.save_template(TemplateName("scheduled", "sms", language), words, by=owner, at=NOW)


def _depot(owner: Actor) -> Any:
    with scope(owner):
        return fleet.depots().order_by("id").first()


def _planned(owner: Actor) -> None:
    """The day after, planned for six vehicles; some stops find no place on them."""
    depot = _depot(owner)
    for number in range(6):
        vehicle = a_vehicle(owner, depot.id, name=f"Van {number} of tomorrow", capacity={"pieces": 18})
        driver = a_driver(owner, name=f"{DRIVERS[number]} (tomorrow)", phone=f"+3526218800{number:02}")
        a_shift_rule(owner, vehicle.id, weekday=None, day=NEXT_DAY, driver_id=driver.id)
    for number in range(9300, 9420):
        orders.create_order(_order(number, NEXT_DAY), by=owner, at=NOW)
    open_day(NEXT_DAY, by=owner, at=NOW)
    run_jobs()
    plans.ask(NEXT_DAY, [], options={"seconds": 3}, by=owner, at=NOW)
    run_jobs()
