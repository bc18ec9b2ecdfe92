"""Days that are over, driven again: what would have been foretold at each instant, held against what came."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from homestretch.insights.training.driven import Bits, Driven, legs_of, remembered, services_of
from homestretch.tracking.rules.composing import Ahead
from homestretch.tracking.rules.foretelling import Today, raw, seen, told_by
from homestretch.tracking.rules.pace import Evidence
from homestretch.travel.rules.timing import HORIZONS, Part, Table, Times, horizon_of

Real = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
EVERY_S = 900


@dataclass(frozen=True, eq=False)
class Foretold:
    """Forecasts and what came, n of them: `said` (3, n) and `plan` (n) seconds ahead, `came` (n), by the plan's own
    times and by the model; each with its horizon, route and halt."""

    said: Real
    plan: Real
    came: Real
    horizon: Whole
    route: Whole
    halt: Whole

    def some(self, chosen: Bits | Whole) -> Foretold:
        """Those alone."""
        said, plan, came = self.said[:, chosen], self.plan[chosen], self.came[chosen]
        return Foretold(said, plan, came, self.horizon[chosen], self.route[chosen], self.halt[chosen])

    def last_of_each(self) -> Foretold:
        """Of each halt and horizon the last forecast, as it is kept of a live one. They must be in order of time."""
        key = (self.route * (int(self.halt.max(initial=0)) + 1) + self.halt) * (HORIZONS[0] + 1) + self.horizon
        _, last = np.unique(key[::-1], return_index=True)
        return self.some(len(key) - 1 - last)


class Replay:
    """A model set over days that are over. What it says of finished legs and services is said once."""

    def __init__(self, times: Times, driven: Driven) -> None:
        self.times, self.driven = times, driven
        chosen = driven.there
        self.memory = remembered(times.places, driven.place)
        self._legs = self._said(times.legs, legs_of(driven, driven.left, chosen), chosen)
        begun = driven.gone - driven.service_s
        self._services = self._said(times.services, services_of(driven, begun, chosen, self.memory), chosen)
        _, self.group = np.unique(np.char.add(driven.depot, driven.day.astype(np.str_)), return_inverse=True)

    @staticmethod
    def _said(part: Part, table: Table, chosen: Bits) -> Real:
        made = np.zeros((3, *chosen.shape))
        made[:, chosen] = part.quantiles(table, int(chosen.sum()))
        return made

    def at(self, now: Real) -> tuple[Ahead, Today, Whole, Real]:
        """The state of each route at an instant of its own (R): what lies ahead and what was driven; how many halts
        were done (R), and the plan's own seconds to each that lies ahead (R, S)."""
        driven = self.driven
        done = np.sum(driven.there & (driven.gone <= now[:, None]), axis=1)
        order = np.minimum(done[:, None] + np.arange(driven.left.shape[1]), driven.left.shape[1] - 1)
        ahead, plan = self._ahead(now, done, order)
        return ahead, self._today(now), done, plan

    def _ahead(self, now: Real, done: Whole, order: Whole) -> tuple[Ahead, Real]:
        driven = self.driven
        count = driven.count - done

        def turned(array: Real) -> Real:
            return np.take_along_axis(array, order, axis=1)

        arrived, left = turned(driven.arrived)[:, 0], turned(driven.left)[:, 0]
        opens, closes = (
            np.take_along_axis(array, order[:, :, None], axis=1) - now[:, None, None]
            for array in (driven.opens, driven.closes)
        )
        at_door = (arrived <= now) & (count > 0)
        begun = np.maximum(arrived, turned(driven.opens[:, :, 0])[:, 0])
        leg_s, service_s = turned(np.nan_to_num(driven.leg_plan_s)), turned(np.nan_to_num(driven.service_plan_s))
        state = Ahead(
            count=count,
            leg_s=leg_s,
            leg_log=np.zeros((3, *leg_s.shape)),
            service_s=service_s,
            service_log=np.zeros((3, *leg_s.shape)),
            driven_s=np.where(at_door, 0.0, np.maximum(0.0, np.nan_to_num(now - left))),
            at_door=at_door,
            served_s=np.where(at_door, np.maximum(0.0, np.nan_to_num(now - begun)), 0.0),
            opens=np.where(np.isnan(opens), -np.inf, opens),
            closes=np.where(np.isnan(closes), np.inf, closes),
        )
        departs, reached = planned(state)
        self._fill(state, now, departs, reached, order)
        return state, reached

    def _fill(self, state: Ahead, now: Real, departs: Real, reached: Real, order: Whole) -> None:
        """The model's word of what lies ahead, at the hours at which the plan expects it."""
        driven = self.driven
        shape = driven.left.shape
        chosen = np.zeros(shape, dtype=bool)
        rows = np.broadcast_to(np.arange(len(order))[:, None], shape)
        there = np.arange(shape[1])[None, :] < state.count[:, None]
        chosen[rows[there], order[there]] = True
        begins, ends = np.zeros(shape), np.zeros(shape)
        begins[rows[there], order[there]] = (departs + now[:, None])[there]
        ends[rows[there], order[there]] = (reached + now[:, None])[there]
        legs = self._said(self.times.legs, legs_of(driven, begins, chosen), chosen)
        services = self._said(self.times.services, services_of(driven, ends, chosen, self.memory), chosen)
        for target, source in ((state.leg_log, legs), (state.service_log, services)):
            target[:] = np.take_along_axis(source, order[None], axis=2)

    def _today(self, now: Real) -> Today:
        driven = self.driven
        passed = driven.there & (driven.arrived <= now[:, None])
        over = driven.there & (driven.gone <= now[:, None])
        return Today(
            self._seen(self.times.legs, passed, (driven.arrived - driven.left, driven.leg_plan_s), self._legs),
            self._seen(self.times.services, over, (driven.service_s, driven.service_plan_s), self._services),
            self.group,
        )

    def _seen(self, part: Part, mask: Bits, taken: tuple[Real, Real], said: Real) -> Evidence:
        actual, plan = taken
        return told_by(part, seen(np.nonzero(mask)[0], actual[mask], plan[mask], said[:, mask]), len(mask))


