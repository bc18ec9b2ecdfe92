"""What a matched trace tells: the path arc by arc with its times, and how fast each arc was driven."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from homestretch.atlas.roads.fixes import Spots
from homestretch.atlas.roads.trellis import BACK_M, GAP_S, Ground, Places
from homestretch.atlas.roads.values import Bools, Floats, Ints, Longs

HALT_M = 15.0  # who moves less stands
SHORTEST_M = 10.0  # of an arc that tells a speed
Part = tuple[Longs, Longs]  # numbers of spots, and the place of each


@dataclass(frozen=True, slots=True)
class Matched:
    """Where a vehicle was.

    Of each fix: `arc` (-1: dropped, or on no road), `share` along it (0 to 1), `off_m` from it, `part` (-1: none);
    fixes where the vehicle stood are taken together.
    Of the path, arc by arc: from and to which share it was driven, the meters of that, when it was entered and left
    (UTC seconds), its part. Parts are apart where the vehicle was not seen for too long, or where no road leads on.
    `times` are the fixes' own, `at_m` how far along its part each lies.
    """

    arc: Ints
    share: Floats
    off_m: Floats
    part: Ints
    path: Ints
    path_from: Floats
    path_to: Floats
    path_m: Floats
    entered: Floats
    left: Floats
    path_part: Ints
    times: Floats
    at_m: Floats

    @property
    def parts(self) -> int:
        """How many."""
        return int(self.part.max(initial=-1)) + 1


def speeds_of(matched: Matched, *, longest_halt_s: float = 60.0) -> tuple[Ints, Floats, Floats]:
    """How fast arcs were driven: the arc, meters and seconds of each time that one was, all or in part (10 m at least).

    Arcs on which the vehicle stood for longer than `longest_halt_s` are left out: that was a delivery, not traffic.
    """
    good = in_motion(matched, longest_halt_s=longest_halt_s)
    return matched.path[good], matched.path_m[good], (matched.left - matched.entered)[good]


def in_motion(matched: Matched, *, longest_halt_s: float = 60.0) -> Bools:
    """Which arcs of the path tell a speed: see `speeds_of`."""
    good: Bools = (matched.path_m >= SHORTEST_M) & (matched.left > matched.entered)
    for start, end in _halts(matched, longest_halt_s):
        good &= (matched.left <= start) | (matched.entered >= end)
    return good


def _halts(matched: Matched, longest_s: float) -> list[tuple[float, float]]:
    """Spans in which a vehicle stood for longer."""
    found = []
    for part in range(matched.parts):
        on = np.flatnonzero(matched.part == part)
        times, at = matched.times[on], matched.at_m[on]
        until = times[np.searchsorted(at, at + HALT_M) - 1]
        found += [(float(times[n]), float(until[n])) for n in np.flatnonzero(until - times > longest_s)]
    return found


def told(ground: Ground, times: Floats, seen: Spots, places: Places, parts: list[Part]) -> Matched:
    """The path through the places that were chosen. A part of one fix is none."""
    count = len(times)
    arc, part = np.full(count, -1, np.int32), np.full(count, -1, np.int32)
    share, off, at = np.full(count, np.nan), np.full(count, np.nan), np.full(count, np.nan)
    driven: list[_Drive] = []
    for numbers, chosen in parts:
        place_of = np.full(len(seen.since), -1, np.int64)
        place_of[numbers] = chosen
        fixes = np.flatnonzero(place_of[seen.of_fix] >= 0)
        if len(fixes) < 2:
            continue
        place = place_of[seen.of_fix[fixes]]
        arc[fixes], part[fixes] = places.arc[place], len(driven)
        share[fixes], off[fixes] = places.share[place], places.off_m[place]
        driven.append(_drive(ground, arc[fixes], share[fixes], times[fixes]))
        at[fixes] = driven[-1].at_m
    return Matched(
        arc=arc,
        share=share,
        off_m=off,
        part=part,
        path=_joined([one.path.astype(np.float64) for one in driven]).astype(np.int32),
        path_from=_joined([one.begun for one in driven]),
        path_to=_joined([one.ended for one in driven]),
        path_m=_joined([one.meters for one in driven]),
        entered=_joined([one.bounds[:-1] for one in driven]),
        left=_joined([one.bounds[1:] for one in driven]),
        path_part=np.repeat(np.arange(len(driven), dtype=np.int32), [len(one.path) for one in driven]),
        times=times,
        at_m=at,
    )


def _joined(columns: list[Floats]) -> Floats:
    return np.concatenate(columns) if columns else np.zeros(0)


@dataclass(frozen=True, slots=True)
class _Drive:
    """One part: arcs, their shares and meters, when each of their bounds was passed; meters at each fix."""

    path: Longs
    begun: Floats
    ended: Floats
    meters: Floats
    bounds: Floats
    at_m: Floats


def _drive(ground: Ground, arc: Ints, share: Floats, times: Floats) -> _Drive:
    """Between two fixes a vehicle is thought to go evenly."""
    path, place = _path(ground, arc, share, np.diff(times) >= GAP_S)
    length = ground.length_m[path]
    begun, ended = np.zeros(len(path)), np.ones(len(path))
    begun[0], ended[-1] = share[0], share[-1] if place[-1] else share.max()
    meters = (ended - begun) * length
    passed = np.append(0.0, np.cumsum(meters))
    at = passed[place] + (share - begun[place]) * length[place]
    at = np.clip(np.maximum.accumulate(at), 0.0, passed[-1])
    bounds = np.interp(passed, at, times)
    bounds[0], bounds[-1] = times[0], times[-1]
    return _Drive(path, begun, ended, meters, bounds, at)


def _path(ground: Ground, arc: Ints, share: Floats, gap: Bools) -> tuple[Longs, Longs]:
    """The arcs from the first fix's to the last one's, and where among them each fix's stands."""
    length = ground.length_m[arc[1:]]
    stays = (arc[1:] == arc[:-1]) & ((share[1:] - share[:-1]) * length >= -BACK_M)
    moves = np.flatnonzero(~stays) + 1
    heads, tails = ground.head[arc[moves - 1]].tolist(), ground.tail[arc[moves]].tolist()
    ways = ground.ways(list(zip(heads, tails, strict=True)), gap[moves - 1].tolist())
    pieces = [[int(arc[0])]]
    for way, to in zip(ways, arc[moves].tolist(), strict=True):
        pieces.append([*way, to])
    ends = np.cumsum([len(piece) for piece in pieces]) - 1
    path = np.array([one for piece in pieces for one in piece], np.int64)
    return path, ends[np.append(0, np.cumsum(~stays))]
