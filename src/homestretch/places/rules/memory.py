"""What a place remembers: how long its stops took, and where its doors are by the phones that stood there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from statistics import median

from homestretch.kernel.geo import Point, between, distance_m
from homestretch.kernel.refusal import Refusal

SIDES = ("", "left", "right")  # of the street, as one drives up to the door; '' = either
CONFIRMED_FROM = ("person", "proofs")
KEPT_SERVICES = 20  # the newest, per place
LONGEST_S = 4 * 3600  # a halt that seems longer was a forgotten tap
NEEDED = 3  # phones that must have stood together before they say where the door is
TOGETHER_M = 30  # as far from their middle as phones at one door are
MAX_GATE_CODE = 40
DAYS = 3  # different ones, on which phones stood at a door before it is believed
MOST_FROM_PIN_M = 150  # further off it is another building, or a driver who tells outcomes in the van
LEAST_FROM_PIN_M = 10  # nearer it is the pin
DOUBT = 1  # visits that the pin counts for
MOVED_M = 5  # a door that was learned moves by no less


def check_side(side: str) -> None:
    """Refuses `place.side_unknown`."""
    if side not in SIDES:
        raise Refusal(
            "place.side_unknown", "this is no side of a street", remedy="left, right, or empty for either", field="side"
        )


def check_gate_code(code: str) -> None:
    """Refuses `place.gate_code_too_long`. What it is stays out of the refusal."""
    if len(code) > MAX_GATE_CODE:
        raise Refusal(
            "place.gate_code_too_long",
            f"the gate code has {len(code)} characters",
            remedy=f"at most {MAX_GATE_CODE}; what else is to be known belongs to the access notes",
            field="gate_code",
        )


def is_measured(seconds: int) -> bool:
    """Whether a halt took a time that says something about its place."""
    return 0 < seconds <= LONGEST_S


def median_s(seconds: Sequence[int]) -> int | None:
    """The median of measured halts in whole seconds; None where nothing was measured."""
    return round(median(seconds)) if seconds else None


@dataclass(frozen=True, slots=True)
class Cluster:
    """Where phones stood at completed stops: their middle, how many agree, and within how many meters of it."""

    point: Point
    count: int
    radius_m: int


def cluster_of(points: Sequence[Point]) -> Cluster | None:
    """The door as phones saw it, or None: at least three, and most of all points, lie within 30 m of their middle.

    The middle is the median of each coordinate, which one phone that was far off does not move.
    """
    if len(points) < NEEDED:
        return None
    near = [point for point in points if distance_m(point, _middle(points)) <= TOGETHER_M]
    if len(near) < NEEDED or 2 * len(near) <= len(points):
        return None
    middle = _middle(near)
    return Cluster(middle, len(near), round(max(distance_m(point, middle) for point in near)))


def doorstep(stood: Sequence[tuple[Point, date]], pin: Point) -> Cluster | None:
    """The entrance that phones have found, or None. `stood`: where they were at completed stops, and on which days.

    They agree (`cluster_of`), on three days or more, not far from the pin. The entrance is drawn a little towards the
    pin, less with each visit: a mean of the pin and of the visits.
    """
    cluster = cluster_of([point for point, _ in stood])
    if cluster is None or distance_m(cluster.point, pin) > MOST_FROM_PIN_M:
        return None
    if len({day for point, day in stood if distance_m(point, cluster.point) <= TOGETHER_M}) < DAYS:
        return None
    drawn = between(pin, cluster.point, cluster.count / (cluster.count + DOUBT))
    return replace(cluster, point=drawn) if distance_m(pin, drawn) >= LEAST_FROM_PIN_M else None


def _middle(points: Sequence[Point]) -> Point:
    return Point(median(point.lat for point in points), median(point.lon for point in points))
