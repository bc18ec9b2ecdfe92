"""The lowest rung: it answers always, from the great circle and the hour, and the answer says so."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

from homestretch.kernel.geo import Point
from homestretch.planner.travel import Matrix
from homestretch.travel.rules import estimate as rules
from homestretch.travel.values import Answer, Asked, Drive, Known, Leg

LEG_SPAN = timedelta(minutes=30)  # over which the hour's share of a single drive is averaged


def matrix(asked: Asked, known: Known) -> Answer:
    """One matrix for the whole span, at its mean."""
    percent = rules.mean_pct(known.estimate, asked.span.start, asked.span.end, known.zone)
    tables = rules.estimate(known.estimate, percent, asked.points, asked.points)
    return Answer(Matrix(*tables, rules.RUNG), rules.RUNG, _source(known))


def path(points: tuple[Point, ...], depart: datetime, known: Known) -> Drive:
    """Straight lines, each at the mean of the half hour after it begins."""
    legs = []
    for start, end in pairwise(points):
        percent = rules.mean_pct(known.estimate, depart, depart + LEG_SPAN, known.zone)
        seconds, meters = rules.estimate(known.estimate, percent, [start], [end])
        legs.append(Leg(int(seconds[0, 0]), int(meters[0, 0]), (start, end)))
        depart += timedelta(seconds=legs[-1].seconds)
    return Drive(tuple(legs), rules.RUNG, _source(known))


def _source(known: Known) -> str:
    return f"model {known.estimate.version}" if known.estimate.version else "built-in model"
