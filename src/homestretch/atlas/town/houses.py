"""Houses along the streets: turned to them, not over one another, numbered odd on the left and even on the right."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import STRtree
from shapely.geometry.base import BaseGeometry

from homestretch.atlas.town.network import Network, Numbers, Way
from homestretch.atlas.town.shapes import Line, Vector, chance, lengths, points_at


@dataclass(frozen=True)
class Lot:
    """How plots are in a kind of place, meters (from, to): width of a house, depth, gap to the next, from the middle of
    the street to the front; and the share of plots that are built on."""

    width: tuple[float, float]
    depth: tuple[float, float]
    gap: tuple[float, float]
    front: tuple[float, float]
    share: float = 0.96


LOTS = {
    "old": Lot((7, 12), (9, 12), (0, 0.1), (4.6, 5.0), 0.97),
    "dense": Lot((9, 17), (11, 13), (0, 0.1), (8.5, 9.0), 0.95),
    "main": Lot((12, 22), (12, 15), (0, 7), (12.5, 14), 0.85),
    "grid": Lot((9, 12), (9, 12), (6, 10), (10, 12)),
    "leafy": Lot((10, 14), (10, 13), (8, 14), (11, 15)),
    "close": Lot((9, 12), (9, 11), (5, 9), (10, 12)),
    "village": Lot((10, 14), (9, 13), (9, 20), (9, 12)),
    "works": Lot((30, 62), (26, 52), (14, 30), (20, 24), 0.9),
    "country": Lot((14, 22), (10, 14), (180, 520), (16, 30), 0.7),
}
MARGIN = 5.0  # from a street's end to its first house


@dataclass
class Houses:
    """One row for each house. `group`: its street; `number`: what stands on the door; `front`: middle of its front."""

    shapes: NDArray[np.object_]
    group: Numbers
    number: NDArray[np.str_]
    place: NDArray[np.str_]
    front: Line


@dataclass
class _Rows:
    """Houses of one side of one street before they are compared with others."""

    group: int
    place: str
    side: int
    along: Vector
    corners: NDArray[np.float64]  # (n, 5, 2)
    front: Line
    clear: Vector


def build_houses(
    seed: int, network: Network, named: set[int], forbidden: list[BaseGeometry], box: BaseGeometry
) -> Houses:
    """Houses on all streets of the groups that are `named`, where nothing `forbidden` is."""
    random = chance(seed, "houses")
    chains = _chains([way for way in network.ways if way.street.group in named and way.street.place in LOTS])
    rows = [row for chain in chains for row in _beside(network, chain, random)]
    shapes = shapely.polygons(np.concatenate([row.corners for row in rows]))
    clear = np.concatenate([row.clear for row in rows])
    free = _is_free(shapes, clear, network, forbidden, box)
    owner = np.repeat(np.arange(len(rows)), [len(row.along) for row in rows])
    numbers = _numbers(rows, owner, free, random)
    return Houses(
        shapes[free],
        np.array([row.group for row in rows])[owner[free]],
        numbers[free],
        np.array([row.place for row in rows])[owner[free]],
        np.concatenate([row.front for row in rows])[free],
    )


def _chains(ways: list[Way]) -> Iterator[list[tuple[Way, bool]]]:
    """The ways of each street in order, and whether each is walked backwards."""
    groups: dict[int, list[Way]] = {}
    for way in ways:
        groups.setdefault(way.street.group, []).append(way)
    for mine in groups.values():
        left = list(mine)
        ends = [node for way in mine for node in (way.nodes[0], way.nodes[-1])]
        start = next((way for way in left if ends.count(way.nodes[0]) == 1), left[0])
        chain, left = [(start, False)], [way for way in left if way is not start]
        end = start.nodes[-1]
        while left:
            following = next((way for way in left if end in (way.nodes[0], way.nodes[-1])), left[0])
            back = following.nodes[0] != end and following.nodes[-1] == end
            chain.append((following, back))
            left = [way for way in left if way is not following]
            end = following.nodes[0] if back else following.nodes[-1]
        yield chain


def _beside(network: Network, chain: list[tuple[Way, bool]], random: np.random.Generator) -> Iterator[_Rows]:
    gone = 0.0
    for way, back in chain:
        line = network.line(way)[:: -1 if back else 1]
        at = lengths(line)
        if at[-1] > 2 * MARGIN + 8 and not way.street.lifted:
            for side in (1, -1):
                yield _row(way, line, side, gone, random)
        gone += float(at[-1])


def _row(way: Way, line: Line, side: int, gone: float, random: np.random.Generator) -> _Rows:
    lot, at = LOTS[way.street.place], lengths(line)
    whole = float(at[-1])
    count = int(whole / (lot.width[0] + lot.gap[0])) + 1
    wide, gaps = random.uniform(*lot.width, count), random.uniform(*lot.gap, count)
    starts = MARGIN + random.uniform(0, max(1.0, lot.gap[1] / 2)) + np.concatenate([[0], np.cumsum(wide + gaps)[:-1]])
    built = (starts + wide < whole - MARGIN) & (random.random(count) < lot.share)
    wide, middle = wide[built], (starts + wide / 2)[built]
    front, deep = random.uniform(*lot.front, len(middle)), random.uniform(*lot.depth, len(middle))
    if lot.gap[1] < 1 and len(front):
        front[:] = front[0]  # a row has one front
    segment = np.clip(np.searchsorted(at, middle, side="right") - 1, 0, len(line) - 2)
    ahead = np.diff(line, axis=0)[segment]
    ahead /= np.hypot(*ahead.T)[:, None]
    out = side * np.column_stack([-ahead[:, 1], ahead[:, 0]])
    door = points_at(line, middle) + front[:, None] * out
    half, back = (wide / 2)[:, None] * ahead, deep[:, None] * out
    corners = np.stack([door - half, door + half, door + half + back, door - half + back, door - half], axis=1)
    clear = np.maximum(front - 1.2, 3.4)
    return _Rows(way.street.group, way.street.place, side, gone + middle, corners, door, clear)


def _is_free(
    shapes: NDArray[np.object_], clear: Vector, network: Network, forbidden: list[BaseGeometry], box: BaseGeometry
) -> NDArray[np.bool_]:
    """Which houses keep off roads, off what is forbidden, and off houses that were there before."""
    free = shapely.within(shapes, box.buffer(-12))
    runs = [network.line(way) for way in network.ways]
    pieces = np.concatenate([np.stack([run[:-1], run[1:]], axis=1) for run in runs])
    free[STRtree(shapely.linestrings(pieces)).query(shapes, predicate="dwithin", distance=clear)[0]] = False
    vast = [area for area in forbidden if shapely.get_num_coordinates(area) > 80]
    for area in vast:
        shapely.prepare(area)
        free &= ~shapely.intersects(area, shapes)
    little = [area for area in forbidden if shapely.get_num_coordinates(area) <= 80]
    free[STRtree(little).query(shapes, predicate="intersects")[0]] = False
    left = np.flatnonzero(free)
    smaller = shapely.buffer(shapes[left], -0.35, cap_style="flat", join_style="mitre")
    first, second = STRtree(smaller).query(smaller, predicate="intersects")
    gone: set[int] = set()
    for a, b in sorted(zip(first[first < second].tolist(), second[first < second].tolist(), strict=True)):
        if a not in gone:
            gone.add(b)
    free[left[list(gone)]] = False
    return np.asarray(free, dtype=bool)


def _numbers(
    rows: list[_Rows], owner: Numbers, free: NDArray[np.bool_], random: np.random.Generator
) -> NDArray[np.str_]:
    """House numbers in the order along the street; now and then one is left out, or shared with a letter."""
    found = np.full(len(owner), "", dtype="<U6")
    following: dict[tuple[int, int], int] = {}
    for number, row in enumerate(rows):
        key = (row.group, row.side)
        following.setdefault(key, 1 if row.side == 1 else 2)
        lettered: set[str] = set()
        for house in _mine(owner, number, free):
            luck, before = random.random(), f"{following[key] - 2}a"
            if luck < 0.025 and following[key] > 2 and before not in lettered:
                found[house] = before
                lettered = {before}
                continue
            following[key] += 2 if luck > 0.93 else 0
            found[house] = str(following[key])
            following[key] += 2
    return found


def _mine(owner: Numbers, number: int, free: NDArray[np.bool_]) -> list[int]:
    start, end = np.searchsorted(owner, [number, number + 1])
    return [int(house) for house in range(start, end) if free[house]]
