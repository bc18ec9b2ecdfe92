"""A track with fewer positions: none that was left out lies further than `WITHIN_M` from where it would be expected.

Expected by time: the distance is to the place on the way between two kept positions at that instant, so halts and
speeds stay as well (top-down time ratio: Meratnia and de By, "Spatiotemporal Compression Techniques", EDBT 2004).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

import numpy as np

from homestretch.tracking.rules.cleaning import clean
from homestretch.tracking.rules.excursions import flat
from homestretch.tracking.rules.fixes import Fix
from homestretch.tracking.rules.motion import OTHER_DEVICE_AFTER

WITHIN_M = 10.0
RAW_FOR = timedelta(days=8)  # how long all that came is kept: no outbox brings anything older (`fixes.MOST_BEHIND`)

Row = list[float | int | None]  # milliseconds since 1970, lat, lon, mh, degrees, meters


def cleaned(devices: Mapping[UUID, Iterable[Fix]]) -> tuple[list[Fix], dict[str, int]]:
    """A route's track from what its devices reported, and what was left out. Devices speak one after the other."""
    left_out: dict[str, int] = {}
    heard: list[tuple[datetime, UUID, Fix]] = []
    for device, fixes in devices.items():
        found = clean(fixes)
        heard += [(fix.at, device, fix) for fix in found.track]
        left_out = {cause: left_out.get(cause, 0) + count for cause, count in found.left_out.items()}
    track: list[Fix] = []
    speaks: UUID | None = None
    for at, device, fix in sorted(heard, key=lambda one: one[:2]):
        if track and device != speaks and at - track[-1].at < OTHER_DEVICE_AFTER:
            continue
        speaks = device
        track.append(fix)
    return track, left_out


def thin(track: Sequence[Fix]) -> list[Fix]:
    """Of a cleaned track those positions that tell where the others were."""
    if len(track) < 3:
        return list(track)
    at = np.array([fix.at.timestamp() for fix in track])
    north, east = flat(np.array([fix.lat for fix in track]), np.array([fix.lon for fix in track]))
    kept, open_spans = {0, len(track) - 1}, [(0, len(track) - 1)]
    while open_spans:
        first, last = open_spans.pop()
        if last - first < 2:
            continue
        inside = slice(first + 1, last)
        share = (at[inside] - at[first]) / max(at[last] - at[first], 1e-3)
        off_north = north[inside] - north[first] - (north[last] - north[first]) * share
        off_east = east[inside] - east[first] - (east[last] - east[first]) * share
        off = np.hypot(off_north, off_east)
        worst = int(off.argmax())
        if off[worst] > WITHIN_M:
            middle = first + 1 + worst
            kept.add(middle)
            open_spans += [(first, middle), (middle, last)]
    return [track[index] for index in sorted(kept)]


def to_rows(track: Iterable[Fix]) -> list[Row]:
    """A track as it is stored."""
    return [[round(f.at.timestamp() * 1000), f.lat, f.lon, f.speed_mh, f.bearing_deg, f.accuracy_m] for f in track]


def from_rows(rows: Iterable[Sequence[float]]) -> list[Fix]:
    """A track as it was stored."""
    return [Fix(datetime.fromtimestamp(row[0] / 1000, UTC), *row[1:]) for row in rows]  # type: ignore[arg-type]
