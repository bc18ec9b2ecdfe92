"""What travel is told: models to adopt, closures, weather, speeds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings

from homestretch.events.action import action
from homestretch.events.later import later
from homestretch.events.log import record
from homestretch.kernel.actor import Actor
from homestretch.kernel.refusal import Refusal, check_version, not_found
from homestretch.travel.events import (
    ClosureEnded,
    ClosureMade,
    ModelAdopted,
    ModelWithdrawn,
    SpeedsReplaced,
    WeatherSet,
)
from homestretch.travel.models import Closure, SpeedSet, TimesModel, TravelModel, WeatherSpan
from homestretch.travel.packing import packed
from homestretch.travel.rules import closures as rules
from homestretch.travel.rules.estimate import Estimate, built_in, checked
from homestretch.travel.rules.speeds import Speed, read_speeds
from homestretch.travel.rules.timing_form import unpacked
from homestretch.travel.rules.weather import Weather, check_weather
from homestretch.travel.values import ClosureData

MODELS_KEPT = 10
MOST_SAID = 50  # refused rows that are listed; the others are counted


@action
def adopt(model: Estimate, *, source: str, by: Actor, at: datetime) -> TravelModel:
    """Let a model of a profile hold from now on, where no road is known. Refuses `travel.model_malformed`."""
    checked(model)
    last = TravelModel.objects.select_for_update().filter(profile=model.profile).order_by("-version").first()
    row = TravelModel.objects.create(
        profile=model.profile,
        version=(last.version if last else 0) + 1,
        km_s=model.km_s,
        power_milli=model.power_milli,
        circuity_pct=model.circuity_pct,
        hours_pct=list(model.hours_pct),
        cells_pct=[[*pair, percent] for pair, percent in model.cells_pct.items()],
        source=source,
        adopted_at=at,
    )
    record(ModelAdopted(row.id, row.profile, row.version), by=by, at=at)
    return row


@action
def keep_times(data: bytes, report: dict[str, Any], *, source: str, adopt: bool, by: Actor, at: datetime) -> TimesModel:
    """Keep a model of times that was trained, with how it did; with `adopt` it serves from now on, else its trees are
    let go. Refuses `times.model_malformed`."""
    unpacked(data)
    last = TimesModel.objects.select_for_update().order_by("-version").defer("data").first()
    row = TimesModel.objects.create(
        version=(last.version if last else 0) + 1,
        data=data if adopt else b"",
        source=source,
        report=report,
        trained_at=at,
        adopted_at=at if adopt else None,
    )
    if adopt:
        record(ModelAdopted(row.id, "times", row.version), by=by, at=at)
    _let_go()
    return row


def _let_go() -> None:
    """The trees of all but the last models adopted: what nobody goes back to any more."""
    kept = TimesModel.objects.filter(adopted_at__isnull=False).order_by("-version").values_list("id", flat=True)
    TimesModel.objects.filter(adopted_at__isnull=False).exclude(id__in=list(kept[:MODELS_KEPT])).delete()


@action
def withdraw_times(*, by: Actor, at: datetime) -> TimesModel:
    """Let the model of times that serves serve no more: the one adopted before it does again, or the plan's own times.
    Refuses `times.none_adopted`."""
    serving = TimesModel.objects.select_for_update().filter(adopted_at__isnull=False, withdrawn_at__isnull=True)
    row = serving.order_by("-adopted_at", "-version").first()
    if row is None:
        raise Refusal(
            "times.none_adopted",
            "no trained model of times serves: the plan's own times do",
            remedy="train one (`homestretch models train`)",
        )
    row.withdrawn_at = at
    row.save(update_fields=["withdrawn_at"])
    record(ModelWithdrawn(row.id, row.version), by=by, at=at)
    return row


@action
def close_road(data: ClosureData, *, by: Actor, at: datetime) -> Closure:
    """Let a street or an area be closed for a span; plans and forecasts made from now on go round it.

    Refuses `closure.nothing_named`, `closure.ends_before_start`, bad drawings, `travel.profile_unknown`.
    """
    rules.check_span(data.starts_at, data.ends_at)
    if bool(data.street.strip()) == (data.area is not None):
        raise Refusal(
            "closure.nothing_named",
            "a closure is a street or an area, one of the two",
            remedy="give the street's name (and a point near it), or draw the area",
            field="street",
        )
    if data.area is not None:
        rules.read_areas(data.area)
    for profile in data.profiles:
        built_in(profile)
    row = Closure.objects.create(
        name=data.name.strip() or data.street.strip() or "Closed area",
        street=data.street.strip(),
        lat=data.near.lat if data.near else None,
        lon=data.near.lon if data.near else None,
        area=data.area,
        profiles=sorted(set(data.profiles)),
        reason=data.reason,
        starts_at=data.starts_at,
        ends_at=data.ends_at,
        created_at=at,
    )
    record(ClosureMade(row.id, row.starts_at, row.ends_at), by=by, at=at)
    return row


@action
def open_road(closure_id: UUID, *, by: Actor, at: datetime) -> Closure:
    """Let a closure end now. Refuses `closure.not_found`; one that is over stays as it is."""
    row = Closure.objects.select_for_update().filter(id=closure_id).first()
    if row is None:
        raise not_found("closure", closure_id)
    if row.ends_at is not None and row.ends_at <= at:
        return row
    row.ends_at = max(at, row.starts_at)
    row.save(update_fields=["ends_at"])
    record(ClosureEnded(row.id, row.ends_at), by=by, at=at)
    return row


@action
def set_weather(
    kind: str, starts_at: datetime, ends_at: datetime, *, source: str, by: Actor, at: datetime
) -> WeatherSpan:
    """Let a span have a weather; said again, the newer holds. Refuses `weather.kind_unknown` and
    `closure.ends_before_start`."""
    check_weather(kind)
    rules.check_span(starts_at, ends_at)
    row = WeatherSpan.objects.create(kind=kind, starts_at=starts_at, ends_at=ends_at, source=source, created_at=at)
    record(WeatherSet(row.id, kind, starts_at, ends_at), by=by, at=at)
    return row


@action
def take_forecast(spans: Sequence[Weather], *, source: str, by: Actor, at: datetime) -> bool:
    """Let what a service expects from this hour on take the place of what it expected before; what was said of the
    hours that are over stays, for days are learned from. False: it expects the same."""
    since = at.replace(minute=0, second=0, microsecond=0)
    rows = list(WeatherSpan.objects.select_for_update().filter(source=source, ends_at__gt=since).order_by("starts_at"))
    if [(row.kind, max(row.starts_at, since), row.ends_at) for row in rows] == [
        (span.kind, max(span.starts_at, since), span.ends_at) for span in spans
    ]:
        return False
    for row in rows:
        if row.starts_at < since:
            row.ends_at = since
            row.save(update_fields=["ends_at"])
        else:
            row.delete()
    for span in spans:
        set_weather(span.kind, span.starts_at, span.ends_at, source=source, by=by, at=at)
    return True


@action
def follow_weather(*, by: Actor, at: datetime) -> None:
    """Have the weather asked of the service that is named, if one is, and again each hour while shifts are ahead."""
    if "weather" in settings.HOMESTRETCH_PROVIDERS:
        later("travel.weather", by.organization_id, at=at + timedelta(seconds=1), key="weather")


@action
def import_speeds(text: str, *, version: int | None = None, by: Actor, at: datetime) -> SpeedSet:
    """Replace the speeds of the CSV source by a file's, whole or not at all. Refuses `speeds.unreadable`,
    `speeds.rows_invalid` (which lists the rows), `speeds.stale` where it is not of the `version` that was seen."""
    known = SpeedSet.objects.select_for_update().filter(source="csv").first()
    check_version("speeds", version, known.version if known else 0)
    good, bad = read_speeds(text)
    if bad:
        raise Refusal(
            "speeds.rows_invalid",
            f"{len(bad)} of {len(good) + len(bad)} rows can't be used; nothing was changed",
            remedy="mend the rows, then send the file again",
            field="file",
            rows=[{**one.details, "field": one.field, "cause": one.cause} for one in bad[:MOST_SAID]],
        )
    return replace_speeds("csv", good, by=by, at=at)


@action
def replace_speeds(
    source: str, speeds: Sequence[Speed], *, ends_at: datetime | None = None, by: Actor, at: datetime
) -> SpeedSet:
    """Let these be all the speeds of a source (own, csv, traffic), until `ends_at` if that is given."""
    row = SpeedSet.objects.select_for_update().filter(source=source).first() or SpeedSet(source=source, version=0)
    row.version, row.rows, row.data = row.version + 1, len(speeds), packed(speeds)
    row.as_of, row.ends_at = at, ends_at
    row.save()
    record(SpeedsReplaced(row.id, source, row.version, row.rows), by=by, at=at)
    return row
