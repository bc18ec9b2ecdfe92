"""A district is cut into blocks by streets: across its longer side, again and again, until blocks are small enough."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import LinearRing, LineString, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import split

from homestretch.atlas.town.shapes import Line, Vector, bowed, parts

NEAR, APART = 11.0, 38.0  # ends as near to a junction join it; between the two distances would be a bad corner
TRIES = 4
Numbers = NDArray[np.int_]


@dataclass(frozen=True)
class Pattern:
    """How a kind of district is cut. `block_m2`: size of a block; `jitter` of a cut's direction in degrees; `bow`: how
    bent cuts are (share of the length); `narrow`: blocks are not cut to be narrower, meters; `turned`: by the axes of
    the district, not of each piece."""

    block_m2: float
    jitter: float
    bow: float
    narrow: float
    turned: bool = False


@dataclass(frozen=True)
class Cut:
    """A street to be. `depth`: how many cuts came before; `follows`: the cut from which it goes on."""

    line: Line
    depth: int
    follows: int | None


@dataclass
class Corners:
    """Where cuts end, so that later ones meet them or keep away: place, direction, number of the cut."""

    places: Line = field(default_factory=lambda: np.empty((1024, 2)))
    ways: list[float] = field(default_factory=list)
    cuts: list[int] = field(default_factory=list)

    def add(self, line: Line, cut: int) -> None:
        """Remember both ends of a cut."""
        for place, inward in ((line[0], line[1]), (line[-1], line[-2])):
            if len(self.cuts) == len(self.places):
                self.places = np.vstack([self.places, np.empty_like(self.places)])
            self.places[len(self.cuts)] = place
            self.ways.append(float(np.arctan2(*(inward - place)[::-1])))
            self.cuts.append(cut)

    def on(self, outline: LinearRing) -> Numbers:
        """Numbers of the corners that lie on an outline."""
        west, south, east, north = outline.bounds
        at = self.places[: len(self.cuts)]
        inside = (at[:, 0] > west - 2) & (at[:, 0] < east + 2) & (at[:, 1] > south - 2) & (at[:, 1] < north + 2)
        near = np.flatnonzero(inside)
        return np.asarray(near[shapely.distance(shapely.points(at[near]), outline) < 2])


@dataclass
class Divider:
    """Cuts districts of one town. `cuts` are the streets so far."""

    random: np.random.Generator
    corners: Corners = field(default_factory=Corners)
    cuts: list[Cut] = field(default_factory=list)

    def divide(self, district: Polygon, pattern: Pattern) -> list[Polygon]:
        """The blocks of a district."""
        axis = _long_axis(district) if pattern.turned else None
        waiting, blocks = [(district, 0)], []
        while waiting:
            piece, depth = waiting.pop()
            size = pattern.block_m2 * self.random.uniform(0.7, 1.35)
            halves = self._halve(piece, pattern, axis, depth) if piece.area > 1.45 * size else []
            if halves:
                waiting += [(half, depth + 1) for half in halves]
            else:
                blocks.append(piece)
        return blocks

    def _halve(self, piece: Polygon, pattern: Pattern, axis: float | None, depth: int) -> list[Polygon]:
        turn = _long_axis(piece) if axis is None else axis
        long, wide = _extent(piece, turn), _extent(piece, turn + np.pi / 2)
        if wide[1] - wide[0] > 1.15 * (long[1] - long[0]):
            turn, long = turn + np.pi / 2, wide
        if long[1] - long[0] < 2 * pattern.narrow:
            return []
        for bad, knife, follows in sorted(self._candidates(piece, pattern, turn, long), key=lambda found: found[0])[:3]:
            pieces = [part for part in split(piece, LineString(knife)).geoms if part.geom_type == "Polygon"]
            if bad < 4 and len(pieces) > 1 and min(part.area for part in pieces) > 0.06 * piece.area:
                self._keep(piece, knife, depth, follows)
                return pieces
        return []

    def _keep(self, piece: Polygon, knife: Line, depth: int, follows: int | None) -> None:
        for part in parts(piece.intersection(LineString(knife)), "LineString"):
            if part.length > 12:
                line = shapely.get_coordinates(part)
                self.corners.add(line, len(self.cuts))
                self.cuts.append(Cut(line, depth, follows))

    def _candidates(
        self, piece: Polygon, pattern: Pattern, turn: float, long: tuple[float, float]
    ) -> list[tuple[float, Line, int | None]]:
        """(how bad, the cut, which it goes on from): some at random near the middle, some from corners of others."""
        ahead = np.array([np.cos(turn), np.sin(turn)])
        near = self.corners.on(piece.exterior)
        places = self.corners.places[near]
        shares = (places @ ahead - long[0]) / (long[1] - long[0])
        starts: list[tuple[float, int | None]] = [(self.random.uniform(0.4, 0.6), None) for _ in range(TRIES)]
        starts += [(float(shares[n]), n) for n in np.argsort(abs(shares - 0.5))[:3] if 0.3 < shares[n] < 0.7]
        ring, center = shapely.get_coordinates(piece.exterior), shapely.get_coordinates(piece.representative_point())[0]
        found = []
        for share, number in starts:
            lean = turn + np.pi / 2 + self.random.normal(0, np.radians(pattern.jitter))
            middle = center + (long[0] + share * (long[1] - long[0]) - center @ ahead) * ahead
            chord = _chord(ring, middle if number is None else places[number], lean)
            if chord is None:
                continue
            first, last = _longer(chord.ends, 3.0)
            knife = bowed(first, last, self.random.normal(0, pattern.bow))
            follows = None if number is None else self._goes_on(near[number], turn + np.pi / 2)
            found.append((_badness(chord, places) + 3 * abs(share - 0.5), knife, follows))
        return found

    def _goes_on(self, corner: int, turn: float) -> int | None:
        """The cut that ends at a corner, if it runs in the same direction."""
        off = abs(np.sin(self.corners.ways[corner] - turn))
        return self.corners.cuts[corner] if off < 0.3 else None


def _long_axis(piece: Polygon) -> float:
    """Direction of the longer side of the smallest rectangle round it, radians."""
    box = shapely.get_coordinates(shapely.minimum_rotated_rectangle(piece))
    sides = np.diff(box, axis=0)[:2]
    side = sides[int(np.argmax(np.hypot(*sides.T)))]
    return float(np.arctan2(side[1], side[0]))


def _extent(piece: Polygon, turn: float) -> tuple[float, float]:
    along = shapely.get_coordinates(piece.exterior) @ np.array([np.cos(turn), np.sin(turn)])
    return float(along.min()), float(along.max())


@dataclass(frozen=True)
class _Chord:
    """A straight cut through an outline: its two ends, |cosine| of its angle with the edge at each, other crossings."""

    ends: Line
    slants: Vector
    others: int


def _chord(ring: Line, through: Vector, turn: float) -> _Chord | None:
    """The part of a straight line through a point that lies within an outline, next to the point."""
    ahead, left = np.array([np.cos(turn), np.sin(turn)]), np.array([-np.sin(turn), np.cos(turn)])
    off = (ring - through) @ left
    n = np.flatnonzero((off[:-1] < 0) != (off[1:] < 0))
    edges = ring[n + 1] - ring[n]
    places = ring[n] + (off[n] / (off[n] - off[n + 1]))[:, None] * edges
    along = (places - through) @ ahead
    order = np.argsort(along)
    if len(order) < 2:
        return None
    split_at = int(np.clip(np.searchsorted(along[order], -1e-6), 0, len(order) - 2) // 2 * 2)
    two = order[split_at : split_at + 2]
    slants = abs(edges[two] @ ahead) / np.maximum(np.hypot(*edges[two].T), 1e-9)
    return _Chord(places[two], slants, len(n) - 2)


def _longer(ends: Line, over: float) -> Line:
    run = ends[1] - ends[0]
    more = over * run / max(float(np.hypot(*run)), 1.0)
    return np.array([ends[0] - more, ends[1] + more])


def _badness(chord: _Chord, places: Line) -> float:
    """Bad corners: ends too near to those of others, and slanting ones."""
    bad = 0.5 * (chord.others > 0) + 1.2 * float(np.maximum(0.0, chord.slants - 0.35).sum())
    for end in chord.ends if len(places) else ():
        away = float(np.min(np.hypot(*(places - end).T)))
        bad += (APART - away) / APART if NEAR < away < APART else -0.12 * (away <= NEAR)
    return bad


def open_ends(cut: Line, closed: BaseGeometry, back: float) -> Line | None:
    """A cut without its last `back` meters wherever it ends at an edge where no road runs; None if nothing is left."""
    first, last = (closed.distance(shapely.Point(cut[end])) < 3 for end in (0, -1))
    whole = LineString(cut)
    start, end = back * first, whole.length - back * last
    if not (first or last):
        return cut
    if end - start < back:
        return None
    return np.asarray(shapely.get_coordinates(shapely.ops.substring(whole, start, end)))
