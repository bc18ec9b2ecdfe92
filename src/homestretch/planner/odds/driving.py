"""A scheduled route driven in many draws at once, by the clock of `timing`: same course, breaks and deliberate waits.

Of what takes longer than planned the seconds are added to the clock's own: with none it is `schedule` to the second.
One who leaves sooner arrives no later, so an earlier departure makes no stop later.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from homestretch.planner.legs import Leg, SlottedLeg
from homestretch.planner.odds.doubt import Doubt, Drawn, Whole
from homestretch.planner.timing import FOREVER, Course, Spans, Trace, begin_of

Part = tuple[str, int]
"""("way" or "service", number of the stop); the way home has the number after the last."""


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """An event of a course: the way there, when it can begin, not before `low`, how long it takes; what both take more
    in each draw, and whose parts they are."""

    way: Leg
    spans: Spans
    lasts: int
    low: int
    way_more: Whole
    more: Whole
    number: int


@dataclass(frozen=True, slots=True, eq=False)
class Road:
    """A route that can be driven: `served` are the steps that are services, the last step is the end place."""

    steps: Sequence[Step]
    served: Sequence[int]
    depart: int
    loading: int


@dataclass(frozen=True, slots=True, eq=False)
class Days:
    """What happened in each draw: when each service began, and when the route was back. (cases, draws) each."""

    begins: Sequence[Whole]
    finish: Whole


def road_of(course: Course, trace: Trace, doubt: Doubt, drawn: Drawn) -> Road:
    """A timed route with what it takes more in each draw. Breaks, loading and reloads take what is planned."""
    line, samples = course.line, drawn.own.shape[2]
    none = np.zeros(samples, dtype=np.int64)
    served = {event: number for number, event in enumerate(course.served)}
    loaded = {event: number for number, event in course.loaded.items()}
    steps, now, stop = [], trace.depart + line.loading, 0
    for event, ((way, spans, lasts), begin) in enumerate(zip(course.events, trace.begins, strict=True)):
        arrive = way.arrive(now)
        low = begin if begin > (begin_of(spans, arrive) if spans else arrive) else -FOREVER
        kind = 1 if event in loaded else 0
        way_more = doubt.ways.beyond(arrive - now, drawn.ways, drawn.own[stop, kind]) if arrive > now else none
        serves = event in served
        more = doubt.services.beyond(lasts, drawn.services, drawn.own[stop, 2]) if serves else none
        steps.append(Step(way, spans, lasts, low, way_more, more, stop))
        now = begin + lasts
        stop += serves
    home = line.legs[-1].arrive(now) - now
    home_more = doubt.ways.beyond(home, drawn.ways, drawn.own[len(served), 0])
    steps.append(Step(line.legs[-1], (), 0, -FOREVER, home_more, none, len(served)))
    return Road(steps, course.served, trace.depart, line.loading)


def driven(road: Road, departs: Sequence[int], exact: Sequence[Part | None] = ()) -> Days:
    """The route in each draw, departing then; in the case of each of `exact`, which then departs at the one instant,
    that part takes what is planned."""
    cases = len(exact) or len(departs)
    samples = len(road.steps[0].more)
    now = np.broadcast_to(np.array(departs, dtype=np.int64)[:, None], (cases, samples)) + road.loading
    begins: list[Whole] = []
    for step in road.steps:
        reached = np.maximum(now, arrive(step.way, now) + _kept(step.way_more, ("way", step.number), exact))
        begin = np.maximum(step_begin(step.spans, reached), step.low)
        begins.append(begin)
        now = begin + step.lasts + _kept(step.more, ("service", step.number), exact)
    return Days([begins[event] for event in road.served], begins[-1])


def _kept(more: Whole, part: Part, exact: Sequence[Part | None]) -> Whole:
    """What a part takes more, by case: nothing where it is exact."""
    if part not in exact:
        return more
    cases = np.array([one != part for one in exact], dtype=np.int64)
    return np.asarray(cases[:, None] * more)


def arrive(way: Leg, leave: Whole) -> Whole:
    """As `Leg.arrive`, of many."""
    if not isinstance(way, SlottedLeg):
        return leave + way.seconds
    middles, lasts = np.array(way.slots.middles, dtype=np.int64), np.array(way.lasts, dtype=np.int64)
    behind = np.searchsorted(middles, 2 * leave, side="right")
    before, after = np.maximum(behind - 1, 0), np.minimum(behind, len(middles) - 1)
    latest = np.maximum.accumulate(-(-middles // 2) + lasts)[before]
    rise = (lasts[after] - lasts[before]) * (2 * leave - middles[before])
    between = leave + lasts[before] - (-rise // np.maximum(middles[after] - middles[before], 1))
    return np.asarray(np.where(behind == 0, leave + lasts[0], np.maximum(latest, between)))


def step_begin(spans: Spans, at: Whole) -> Whole:
    """As `begin_of`, of many."""
    begin, open_ = at, np.ones(at.shape, dtype=np.bool_)
    for start, end in spans:
        fits: npt.NDArray[np.bool_] = open_ & (at <= end)
        begin = np.where(fits, np.maximum(at, start), begin)
        open_ = open_ & ~fits
    return begin
