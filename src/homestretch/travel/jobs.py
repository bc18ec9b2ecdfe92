"""The weather, asked of a service each hour while shifts are ahead."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from functools import lru_cache
from uuid import UUID

from django.conf import settings

from homestretch.events.clock import now
from homestretch.events.later import job, later
from homestretch.events.scope import scope
from homestretch.fleet import queries as fleet
from homestretch.kernel.actor import system
from homestretch.kernel.geo import Point
from homestretch.providers.errors import ProviderError
from homestretch.providers.registry import make
from homestretch.providers.weather import Weather
from homestretch.travel import actions
from homestretch.travel.rules.weather import FORECAST, expected, kind_of

EVERY, AGAIN = timedelta(hours=1), timedelta(minutes=5)
AHEAD = timedelta(days=7)  # a weekend without shifts does not end it
MOST_PLACES = 50
log = logging.getLogger(__name__)


@job("travel.weather", queue="outside")
def look(organization_id: UUID) -> None:
    """Ask what the weather will be where shifts begin. What was told stands while nobody answers."""
    by, at = system(organization_id), now()
    with scope(by):
        places = _places(at)
    if not places:
        return
    name, options = settings.HOMESTRETCH_PROVIDERS["weather"]
    again = EVERY
    try:
        told = _service(name, tuple(options.items())).hours(places, at=at)
    except ProviderError as error:
        log.warning("the weather was not told: %s", error)
        again = AGAIN
    else:
        hours = [hour for place in told for hour in place]
        kinds = [(h.starts_at, kind_of(h.code, h.precipitation_um, h.snow_um, h.gust_mh)) for h in hours]
        actions.take_forecast(expected(kinds), source=FORECAST + name, by=by, at=at)
    with scope(by):
        later("travel.weather", organization_id, at=at + again, key="weather")


def _places(at: datetime) -> list[Point]:
    """Where shifts of the days ahead begin, to about a kilometer; of a great many some will do."""
    near = {Point(round(start.lat, 2), round(start.lon, 2)) for start in fleet.starts(at.date(), (at + AHEAD).date())}
    return sorted(near, key=repr)[:MOST_PLACES]


@lru_cache(maxsize=1)
def _service(name: str, options: tuple[tuple[str, object], ...]) -> Weather:
    return make("weather", name, dict(options))
