"""What travel knows, read in a scope; and how long it takes, for who asks inside one: no service is called here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import F, Max, Q, QuerySet, Value
from django.db.models.functions import Greatest

from homestretch.accounts.queries import organization
from homestretch.kernel.geo import Point
from homestretch.kernel.refusal import not_found
from homestretch.kernel.windows import Window
from homestretch.planner.legs import leg_of
from homestretch.travel import ladder
from homestretch.travel.models import Closure, SpeedSet, TimesModel, TravelModel, WeatherSpan
from homestretch.travel.packing import loaded
from homestretch.travel.rules import closures as rules
from homestretch.travel.rules import weather
from homestretch.travel.rules.estimate import Estimate, built_in
from homestretch.travel.rules.timing import Times
from homestretch.travel.rules.timing import built_in as built_in_times
from homestretch.travel.rules.timing_form import unpacked
from homestretch.travel.rules.weather import Weather
from homestretch.travel.values import Answer, Asked, Drive, Known, Trip

SOURCES = ("own", "csv", "traffic")  # of speeds, the most trusted first


def known(profile: str, span: Window) -> Known:
    """All that is known of a profile's travel in a span. Refuses `travel.profile_unknown`."""
    sets = speed_sets(span)
    return Known(
        profile=profile,
        zone=ZoneInfo(organization().zone),
        estimate=estimate_of(profile),
        closures=tuple(closed for row in _closures_in(span) if (closed := _closure(row)).may_hold(profile)),
        weather=tuple(_weather_in(span)),
        speeds=tuple(loaded(row.id, row.version) for row in sets),
        speeds_key=tuple(f"{row.id}/{row.version}" for row in sets),
        speeds_as_of=max((row.as_of for row in sets), default=None),
    )


def matrix(
    points: Sequence[Point], span: Window, profile: str, *, anchors: frozenset[int] = frozenset(), passing: int = 0
) -> Answer:
    """Travel between all points for departures in `span`, by own roads, else by the estimate. See `values.Asked`."""
    return answered(Asked(tuple(points), span, anchors, passing), known(profile, span))


def answered(asked: Asked, read: Known) -> Answer:
    """As `matrix`, of what is `known` already: for who asks of several routes at once."""
    return ladder.matrix(asked, read)


def path(points: Sequence[Point], depart: datetime, profile: str = "van") -> Drive:
    """The drives from each point to the next, the first leaving at `depart`, with the lines that they follow."""
    return ladder.path(tuple(points), depart, known(profile, Window(depart, depart + timedelta(days=1))))


def paths(trips: Sequence[Trip]) -> list[Drive]:
    """The drives of several trips, as `path` has each, read with as many questions as one."""
    if not trips:
        return []
    span = Window(min(trip.depart for trip in trips), max(trip.depart for trip in trips) + timedelta(days=1))
    read = {profile: known(profile, span) for profile in sorted({trip.profile for trip in trips})}
    return [ladder.path(trip.points, trip.depart, read[trip.profile]) for trip in trips]


def leg(origin: Point, destination: Point, span: Window, profile: str) -> tuple[int, int]:
    """(seconds, meters) of one drive that begins when `span` does, as `matrix` over that span has it."""
    answer = matrix([origin, destination], span, profile, anchors=frozenset({0, 1}), passing=2)
    way = leg_of(answer.profile, 0, 1)
    return way.arrive(0), way.far(0)


def estimate_of(profile: str) -> Estimate:
    """The newest adopted model of a profile, else the built-in one. Refuses `travel.profile_unknown`."""
    row = TravelModel.objects.filter(profile=profile).order_by("-version").first()
    if row is None:
        return built_in(profile)
    cells: Mapping[tuple[str, str], int] = {(start, end): percent for start, end, percent in row.cells_pct}
    return Estimate(
        profile, row.km_s, row.power_milli, row.circuity_pct, tuple(row.hours_pct), cells, version=row.version
    )


