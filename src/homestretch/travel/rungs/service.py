"""The rung of a service outside (OSRM, Valhalla, Google, HERE, TomTom): asked where roads of our own cannot answer.

A service that fails again and again is left alone for a while, so that a plan does not wait for it each time.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import TypeVar, cast

from django.conf import settings

from homestretch.kernel.geo import Point
from homestretch.planner.travel import Matrix
from homestretch.providers.breaker import Breaker
from homestretch.providers.errors import ProviderError
from homestretch.providers.matrix import Matrix as Service
from homestretch.providers.matrix import Profile, Table
from homestretch.providers.registry import make
from homestretch.travel.rungs import NoAnswer
from homestretch.travel.values import Answer, Asked, Drive, Known, Leg

Said = TypeVar("Said")
KEPT, KEPT_FOR = 16, timedelta(minutes=15)  # tables that were asked just now: many services count each pair
_breaker = Breaker()
_kept: OrderedDict[tuple[object, ...], tuple[datetime, Table]] = OrderedDict()


def matrix(asked: Asked, known: Known) -> Answer:
    """One table for the whole span, as the service knows its middle. Raises `NoAnswer`."""
    name, _ = settings.HOMESTRETCH_PROVIDERS["matrix"]
    depart = asked.span.start + (asked.span.end - asked.span.start) / 2
    table = _table(asked.points, depart, known)
    answer = Matrix(table.durations, table.distances, name)
    return Answer(answer, name, table.source, table.as_of or _now())


def path(points: tuple[Point, ...], depart: datetime, known: Known) -> Drive:
    """The service's ways, one after the other. Raises `NoAnswer`."""
    name, _ = settings.HOMESTRETCH_PROVIDERS["matrix"]
    legs, as_of = [], None
    for start, end in pairwise(points):
        way = _called(lambda: _service().path(start, end, depart=depart, profile=_profile(known)))  # noqa: B023
        if way is None:
            raise NoAnswer("travel.unreachable", "the service knows no way from one point to the next")
        legs.append(Leg(way.seconds, way.meters, way.points))
        depart, as_of = depart + timedelta(seconds=way.seconds), way.as_of
    return Drive(tuple(legs), name, name, as_of or _now())


def _table(points: tuple[Point, ...], depart: datetime, known: Known) -> Table:
    key = (points, known.profile, depart.replace(minute=0, second=0, microsecond=0))
    asked_at, table = _kept.get(key, (None, None))
    if asked_at is None or table is None or _now() - asked_at > KEPT_FOR:
        profile = _profile(known)
        table = _called(lambda: _service().durations_and_distances(points, points, depart=depart, profile=profile))
        _kept[key] = (_now(), table)
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return table


def _called(ask: Callable[[], Said]) -> Said:
    """What the service says. Raises `NoAnswer` where it fails, or has failed so often that it is left alone."""
    if not _breaker.allows(_now()):
        raise NoAnswer("provider.resting", "the service failed again and again and is left alone for a while")
    try:
        said = ask()
    except ProviderError as error:
        if error.kind == "permanent":
            _breaker.succeeded(_now())  # it answered: this question is not for it
        else:
            _breaker.failed(_now(), retry_after_seconds=error.retry_after_seconds)
        raise NoAnswer(f"provider.{error.code}", str(error)) from error
    _breaker.succeeded(_now())
    return said


@lru_cache(maxsize=1)
def _service() -> Service:
    name, options = settings.HOMESTRETCH_PROVIDERS["matrix"]
    return make("matrix", name, options)


def _profile(known: Known) -> Profile:
    return cast(Profile, known.profile)


def _now() -> datetime:
    """Real time: a service rests and forgets by it, whatever a simulation's clock says."""
    return datetime.now(UTC)