def planned(ahead: Ahead) -> tuple[Real, Real]:
    """(departure of each leg, arrival at each stop) in seconds from now by the plan's own times, shapes (R, S)."""
    routes, stops = ahead.leg_s.shape
    clock = np.zeros(routes) if ahead.waits is None else ahead.waits.copy()
    departs, reached = np.empty((routes, stops)), np.empty((routes, stops))
    for stop in range(stops):
        departs[:, stop] = clock
        lasts = ahead.leg_s[:, stop]
        serves = ahead.service_s[:, stop]
        if stop == 0:
            lasts = np.where(ahead.at_door, 0.0, np.maximum(0.0, lasts - ahead.driven_s))
            serves = np.where(ahead.at_door, np.maximum(0.0, serves - ahead.served_s), serves)
        clock = clock + lasts
        reached[:, stop] = clock
        begins, undecided = clock, np.ones(routes, dtype=bool)
        for window in range(ahead.opens.shape[2]):
            fits = undecided & (clock <= ahead.closes[:, stop, window])
            begins = np.where(fits, np.maximum(clock, ahead.opens[:, stop, window]), begins)
            undecided &= ~fits
        clock = np.where(np.isfinite(begins), begins, clock) + serves
    return departs, reached


def replayed(times: Times, driven: Driven, *, every_s: int = EVERY_S, draws: int = 192) -> Foretold:
    """All forecasts that would have been made, each `every_s` from each route's first departure on, as the model says
    them before any correction."""
    replay = Replay(times, driven)
    start = driven.left[:, 0]
    last = np.nanmax(np.where(driven.there, driven.arrived, np.nan), axis=1)
    begin = np.floor(start / every_s) * every_s + every_s
    made: list[Foretold] = []
    for step in range(int(np.nanmax(last - begin) // every_s) + 1):
        now = begin + step * every_s
        made.append(_told(replay, now, draws))
    return joined(made)


def _told(replay: Replay, now: Real, draws: int) -> Foretold:
    ahead, today, done, plan = replay.at(now)
    said = raw(replay.times, ahead, today, draws=draws)
    there = np.arange(plan.shape[1])[None, :] < ahead.count[:, None]
    there[:, 0] &= ~ahead.at_door
    route, column = np.nonzero(there)
    came = replay.driven.arrived[route, column + done[route]] - now[route]
    foretold = said[:, route, column]
    return Foretold(foretold, plan[route, column], came, horizon_of(foretold[1]), route, column + done[route])


def joined(parts: list[Foretold]) -> Foretold:
    """All of them as one."""

    def all_of(name: str) -> npt.NDArray[Any]:
        return np.concatenate([getattr(part, name) for part in parts], axis=-1)

    names = ("said", "plan", "came", "horizon", "route", "halt")
    return Foretold(*(all_of(name) for name in names))
