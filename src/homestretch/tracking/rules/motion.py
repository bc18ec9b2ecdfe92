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
AT_THE_DOOR_M = 35  # inside this, `DWELL` is enough
DWELL = timedelta(seconds=30)  # inside so long = arrived; outside so long = departed
DWELL_NEAR = timedelta(seconds=75)  # the same between the door and the fence: longer than most lights are red
STRAYS = 2  # so many fixes in a row must say otherwise before a dwell is over: one between high houses says nothing
LEAVE_FACTOR = 1.5  # the fence is wider on the way out, so that nobody arrives twice
SLOW_MH = 12_000  # whoever passes faster does not arrive


@dataclass(frozen=True, slots=True)
class Motion:
    """State of a route's motion. `read` is the last fix that was looked at, `last` the last that was believed.

    `anchor` is where distance was last counted; `near` and `away` begin a dwell, `strays` are the fixes in a row that
    speak against it; `speed_ms` is that of the last step, by places.
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
    strays: int = 0
    speed_ms: float = 0.0


@dataclass(frozen=True, slots=True)
class Halt:
    """A stop as motion sees it: the place's pin, and `others`: its door and where one parks, where they are known."""

    stop_id: UUID
    point: Point
    others: tuple[Point, ...] = ()


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
    speed_ms = distance_m(motion.point, fix.point) / max(1.0, (fix.at - motion.last).total_seconds())
    if _jumped(motion.point, fix, motion.last):
        if motion.jumps + 1 < JUMPS_BELIEVED:
            return replace(motion, jumps=motion.jumps + 1), ()
        motion = replace(motion, anchor=fix.point)  # where it was in between nobody knows: not counted as driven
    step = {"last": fix.at, "device": heard.device, "point": fix.point, "jumps": 0, "speed_ms": round(speed_ms, 1)}
    return replace(motion, **step), ()  # type: ignore[arg-type]


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
    if _off(road.here, heard.fix) <= RADIUS_M * LEAVE_FACTOR:
        if motion.away_since is None or motion.strays + 1 >= STRAYS:
            return replace(motion, away_since=None, strays=0), ()
        return replace(motion, strays=motion.strays + 1), ()
    since = motion.away_since or heard.fix.at
    if heard.fix.at - since < DWELL:
        return replace(motion, away_since=since, strays=0), ()
    return replace(motion, away_since=None, strays=0), (Seen("departed", road.here.stop_id, since),)


def arrival(motion: Motion, heard: Heard, road: Road) -> Step | None:
    """At the next stop and slow, for as long as a dwell: arrived when it was first there."""
    target = road.target
    if target is None:
        return replace(motion, near=None, near_since=None), ()
    if motion.near != target.stop_id or motion.near_since is None:
        if not _halts(target, motion, heard.fix):
            return replace(motion, near=None, near_since=None), ()
        return replace(motion, near=target.stop_id, near_since=heard.fix.at, strays=0), ()
    if not _halts(target, motion, heard.fix):
        if motion.strays + 1 < STRAYS:
            return replace(motion, strays=motion.strays + 1), ()
        return replace(motion, near=None, near_since=None, strays=0), ()
    enough = DWELL if _off(target, heard.fix) <= AT_THE_DOOR_M else DWELL_NEAR
    if heard.fix.at - motion.near_since < enough:
        return replace(motion, strays=0), ()
    seen = Seen("arrived", target.stop_id, motion.near_since)
    return replace(motion, near=None, near_since=None, strays=0), (seen,)


def _halts(halt: Halt, motion: Motion, fix: Fix) -> bool:
    """Inside the fence, and no faster than a walk or a search for the bell: by the fix, else by the last step."""
    slow = motion.speed_ms * 3600 <= SLOW_MH if fix.speed_mh is None else fix.speed_mh <= SLOW_MH
    return slow and _off(halt, fix) <= RADIUS_M


def _off(halt: Halt, fix: Fix) -> float:
    """Meters from the nearest point of a stop, less what the fix does not know."""
    near = min(distance_m(point, fix.point) for point in (halt.point, *halt.others))
    return near - min(fix.accuracy_m or 0, MOST_SLACK_M)


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
        "strays": state.strays,
        "speed_ms": state.speed_ms,
    }


def from_json(data: dict[str, Any]) -> Motion:
    """The state as it was stored; {} is a vehicle that was not heard yet."""
    if not data:
        return Motion()
    clock = ("read", "last", "near_since", "away_since")
    instants = {name: read_instant(data[name]) if data[name] else None for name in clock}
    points = {name: Point(*data[name]) if data[name] else None for name in ("point", "anchor")}
    ids = {name: UUID(data[name]) if data[name] else None for name in ("device", "near")}
    kept = {"strays": data.get("strays", 0), "speed_ms": data.get("speed_ms", 0.0)}  # earlier versions kept none
    return Motion(driven_m=data["driven_m"], jumps=data["jumps"], **instants, **points, **ids, **kept)  # type: ignore[arg-type]
