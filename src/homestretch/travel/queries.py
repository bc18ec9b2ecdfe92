"""Travel times, each answer with the rung of the ladder that it comes from. One rung so far: the lowest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from homestretch.accounts.queries import organization
from homestretch.kernel.geo import Point
from homestretch.travel import rules
from homestretch.travel.models import TravelModel

LEG_SPAN = timedelta(minutes=30)  # over which the speed of a single leg is averaged


@dataclass(frozen=True, slots=True)
class Answer:
    """Seconds and meters, shape (origins, destinations), int64. `rung` says how they were found."""

    durations: rules.Whole
    distances: rules.Whole
    rung: str
    model_version: int


def model_of(profile: str) -> rules.SpeedModel:
    """The newest adopted model of a profile, else the built-in one."""
    row = TravelModel.objects.filter(profile=profile).order_by("-version").first()
    if row is None:
        return rules.built_in(profile)
    return rules.read_model(profile, row.circuity_pct, row.speeds_mh, row.version)


def matrix(
    origins: Sequence[Point],
    destinations: Sequence[Point],
    *,
    depart: datetime,
    until: datetime | None = None,
    profile: str = "van",
) -> Answer:
    """From each origin to each destination, at the mean speed of [depart, until] (default: the next half hour)."""
    model = model_of(profile)
    zone = ZoneInfo(organization().zone)
    speed = rules.mean_speed(model, depart, max(until or depart, depart + LEG_SPAN), zone)
    seconds, meters = rules.estimate(model, speed, origins, destinations)
    return Answer(seconds, meters, rules.RUNG, model.version)


def leg(
    origin: Point, destination: Point, *, depart: datetime, until: datetime | None = None, profile: str = "van"
) -> tuple[int, int]:
    """(seconds, meters) of one drive that begins at `depart`, at the mean speed until then."""
    answer = matrix([origin], [destination], depart=depart, until=until, profile=profile)
    return int(answer.durations[0, 0]), int(answer.distances[0, 0])
