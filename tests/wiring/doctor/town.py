"""A small town in the middle of its day, and well: imported, planned, released, one route driven, one under way."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.test import override_settings
from PIL import Image

from homestretch.accounts import actions as accounts
from homestretch.dispatch import actions as dispatch
from homestretch.dispatch.jobs import keep_picture
from homestretch.dispatch.values import IntentData
from homestretch.events.scope import scope
from homestretch.events.seals import oldest_unsealed
from homestretch.events.subscribe import behind, known_organizations
from homestretch.events.worker import seal_all
from homestretch.kernel.actor import Actor, system
from homestretch.kernel.ids import uuid7
from homestretch.kernel.windows import Window
from homestretch.messaging.actions.hearing import hear
from homestretch.orders import actions as orders
from homestretch.plans import actions as plans
from homestretch.tracking import actions as tracking
from homestretch.webhooks import actions as webhooks
from tests.orders.files import csv_of, line, run
from tests.providers.listener import Listener
from tests.town.accounts import an_organization, owner_of
from tests.town.dispatch import Road, a_road
from tests.town.fleet import DAY, a_fleet
from tests.town.messaging import a_post, it_is
from tests.town.orders import an_order
from tests.town.places import AT, spot
from tests.town.tracking import a_phone, bring, halt, track
from tests.work import run_drains, run_jobs

NOW = AT + timedelta(hours=5)


@contextmanager
def standing(folder: Path) -> Iterator[None]:
    """The settings that the town was built under: its clock, its store, its post."""
    store = {**settings.HOMESTRETCH_PROVIDERS, "storage": ("disk", {"root": str(folder / "blobs")})}
    with override_settings(HOMESTRETCH_PROVIDERS=store, HOMESTRETCH_SIMULATED_CLOCK=True):
        yield


def build(folder: Path) -> None:
    """Live the first five hours of the day, in the database that the connection leads to."""
    listener = Listener()
    try:
        with standing(folder), a_post(folder), override_settings(HOMESTRETCH_WEBHOOK_LOOPBACK=True):
            _live(owner_of(an_organization("Ours")), listener.url)
            a_road(owner_of(an_organization("Next Door")), 2)
            it_is(NOW)
            _settle()
    finally:
        listener.close()


def _live(us: Actor, url: str) -> None:
    webhooks.create_endpoint(url, ["package.*"], by=us, at=AT)
    a_fleet(us, vehicles=2)
    run(us, csv_of([line(number, To="18:00") for number in range(1, 5)]))
    plan = plans.ask(DAY, [], options={"seconds": 1}, by=us, at=AT)
    run_jobs()
    dispatch.release(plan.id, 1, by=us, at=AT)
    parcels = [an_order(us, number, task={"packages": [f"P-A-{number}"]}) for number in range(11, 15)]
    driven = _road(us, parcels)
    under_way = _road(us, [an_order(us, number) for number in range(15, 18)])
    given_back = _road(us, [an_order(us, number) for number in (18, 19)])
    it_is(AT + timedelta(minutes=1))
    dispatch.reject_route(given_back.route_id, "driver_unavailable", by=given_back.driver, at=AT + timedelta(minutes=1))
    _drive(driven, _picture())
    _set_out(under_way)
    it_is(AT + timedelta(hours=2))
    hear("heard-1", "+352621000012", "Stop please", by=system(us.organization_id), at=AT + timedelta(hours=2))
    accounts.link_for(parcels[0].id, by=us, at=AT)
    accounts.revoke_link(parcels[0].id, by=us, at=AT)
    erased = an_order(us, 20)
    orders.cancel_order(erased.id, "changed their mind", by=us, at=AT)
    orders.erase_recipient(erased.recipient_id, by=us, at=AT)
    fetched = an_order(us, 21, task={"packages": ["P-A-21"]})
    hour = timedelta(hours=1)
    orders.set_aside(fetched.id, driven.shift.start_depot_id, DAY, Window(AT, AT + hour), by=us, at=AT)
    orders.hand_over(fetched.id, "Rosa", by=us, at=AT + 2 * hour)  # late, and not ours to answer for


def _road(us: Actor, wanted: list[Any]) -> Road:
    road = a_road(us, orders=wanted)
    road.device = a_phone(us, road.driver.driver_id)[0]  # type: ignore[attr-defined]
    tracking.settle_duty(road.route_id, by=us, at=AT)
    return road


def _barcode(order: Any) -> str:
    return f"P-{order.external_id}"


def _picture() -> bytes:
    output = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(output, "JPEG")
    return output.getvalue()


def _drive(road: Road, picture: bytes) -> None:
    """All of it: three delivered, one refused, with a photo, every package scanned, and an outbox that came late."""
    taps = _Taps(road)
    taps.do("start_route", route_id=road.route_id)
    for order in road.orders:
        taps.do("scan", route_id=road.route_id, barcode=_barcode(order), what="load")
    bring(road.by, road.device, track(spot(10), spot(11), taps.at, seconds=600, every=30), now=taps.at)  # type: ignore[attr-defined]
    for number, stop in enumerate(road.stops):
        barcode = _barcode(road.orders[number])
        taps.do("set_out", stop_id=stop.id)
        taps.do("arrive", stop_id=stop.id)
        if number == 3:
            taps.do("fail", stop_id=stop.id, reason="refused")
            taps.do("scan", route_id=road.route_id, barcode=barcode, what="return")
            continue
        taps.do("proof", stop_id=stop.id, proof="photo", sha256=hashlib.sha256(picture).hexdigest())
        taps.do("scan", route_id=road.route_id, barcode=barcode, what="deliver")
        taps.do("complete", stop_id=stop.id, left_with="neighbor")
    taps.do("fail", stop_id=road.stops[0].id, reason="refused")  # late, and kept as a fact
    taps.do("finish_route", route_id=road.route_id)
    keep_picture(hashlib.sha256(picture).hexdigest(), picture, by=road.driver, at=taps.at)


def _set_out(road: Road) -> None:
    """The first of three stops is done."""
    taps = _Taps(road)
    taps.do("start_route", route_id=road.route_id)
    stop = road.stops[0]
    bring(road.by, road.device, halt(spot(15), taps.at, seconds=300, every=30), now=taps.at)  # type: ignore[attr-defined]
    for kind in ("set_out", "arrive", "complete"):
        taps.do(kind, stop_id=stop.id)


class _Taps:
    """A driver's phone: every tap two minutes after the last, sent at once, and what follows from it done."""

    def __init__(self, road: Road) -> None:
        self.road, self.at, self.counter = road, AT + timedelta(minutes=2), 0

    def do(self, kind: str, **body: Any) -> None:
        self.counter += 1
        said = {name: str(value) if name.endswith("_id") else value for name, value in body.items()}
        intent = IntentData(uuid7(), kind, self.counter, self.at, said)
        it_is(self.at)
        (outcome,) = dispatch.apply_intents([intent], by=self.road.driver, at=self.at)
        assert outcome.outcome in ("applied", "late"), outcome
        self.at += timedelta(minutes=2)


def _settle() -> None:
    """Let drains, deliveries and seals catch up with the log."""
    while any(map(_waits, known_organizations())):
        run_drains()
        run_jobs()
        seal_all()


def _waits(organization: UUID) -> bool:
    with scope(system(organization)):
        return bool(behind(organization) or oldest_unsealed())
