"""What a position says: accept, motion, arrival. Pure handlers, in order, as data.

A handler takes the motion so far, a fix, and what is known of the road ahead; it returns the next motion and what was
seen, or None: the fix says nothing, and the handlers behind it are not asked.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from homestretch.kernel.geo import Point, distance_m
from homestretch.kernel.units import iso, read_instant
from homestretch.tracking.rules.fixes import Fix

CLOCK_SLACK = timedelta(minutes=2)  # a fix further ahead of us than this moves nothing until its time has come
POOR_M = 200  # a worse accuracy says nothing about the road
MOST_MS = 70.0  # meters per second between two fixes; beyond it is a jump
JUMPS_BELIEVED = 3  # so many jumps in a row are no noise: the vehicle is there
OTHER_DEVICE_AFTER = timedelta(minutes=2)  # how long one device keeps the word before another's is taken
GATE_M = 25  # movement below this, or below the accuracy, is noise
RADIUS_M = 60  # a stop's geofence
MOST_SLACK_M = 100  # of a fix's accuracy, added to the geofence
DWELL = timedelta(seconds=30)  # inside so long = arrived; outside so long = departed
LEAVE_FACTOR = 1.5  # the fence is wider on the way out, so that nobody arrives twice
SLOW_MH = 12_000  # whoever passes faster does not arrive


@dataclass(frozen=True, slots=True)
class Motion:
    """State of a route's motion. `read` is the last fix that was looked at, `last` the last that was believed.

    `anchor` is where distance was last counted; `near` and `away` begin a dwell.
    """

    read: datetime | None = None
    last: datetime | None = None
    device: UUID | None = None
    point: Point | None = None
    anchor: Point | None = None
    driven_m: int = 0
    jumps: int = 0
    near: UUID | None = None
    near_since: datetime | None = None
    away_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Halt:
    """A stop as motion sees it."""

    stop_id: UUID
    point: Point


@dataclass(frozen=True, slots=True)
class Road:
    """What is known of a route: `target` is the next stop not reached, `here` the one reached and not left.

    Distance counts from `started` to `finished`.
    """

    now: datetime
    started: datetime | None = None
    finished: datetime | None = None
    target: Halt | None = None
    here: Halt | None = None


class Seen(NamedTuple):
    """`arrived` or `departed`, at which stop, when."""

    kind: str
    stop_id: UUID
    at: datetime


class Heard(NamedTuple):
    """A fix and the device that it is from."""

    device: UUID
    fix: Fix


Step = tuple[Motion, tuple[Seen, ...]]
Handler = Callable[[Motion, Heard, Road], Step | None]


def accept(motion: Motion, heard: Heard, road: Road) -> Step | None:
    """Time never goes back, clocks are not far ahead, one device speaks at a time, nobody jumps."""
    fix = heard.fix
    if fix.at > road.now + CLOCK_SLACK or (fix.accuracy_m or 0) > POOR_M:
        return None
    if motion.last is None or motion.point is None:
        return replace(motion, last=fix.at, device=heard.device, point=fix.point, anchor=fix.point), ()
    if fix.at <= motion.last:
        return None
    if heard.device != motion.device and fix.at - motion.last < OTHER_DEVICE_AFTER:
        return None
    if _jumped(motion.point, fix, motion.last):
        if motion.jumps + 1 < JUMPS_BELIEVED:
            return replace(motion, jumps=motion.jumps + 1), ()
        motion = replace(motion, anchor=fix.point)  # where it was in between nobody knows: not counted as driven
    return replace(motion, last=fix.at, device=heard.device, point=fix.point, jumps=0), ()


def _jumped(point: Point, fix: Fix, last: datetime) -> bool:
    seconds = max(1.0, (fix.at - last).total_seconds())
    return distance_m(point, fix.point) - (fix.accuracy_m or 0) > MOST_MS * seconds


def motion(motion: Motion, heard: Heard, road: Road) -> Step | None:
    """Count the distance driven, behind a gate that noise does not pass."""
    if motion.last != heard.fix.at or motion.anchor is None:
        return None  # a jump that is not believed yet
    moved = distance_m(motion.anchor, heard.fix.point)
    if moved < max(GATE_M, heard.fix.accuracy_m or 0):
        return motion, ()
    counts = road.started is not None and road.started <= heard.fix.at <= (road.finished or heard.fix.at)
    driven = motion.driven_m + round(moved) if counts else motion.driven_m
    return replace(motion, anchor=heard.fix.point, driven_m=driven), ()


def departure(motion: Motion, heard: Heard, road: Road) -> Step | None:
    """Outside the fence of the stop that was reached, for as long as a dwell: departed when it was first outside."""
    if road.here is None:
        return replace(motion, away_since=None), ()
    if _inside(road.here, heard.fix, LEAVE_FACTOR):
        return replace(motion, away_since=None), ()
    since = motion.away_since or heard.fix.at
    if heard.fix.at - since < DWELL:
        return replace(motion, away_since=since), ()
    return replace(motion, away_since=None), (Seen("departed", road.here.stop_id, since),)


def arrival(motion: Motion, heard: Heard, road: Road) -> Step | None:
    """Inside the next stop's fence and slow, for as long as a dwell: arrived when it was first inside."""
    target = road.target
    if target is None or not _inside(target, heard.fix, 1.0) or (heard.fix.speed_mh or 0) > SLOW_MH:
        return replace(motion, near=None, near_since=None), ()
    if motion.near != target.stop_id or motion.near_since is None:
        return replace(motion, near=target.stop_id, near_since=heard.fix.at), ()
    if heard.fix.at - motion.near_since < DWELL:
        return motion, ()
    seen = Seen("arrived", target.stop_id, motion.near_since)
    return replace(motion, near=None, near_since=None), (seen,)


def _inside(halt: Halt, fix: Fix, factor: float) -> bool:
    fence = RADIUS_M * factor + min(fix.accuracy_m or 0, MOST_SLACK_M)
    return distance_m(halt.point, fix.point) <= fence


HANDLERS: tuple[Handler, ...] = (accept, motion, departure, arrival)


def follow(state: Motion, heard: Heard, road: Road) -> Step:
    """One fix through all handlers."""
    seen: tuple[Seen, ...] = ()
    for handler in HANDLERS:
        step = handler(state, heard, road)
        if step is None:
            break
        state, more = step
        seen += more
    return replace(state, read=heard.fix.at), seen


def to_json(state: Motion) -> dict[str, Any]:
    """The state as it is stored."""
    return {
        "read": iso(state.read) if state.read else None,
        "last": iso(state.last) if state.last else None,
        "device": str(state.device) if state.device else None,
        "point": [state.point.lat, state.point.lon] if state.point else None,
        "anchor": [state.anchor.lat, state.anchor.lon] if state.anchor else None,
        "driven_m": state.driven_m,
        "jumps": state.jumps,
        "near": str(state.near) if state.near else None,
        "near_since": iso(state.near_since) if state.near_since else None,
        "away_since": iso(state.away_since) if state.away_since else None,
    }


def from_json(data: dict[str, Any]) -> Motion:
    """The state as it was stored; {} is a vehicle that was not heard yet."""
    if not data:
        return Motion()
    clock = ("read", "last", "near_since", "away_since")
    instants = {name: read_instant(data[name]) if data[name] else None for name in clock}
    points = {name: Point(*data[name]) if data[name] else None for name in ("point", "anchor")}
    ids = {name: UUID(data[name]) if data[name] else None for name in ("device", "near")}
    return Motion(driven_m=data["driven_m"], jumps=data["jumps"], **instants, **points, **ids)  # type: ignore[arg-type]
