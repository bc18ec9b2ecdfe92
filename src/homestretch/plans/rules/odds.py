"""How sure a plan is: what of a model of times the planner needs, and until when a stop is on time."""

from __future__ import annotations

from math import sqrt

from homestretch.planner.odds import Doubt, Margin, Spread, margin_of
from homestretch.planner.odds.asking import last_of
from homestretch.planner.problem import Problem
from homestretch.planner.schedule import spans_of
from homestretch.planner.times import RouteTimes
from homestretch.travel.rules.timing import LEAST_SPREAD, Z90, Part, Times


def doubt_of(times: Times) -> Doubt:
    """A model's widths, of all ways and services alike: in the morning nobody knows yet who drives, in what weather."""
    return Doubt(_spread(times.legs), _spread(times.services))


def margin_for(times: Times, quantile: int) -> Margin | None:
    """What a plan's times are stretched by to hold on `quantile` percent of days, by a model; None where 0 is asked."""
    return margin_of(doubt_of(times), quantile) if quantile else None


def _spread(part: Part) -> Spread:
    """The spread that remains at a usual pace: what was learned of all days together has the pace in it, the built-in
    one has not."""
    low, middle, high = part.usual
    pace = 0.0 if part.forest is None else Z90 * sqrt(part.day_sd**2 + part.route_sd**2)
    below, above = (max(sqrt(max(side**2 - pace**2, 0.0)), LEAST_SPREAD) for side in (middle - low, high - middle))
    return Spread(middle - below, middle, middle + above, part.day_sd, part.route_sd)


def dues(problem: Problem, times: RouteTimes, late_s: int) -> dict[str, int]:
    """By visit the last second that a promise made at release would keep: `late_s` after the planned begin, and never
    past the window in which that lies."""
    found = {}
    for stop in times.stops:
        spans = spans_of(problem.visit[stop.visit], problem.lock_of.get(stop.visit))
        found[stop.visit] = min(stop.start + late_s, last_of(spans, stop.start))
    return found
