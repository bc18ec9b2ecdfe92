"""A position as a device reports it, checked. Any tracker's format ends in `read_fix`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from homestretch.kernel.geo import Point, read_point
from homestretch.kernel.refusal import Refusal
from homestretch.kernel.units import read_instant

MOST_IN_BATCH = 500
MOST_AHEAD = timedelta(hours=24)  # beyond it a clock is wrong, not fast
MOST_BEHIND = timedelta(days=7)  # an outbox older than this has lost its day
MOST_MH = 500_000  # meters per hour: faster is no vehicle, so the value is not known
MOST_M = 100_000
MOST_TICKS = 2**53
OFF_SHIFT = "position.off_shift"


class Fix(NamedTuple):
    """One GPS reading: instant (UTC), degrees, meters per hour, degrees from north, meters.

    `tick_ms`: the device's counter, where it has one. `said`: its clock's time, where that was wrong and was set right.
    """

    at: datetime
    lat: float
    lon: float
    speed_mh: int | None = None
    bearing_deg: int | None = None
    accuracy_m: int | None = None
    tick_ms: int | None = None
    said: datetime | None = None

    @property
    def point(self) -> Point:
        """Where."""
        return Point(self.lat, self.lon)


class Batch(NamedTuple):
    """What one request brought: good fixes, and of each bad one the index, the code and the cause."""

    fixes: list[Fix]
    refused: list[dict[str, object]]


def read_batch(raw: object) -> Batch:
    """A batch in our JSON. Refuses `positions.malformed` and `positions.too_large`; bad ones are refused one by one."""
    rows = raw.get("positions") if isinstance(raw, dict) else raw
    if not isinstance(rows, list):
        raise Refusal("positions.malformed", "a batch is a list of positions", remedy='send [{"lat", "lon", "at"}]')
    if len(rows) > MOST_IN_BATCH:
        raise Refusal(
            "positions.too_large",
            f"{len(rows)} positions in one batch",
            remedy=f"send at most {MOST_IN_BATCH} at a time",
        )
    return gather(rows)


def gather(rows: Iterable[object]) -> Batch:
    """Read each row; a bad one hurts no other."""
    batch = Batch([], [])
    for index, row in enumerate(rows):
        try:
            batch.fixes.append(read_fix(row))
        except Refusal as refusal:
            batch.refused.append(refused(index, refusal))
    return batch


def refused(index: int, refusal: Refusal) -> dict[str, object]:
    """One refused position, as the answer names it."""
    return {"index": index, "code": refusal.code, "cause": refusal.cause, "remedy": refusal.remedy}


def read_fix(row: object) -> Fix:
    """One position. Refuses `position.malformed`, `place.coordinates_*` and `time.*`; an odd speed is not known.

    It is read some ten thousand times a second: what is right passes without a call.
    """
    if type(row) is not dict:
        raise Refusal("position.malformed", "a position is an object", remedy='write {"lat", "lon", "at"}')
    lat, lon = row.get("lat"), row.get("lon")
    if type(lat) is not float or type(lon) is not float:
        lat, lon = _degrees(lat), _degrees(lon)
    if not (1e-4 <= abs(lat) <= 90 and 1e-4 <= abs(lon) <= 180):
        read_point(lat, lon)
    return Fix(
        _instant(row.get("at")),
        lat,
        lon,
        _known(row.get("speed_mh"), MOST_MH),
        _known(row.get("bearing_deg"), 360),
        _known(row.get("accuracy_m"), MOST_M),
        read_tick(row.get("tick_ms")),
    )


def _degrees(value: object) -> float:
    try:
        if type(value) in (int, float):
            return float(value)  # type: ignore[arg-type]
    except OverflowError:  # JSON knows whole numbers of any length
        pass
    raise Refusal("position.malformed", "lat and lon are numbers", remedy="give degrees, WGS84", field="lat")


def _instant(at: object) -> datetime:
    if isinstance(at, datetime):
        return at
    if not isinstance(at, str):
        raise Refusal("position.malformed", "at is missing", remedy="give the device's time, ISO 8601 with a zone")
    return read_instant(at)


def _known(value: object, most: int) -> int | None:
    """A whole number in [0, most]; trackers say -1, NaN or nonsense where they do not know."""
    if type(value) is int:
        return value if 0 <= value <= most else None
    if type(value) is float and 0 <= value <= most:
        return round(value)
    return None


def read_tick(value: object) -> int | None:
    """A counter in whole milliseconds; whatever else stands there is none."""
    return value if type(value) is int and 0 <= value <= MOST_TICKS else None


def by_the_clock(fixes: list[Fix], now: datetime) -> Batch:
    """Leave out what lies too far from `now`: `position.in_future`, `position.too_old`."""
    latest, earliest = now + MOST_AHEAD, now - MOST_BEHIND
    instants = [fix[0] for fix in fixes]
    if earliest <= min(instants, default=now) and max(instants, default=now) <= latest:
        return Batch(fixes, [])
    batch = Batch([], [])
    for index, fix in enumerate(fixes):
        if earliest <= fix.at <= latest:
            batch.fixes.append(fix)
        else:
            batch.refused.append(refused(index, _untimely(fix.at > latest)))
    return batch


def off_shift(index: int) -> dict[str, object]:
    """A position that was taken off shift: it is counted, and kept nowhere."""
    cause = Refusal(OFF_SHIFT, "taken after the shift had ended", remedy="nothing: it is not kept")
    return refused(index, cause)


def _untimely(ahead: bool) -> Refusal:  # noqa: FBT001
    if ahead:
        return Refusal("position.in_future", "more than 24 hours ahead of our clock", remedy="set the device's clock")
    return Refusal(
        "position.too_old", f"older than {MOST_BEHIND.days} days", remedy="nothing: it is of no use any more"
    )


def epoch_fix(seconds: float, **values: object) -> dict[str, object]:
    """A row for `read_fix` whose time is Unix seconds, or milliseconds where the number is too large for seconds."""
    scale = 1000 if seconds > 1e11 else 1
    try:
        at = datetime.fromtimestamp(seconds / scale, UTC)
    except (OverflowError, ValueError, OSError) as error:
        raise Refusal("time.malformed", "no instant", remedy="give Unix seconds", field="at") from error
    return {"at": at, **values}