def adopted_at(profile: str) -> datetime | None:
    """When the newest model of a profile was adopted; None: the built-in one holds."""
    at: datetime | None = TravelModel.objects.filter(profile=profile).aggregate(at=Max("adopted_at"))["at"]
    return at


def times() -> Times:
    """The model of drives and services that serves, else the built-in one. Read once in each process."""
    row = serving_times()
    return built_in_times() if row is None else _times(row.id, row.version)


def serving_times() -> TimesModel | None:
    """The model of times that serves, without its data; None: the built-in one."""
    rows = TimesModel.objects.filter(adopted_at__isnull=False, withdrawn_at__isnull=True).defer("data")
    return rows.order_by("-adopted_at", "-version").first()


def times_models() -> QuerySet[TimesModel]:
    """All models of times, the newest first, without their data."""
    return TimesModel.objects.defer("data").order_by("-version")


def trained_at() -> datetime | None:
    """When a model of times was trained last, adopted or not."""
    at: datetime | None = TimesModel.objects.aggregate(at=Max("trained_at"))["at"]
    return at


@lru_cache(maxsize=8)
def _times(model_id: UUID, version: int) -> Times:
    """Models never change: what was read once holds for the process."""
    return unpacked(bytes(TimesModel.objects.values_list("data", flat=True).get(id=model_id)), version)


def weather_of(moments: Sequence[datetime]) -> list[str]:
    """The weather that was said of each moment; `clear` where nothing was."""
    if not moments:
        return []
    spans = _weather_in(Window(min(moments), max(moments) + timedelta(seconds=1)))
    return [weather.weather_at(spans, moment) for moment in moments]


def closures(*, at: datetime | None = None) -> QuerySet[Any]:
    """Closures, newest first by (created_at, id); with `at` those that are not over then, nor taken back before."""
    rows = Closure.objects.all()
    standing = Q(ends_at__isnull=True) | Q(ends_at__gt=Greatest(Value(at), F("starts_at")))
    return rows if at is None else rows.filter(standing)


def closure(closure_id: UUID) -> Closure:
    """One closure. Refuses `closure.not_found`."""
    row = Closure.objects.filter(id=closure_id).first()
    if row is None:
        raise not_found("closure", closure_id)
    return row


def speed_sets(span: Window | None = None) -> list[SpeedSet]:
    """What each source says of speeds, without the speeds; of a span: what holds in it. The most trusted first."""
    rows = SpeedSet.objects.defer("data").filter(rows__gt=0)
    if span is not None:
        rows = rows.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=span.start))
    return sorted(rows, key=lambda row: SOURCES.index(row.source))


def speeds_version(source: str) -> int:
    """The version of what a source says of speeds; 0: it says nothing yet."""
    version: int | None = SpeedSet.objects.filter(source=source).values_list("version", flat=True).first()
    return version or 0


def weather_spans(after: datetime) -> QuerySet[Any]:
    """The weather that was said of spans that are not over, newest first."""
    return WeatherSpan.objects.filter(ends_at__gt=after)


def _closures_in(span: Window) -> QuerySet[Any]:
    return closures(at=span.start).filter(starts_at__lt=span.end).order_by("id")


def _weather_in(span: Window) -> list[Weather]:
    """Those that hold over others last: a person's word over a forecast, a newer one over an older."""
    rows = weather_spans(span.start).filter(starts_at__lt=span.end).order_by("id")
    ranked = sorted(rows, key=lambda row: not row.source.startswith(weather.FORECAST))
    return [Weather(row.kind, row.starts_at, row.ends_at) for row in ranked]


def _closure(row: Closure) -> rules.Closure:
    return rules.Closure(
        id=row.id,
        street=row.street,
        near=None if row.lat is None or row.lon is None else Point(row.lat, row.lon),
        areas=() if row.area is None else rules.read_areas(row.area),
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        profiles=frozenset(row.profiles),
    )
