"""A plain map: places drawn by their coordinates, north up, without a road under them. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import cos, radians

from homestretch.kernel.geo import Point

WIDTH, MARGIN = 1000.0, 40.0
LOWEST, HIGHEST = 420.0, 900.0  # of the drawing, so that a town along one street still has a shape
NARROWEST_DEG = 0.01  # about a kilometer: a single place is not blown up


@dataclass(frozen=True, slots=True)
class Chart:
    """From degrees to the drawing: x = (lon - west) * x_scale + left, y = (north - lat) * y_scale + top."""

    west: float
    north: float
    x_scale: float
    y_scale: float
    left: float
    top: float
    height: float

    def at(self, point: Point) -> tuple[float, float]:
        """Where a place is drawn, to a tenth."""
        x = (point.lon - self.west) * self.x_scale + self.left
        return round(x, 1), round((self.north - point.lat) * self.y_scale + self.top, 1)


def chart_of(points: Iterable[Point]) -> Chart | None:
    """The drawing that holds all `points`; None where there are none."""
    known = list(points)
    if not known:
        return None
    south, north = _span([point.lat for point in known])
    west, east = _span([point.lon for point in known])
    shrink = max(0.1, cos(radians((south + north) / 2)))  # a degree of longitude is shorter than one of latitude
    room = WIDTH - 2 * MARGIN
    y_scale = min(room / ((east - west) * shrink), (HIGHEST - 2 * MARGIN) / (north - south))
    height = max(LOWEST, (north - south) * y_scale + 2 * MARGIN)
    left = (WIDTH - (east - west) * shrink * y_scale) / 2
    top = (height - (north - south) * y_scale) / 2
    return Chart(west, north, y_scale * shrink, y_scale, round(left, 3), round(top, 3), round(height, 1))


def _span(values: list[float]) -> tuple[float, float]:
    low, high = min(values), max(values)
    spare = max(0.0, NARROWEST_DEG - (high - low)) / 2
    return low - spare, high + spare
