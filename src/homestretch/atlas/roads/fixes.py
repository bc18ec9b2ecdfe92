"""What the fixes of a trace are worth: how far they err, and which of them are one spot where a vehicle stood."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from homestretch.atlas.roads.nearby import DEGREE_M, Nearby
from homestretch.atlas.roads.values import Floats, Longs

SIGMA_M, LEAST_SIGMA_M, MOST_SIGMA_M = 15.0, 6.0, 40.0
_LOOKED_AT = 48  # fixes of a trace that say how far all of them err
_SPREAD = 2.0  # of a normal error over the median distance to the nearest road, which is at times a nearer one
_STANDS, _STAYS = 1.6, 0.7  # so many errors from the middle of those before, a fix is at their spot; more for each
_COUNTED = 4  # fixes of one spot whose errors are not the same


@dataclass(frozen=True, slots=True)
class Spots:
    """Where a vehicle was, in order: the middle of one fix or more, from when until when, the error; `of_fix`: the
    number of each fix's spot."""

    lats: Floats
    lons: Floats
    since: Floats
    until: Floats
    sigma_m: Floats
    of_fix: Longs


def errors(nearby: Nearby, lats: Floats, lons: Floats, accuracy_m: ArrayLike | None) -> Floats:
    """Each fix's error in meters (one standard deviation to a side): as it says itself, else as far as all lie from
    the roads."""
    said = np.full(len(lats), np.nan) if accuracy_m is None else np.asarray(accuracy_m, np.float64)
    said = np.broadcast_to(said, lats.shape)
    if not np.isnan(said).any():
        certain: Floats = np.clip(said, LEAST_SIGMA_M, MOST_SIGMA_M)
        return certain
    some = slice(None, None, max(1, len(lats) // _LOOKED_AT))
    near = nearby.find(lats[some], lons[some], np.full(len(lats[some]), MOST_SIGMA_M), 1)
    usual = float(np.median(near.distance_m)) * _SPREAD if len(near.point) else SIGMA_M
    found: Floats = np.where(np.isnan(said), min(usual, 1.5 * SIGMA_M), said)
    return np.clip(found, LEAST_SIGMA_M, MOST_SIGMA_M)


def spots(lats: Floats, lons: Floats, times: Floats, sigma_m: Floats) -> Spots:
    """Fixes in a row that lie within their errors of one another are one, at their middle."""
    if not len(lats):
        return Spots(lats, lons, times, times, sigma_m, np.zeros(0, np.int64))
    north = lats * DEGREE_M
    east = lons * DEGREE_M * np.cos(np.radians(lats))
    begins = np.array(_begins(north.tolist(), east.tolist(), sigma_m.tolist()), np.int64)
    counts = np.diff(np.append(begins, len(lats)))
    return Spots(
        lats=np.add.reduceat(lats, begins) / counts,
        lons=np.add.reduceat(lons, begins) / counts,
        since=times[begins],
        until=times[begins + counts - 1],
        sigma_m=np.add.reduceat(sigma_m, begins) / counts / np.sqrt(np.minimum(counts, _COUNTED)),
        of_fix=np.repeat(np.arange(len(begins)), counts),
    )


def _begins(north: list[float], east: list[float], sigma: list[float]) -> list[int]:
    """Where each spot's first fix stands."""
    found, count, middle_north, middle_east = [0], 1, north[0], east[0]
    for number in range(1, len(north)):
        off_north, off_east = north[number] - middle_north, east[number] - middle_east
        near = sigma[number] * (_STANDS + _STAYS * min(count - 1, _COUNTED))
        if off_north * off_north + off_east * off_east > near * near:
            found.append(number)
            count, middle_north, middle_east = 1, north[number], east[number]
        else:
            count += 1
            middle_north += off_north / count
            middle_east += off_east / count
    return found
