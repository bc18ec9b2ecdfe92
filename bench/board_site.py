"""A server and database for `bench.board --real`: a made day, planned or on the road, and what happens on it.

The web process is `homestretch serve` on an embedded database with fsync on. On the road vehicles move as their phones
would have moved them (the newest position of each route, and the word that it has changed), forecasts shift, and now
and then an order comes.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from itertools import cycle
from typing import Any, NamedTuple
from uuid import UUID

from bench.positions import installation, web

BEATS = 10  # in a second
SHIFTS = 3  # forecasts that shift in a second
ORDER_EVERY_S = 20
MOVE = """
update tracking_whereabouts set lat = lat + 0.0004, lon = lon + 0.0005, at = clock_timestamp(), bearing_deg = 50
where organization_id = %s and route_id = any(%s) and not silent
"""


class Site(NamedTuple):
    """Where the boards answer, by what the day is, and whose cookie opens them."""

    urls: dict[str, str]
    cookies: list[dict[str, Any]]


@contextmanager
def a_site(rate: int) -> Iterator[Site]:
    """The web process, a made day of 300 routes planned for tomorrow, and one on the road today, on which `rate`
    positions a second come."""
    with installation():
        from homestretch.wiring.django import set_up

        set_up()
        from django.conf import settings

        from bench.made_day import made_day
        from tests.town.accounts import signed_in
        from tests.town.dispatch import an_owner

        now = datetime.now(UTC)
        owner = an_owner("Bench", at=now - timedelta(days=1))
        today, tomorrow = now.date(), now.date() + timedelta(days=1)
        made_day(owner, tomorrow, at=now)
        made_day(owner, today, at=now, opens=now - timedelta(hours=4), running=True)
        session = signed_in(owner).session.session_key
        with web() as (port, _), _happening(owner, today, rate):
            cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session, "domain": "127.0.0.1", "path": "/"}
            url = f"http://127.0.0.1:{port}/board"
            yield Site({"planned": f"{url}/{tomorrow}", "running": f"{url}/{today}"}, [cookie])


@contextmanager
def _happening(by: Any, day: date, rate: int) -> Iterator[None]:
    stopped = threading.Event()
    worker = threading.Thread(target=_go_on, args=(by, day, rate, stopped), daemon=True)
    worker.start()
    try:
        yield
    finally:
        stopped.set()
        worker.join(10)


def _go_on(by: Any, day: date, rate: int, stopped: threading.Event) -> None:
    """Ten beats a second, each in a transaction of its own."""
    from django.db import connection

    from homestretch.dispatch.models import Route, Stop
    from homestretch.events.scope import scope
    from homestretch.tracking.intake import CHANNEL

    with scope(by):
        routes = list(Route.objects.filter(day=day).order_by("id").values_list("id", flat=True))
        open_stops = list(Stop.objects.filter(state="planned", route__day=day).values_list("id", "route_id")[:3000])
    vans, stops, beat = cycle(routes), cycle(open_stops), 0
    next_beat = time.monotonic()
    while not stopped.is_set():
        moved = [next(vans) for _ in range(rate // BEATS)]
        with scope(by), connection.cursor() as cursor:
            cursor.execute(MOVE, [by.organization_id, moved])
            cursor.execute("select pg_notify(%s, %s)", [CHANNEL, str(by.organization_id)])
            if beat % BEATS == 0:
                _tell(by, [next(stops) for _ in range(SHIFTS)], order=beat % (BEATS * ORDER_EVERY_S) == 0)
        beat += 1
        next_beat += 1 / BEATS
        stopped.wait(max(0.0, next_beat - time.monotonic()))


def _tell(by: Any, shifted: list[tuple[UUID, UUID]], *, order: bool) -> None:
    from django.db.models import F

    from homestretch.events.log import record
    from homestretch.kernel.ids import uuid7
    from homestretch.orders.events import OrderCreated
    from homestretch.tracking.events import EtaShifted
    from homestretch.tracking.models import Forecast

    now, later = datetime.now(UTC), timedelta(minutes=6)
    for stop_id, route_id in shifted:
        Forecast.objects.filter(stop_id=stop_id).update(p50=F("p50") + later, p90=F("p90") + later, made_at=now)
        record(EtaShifted(stop_id, route_id, now + later, 360, 0), by=by, at=now)
    if order:
        record(OrderCreated(uuid7(), None, "bench"), by=by, at=now)


def main() -> None:
    """Keeps the site up and prints its address and cookie, for who looks at it by hand."""
    with a_site(rate=100) as site:
        print(json.dumps(site._asdict()), flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main()
