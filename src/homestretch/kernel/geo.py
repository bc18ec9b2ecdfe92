"""The sphere: coordinates, great-circle distance, bearing. WGS84 degrees in, whole meters out."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import asin, atan2, cos, degrees, hypot, isfinite, radians, sin, sqrt

from homestretch.kernel.refusal import Refusal

EARTH_RADIUS_M = 6_371_008  # mean radius, IUGG


@dataclass(frozen=True, slots=True)
class Point:
    """A coordinate in WGS84 degrees."""

    lat: float
    lon: float


def read_point(lat: float, lon: float, *, field: str = "lat") -> Point:
    """A checked coordinate. Refuses `place.coordinates_invalid` and `place.coordinates_zero` (0, 0 is no address)."""
    if not (isfinite(lat) and isfinite(lon) and -90 <= lat <= 90 and -180 <= lon <= 180):
        raise Refusal(
            "place.coordinates_invalid",
            f"lat {lat}, lon {lon} is not on the earth",
            remedy="lat is -90 to 90, lon -180 to 180, in degrees; perhaps the two are swapped",
            field=field,
        )
    if abs(lat) < 1e-4 and abs(lon) < 1e-4:
        raise Refusal(
            "place.coordinates_zero",
            "lat 0, lon 0 is in the sea: a missing coordinate, not a place",
            remedy="leave both empty to have the address looked up",
            field=field,
        )
    return Point(lat, lon)


def distance_m(a: Point, b: Point) -> float:
    """Great-circle distance in meters (haversine)."""
    phi_a, phi_b = radians(a.lat), radians(b.lat)
    half = sin((phi_b - phi_a) / 2) ** 2 + cos(phi_a) * cos(phi_b) * sin(radians(b.lon - a.lon) / 2) ** 2
    return 2 * EARTH_RADIUS_M * asin(min(1.0, sqrt(half)))


def bearing_deg(a: Point, b: Point) -> float:
    """Initial bearing from `a` to `b`, degrees clockwise from north, [0, 360)."""
    phi_a, phi_b, turn = radians(a.lat), radians(b.lat), radians(b.lon - a.lon)
    east = sin(turn) * cos(phi_b)
    north = cos(phi_a) * sin(phi_b) - sin(phi_a) * cos(phi_b) * cos(turn)
    return degrees(atan2(east, north)) % 360


def between(a: Point, b: Point, share: float) -> Point:
    """The point `share` (0 to 1) of the way from `a` to `b`, straight in degrees: right for a few kilometers."""
    return Point(a.lat + (b.lat - a.lat) * share, a.lon + (b.lon - a.lon) * share)


def offset(point: Point, north_m: float, east_m: float) -> Point:
    """`point` moved by meters: right for a few kilometers."""
    lat = point.lat + degrees(north_m / EARTH_RADIUS_M)
    return Point(lat, point.lon + degrees(east_m / (EARTH_RADIUS_M * max(0.01, cos(radians(point.lat))))))


def path_length_m(points: list[Point]) -> float:
    """Length of a polyline in meters."""
    return sum(distance_m(a, b) for a, b in pairwise(points))


def flat_distance(dx: float, dy: float) -> float:
    """Euclidean length, in the units given."""
    return hypot(dx, dy)
