"""Curves and outlines on a plane: meters east and north of the market square, as arrays of shape (n, 2)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

Line = NDArray[np.float64]
Vector = NDArray[np.float64]


def chance(seed: int, *purpose: object) -> np.random.Generator:
    """The stream of one purpose: one more draw here changes none elsewhere."""
    words = "/".join(str(word) for word in (seed, *purpose))
    digest = hashlib.sha256(words.encode()).digest()
    return np.random.default_rng(int.from_bytes(digest[:16], "big"))


def curve(points: Sequence[tuple[float, float]] | Line, step: float = 20.0) -> Line:
    """A smooth line through control points (centripetal Catmull-Rom), a point about each `step` meters."""
    given = np.asarray(points, dtype=float)
    given = np.vstack([2 * given[0] - given[1], given, 2 * given[-1] - given[-2]])
    knots = np.concatenate([[0.0], np.cumsum(np.sqrt(np.hypot(*np.diff(given, axis=0).T)))])
    at = np.linspace(knots[1], knots[-2], 40 * len(given))
    n = np.clip(np.searchsorted(knots, at, side="right") - 1, 1, len(given) - 3)

    def mixed(p: Line, q: Line, first: NDArray[np.int_], last: NDArray[np.int_]) -> Line:
        share = ((at - knots[first]) / (knots[last] - knots[first]))[:, None]
        return np.asarray((1 - share) * p + share * q)

    one, two, three = (mixed(given[n + k - 1], given[n + k], n + k - 1, n + k) for k in (0, 1, 2))
    fine = mixed(mixed(one, two, n - 1, n + 1), mixed(two, three, n, n + 2), n, n + 1)
    return spaced(fine, step)


def spaced(line: Line, step: float) -> Line:
    """The same line with points at equal distances of about `step`."""
    at = lengths(line)
    count = max(2, round(float(at[-1]) / step) + 1)
    return points_at(line, np.linspace(0, at[-1], count))


def lengths(line: Line) -> Vector:
    """How far along the line each of its points is."""
    steps = np.hypot(*np.diff(line, axis=0).T)
    return np.concatenate([[0.0], np.cumsum(steps)])


def points_at(line: Line, distances: Vector) -> Line:
    """The points at distances along the line."""
    at = lengths(line)
    return np.column_stack([np.interp(distances, at, line[:, 0]), np.interp(distances, at, line[:, 1])])


def normals(line: Line) -> Line:
    """Unit vectors to the left of the line at each of its points."""
    ahead = np.gradient(line, axis=0)
    ahead /= np.maximum(np.hypot(*ahead.T), 1e-9)[:, None]
    return np.column_stack([-ahead[:, 1], ahead[:, 0]])


def beside(line: Line, left: float | Vector) -> Line:
    """The line moved to its left by meters (one number, or one for each point)."""
    return np.asarray(line + normals(line) * np.reshape(left, (-1, 1)))


def bowed(start: Vector, end: Vector, bow: float) -> Line:
    """From start to end with a bulge of `bow` (share of the length) to the left; straight where it is slight."""
    run = end - start
    length = float(np.hypot(*run))
    if abs(bow) * length < 1.5:
        return np.array([start, end])
    t = np.linspace(0, 1, max(3, min(12, round(length / 25))))[:, None]
    left = np.array([-run[1], run[0]])
    return np.asarray(start + t * run + 4 * bow * t * (1 - t) * left)


def rounded(line: Line, rounds: int = 2) -> Line:
    """The line with its corners cut (Chaikin); its ends stay."""
    for _ in range(rounds):
        cut = np.empty((2 * (len(line) - 1), 2))
        cut[0::2] = 0.75 * line[:-1] + 0.25 * line[1:]
        cut[1::2] = 0.25 * line[:-1] + 0.75 * line[1:]
        line = np.vstack([line[:1], cut[1:-1], line[-1:]])
    return line


def blob(center: Sequence[float], radius: float, random: np.random.Generator, wobble: float = 0.12) -> Line:
    """A round outline that is not a circle, closed."""
    angle = np.linspace(0, 2 * np.pi, 73)
    far = np.ones_like(angle)
    for waves in (2, 3, 5):
        far += wobble / waves**0.7 * random.normal() * np.cos(waves * angle + random.uniform(0, 2 * np.pi))
    far = np.clip(far, 0.6, 1.5) * radius
    return _closed(np.column_stack([center[0] + far * np.cos(angle), center[1] + far * np.sin(angle)]))


def circle(center: Vector, radius: float, points: int = 24) -> Line:
    """A closed circle, counterclockwise."""
    angle = np.linspace(0, 2 * np.pi, points + 1)
    return _closed(np.column_stack([center[0] + radius * np.cos(angle), center[1] + radius * np.sin(angle)]))


def _closed(ring: Line) -> Line:
    ring[-1] = ring[0]
    return ring


def parts(geometry: BaseGeometry, kind: str) -> Iterator[BaseGeometry]:
    """The simple parts of one kind (`LineString`, `Polygon`, `Point`) in a geometry."""
    for part in shapely.get_parts(geometry):
        if part.geom_type == kind and not part.is_empty:
            yield part
        elif part.geom_type.startswith(("Multi", "Geometry")):
            yield from parts(part, kind)


def lines_of(geometry: BaseGeometry, least: float = 0.0) -> list[Line]:
    """The lines in a geometry that are at least so long."""
    return [shapely.get_coordinates(part) for part in parts(geometry, "LineString") if part.length >= least]
