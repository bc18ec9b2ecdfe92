"""What judging a benchmark's plan comes to, and the arithmetic of a file's numbers that no engine has a part in."""

from dataclasses import dataclass
from math import floor, hypot

from homestretch.planner.formats.instance import Instance
from homestretch.planner.formats.text import Number

SCALES = {"dimacs": 10, "exact": 1000, "round": 1}

TOLERANCE = 1e-6  # of real-valued times (sintef): sums of doubles, not rules, differ by less


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule that a plan breaks. `route` counts from 1; `visit` is a node id as text."""

    code: str
    cause: str
    route: int | None = None
    visit: str | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """`cost` is in the convention's unit; `vehicles` counts routes that visit anybody."""

    findings: tuple[Finding, ...]
    cost: int
    vehicles: int


def leg(instance: Instance, convention: str, a: int, b: int) -> Number:
    """From one node to another, as it is driven: a real number for `sintef`."""
    if instance.matrix is not None:
        length = float(instance.matrix[a, b])
    elif instance.coords is not None:
        (ax, ay), (bx, by) = instance.coords[a], instance.coords[b]
        length = hypot(ax - bx, ay - by)
    if convention == "sintef":
        return length
    if convention == "dimacs":
        return floor(10 * length)
    return floor(length + 0.5) if convention == "round" else round(1000 * length)


def time_of(value: Number, convention: str) -> Number:
    """A time or an amount of money of the file: as it stands for `sintef`."""
    return value if convention == "sintef" else floor(value * SCALES[convention])
