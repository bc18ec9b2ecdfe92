"""Places by their coordinates: a leg is computed when it is asked for, so that nothing grows with their number squared.

A profile of coordinates is used like one of matrices: `durations[a, b]`, `distances[a, b]`, rows, columns and lists of
places alike. `search/coordinates.hpp` says the same numbers in the core; a length is rounded once, to whole seconds and
to whole meters: `nearest` (a half goes up), `down`, or `up` (beyond a millionth).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from homestretch.kernel.geo import EARTH_RADIUS_M
from homestretch.planner.typed import integers, texts

ROUNDINGS = ("nearest", "down", "up")
MOST = 2**31 - 1  # that a cell of a square array holds: there is no way, as `travel.UNREACHABLE` says it

Floats = npt.NDArray[np.float64]
Numbers = Floats | Sequence[float]


class Legs:
    """From each place to each, in one measure: what a square array would hold, computed where it is looked at."""

    def __init__(self, axes: Floats, each: float, rounding: str) -> None:
        self.axes = axes
        self.each = each
        self.rounding = rounding

    def __len__(self) -> int:
        return len(self.axes)

    @property
    def shape(self) -> tuple[int, int]:
        """Of the array that this stands for."""
        return len(self.axes), len(self.axes)

    def __getitem__(self, at: Any) -> Any:
        """`[a, b]` of places or arrays of places, `[a]` and `[:, b]` of one."""
        rows, columns = at if isinstance(at, tuple) else (at, slice(None))
        return self.of(_length(self.axes[rows], self.axes[columns]))

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> npt.NDArray[Any]:  # noqa: FBT001
        whole = np.empty(self.shape, dtype=dtype or np.int32)
        for place in range(len(self)):
            whole[place] = np.minimum(self[place], MOST)
        return whole

    def of(self, length: Any) -> Any:
        """Whole numbers of lengths."""
        exact = length * self.each
        if self.rounding == "up":
            rounded = np.ceil(np.rint(exact * 1e6) / 1e6)  # 5.0 may come as 5.000000000001
        else:
            rounded = np.floor(exact if self.rounding == "down" else exact + 0.5)
        return rounded.astype(np.int64)

    def longest(self) -> int:
        """No leg is longer."""
        if len(self) == 0:
            return 0
        return int(self.of(_length(self.axes.min(axis=0), self.axes.max(axis=0))))


@dataclass(frozen=True, slots=True, eq=False)
class Plane:
    """Points of a plane, and straight ways between them. `x`, `y` in any unit, of which `meters_per_unit` and
    `seconds_per_unit` say how far it is and how long it takes."""

    x: Floats
    y: Floats
    meters_per_unit: float = 1.0
    seconds_per_unit: float = 1.0
    round_meters: str = "nearest"
    round_seconds: str = "nearest"
    rung: str = "given"
    axes: Floats = field(init=False, repr=False)
    durations: Legs = field(init=False, repr=False)
    distances: Legs = field(init=False, repr=False)

    def __post_init__(self) -> None:
        texts(self, "round_meters", "round_seconds", "rung")
        _keep(self, "x", "y")
        _lay(self, np.column_stack((self.x, self.y)))

    @property
    def measures(self) -> tuple[tuple[float, str], tuple[float, str]]:
        """(meters, seconds) of a unit, each with its rounding."""
        return (self.meters_per_unit, self.round_meters), (self.seconds_per_unit, self.round_seconds)

    def __len__(self) -> int:
        return len(self.axes)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Plane) and _same(self, other)

    def __hash__(self) -> int:
        return hash((self.rung, self.measures, len(self)))


@dataclass(frozen=True, slots=True, eq=False)
class Globe:
    """Points of the earth in WGS84 degrees, and great circles between them, `detour_pct` meters of way for each 100,
    driven at `speed_mh` meters an hour."""

    lat: Floats
    lon: Floats
    speed_mh: int
    detour_pct: int = 100
    rung: str = "great_circle"
    axes: Floats = field(init=False, repr=False)
    durations: Legs = field(init=False, repr=False)
    distances: Legs = field(init=False, repr=False)

    def __post_init__(self) -> None:
        integers(self, "speed_mh", "detour_pct")
        texts(self, "rung")
        _keep(self, "lat", "lon")
        lat, lon = np.radians(self.lat), np.radians(self.lon)
        _lay(self, np.column_stack((np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat))))

    @property
    def measures(self) -> tuple[tuple[float, str], tuple[float, str]]:
        """(meters, seconds) of a radian, each with its rounding."""
        meters = EARTH_RADIUS_M * self.detour_pct / 100
        return (meters, "nearest"), (meters * 3600 / max(1, self.speed_mh), "nearest")

    def __len__(self) -> int:
        return len(self.axes)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Globe) and _same(self, other)

    def __hash__(self) -> int:
        return hash((self.rung, self.measures, len(self)))


Coordinates = Plane | Globe


def whole(table: npt.NDArray[np.int32] | Legs) -> npt.NDArray[np.int32]:
    """The square array itself."""
    return np.asarray(table, dtype=np.int32)


def _keep(profile: Any, *names: str) -> None:
    """Read-only arrays of equal length. Raises `TypeError`, `ValueError`."""
    for name in names:
        given = np.asarray(getattr(profile, name))
        if given.size and given.dtype.kind not in "iuf":
            raise TypeError(f"{type(profile).__name__}.{name} must hold numbers, not {given.dtype}")
        if given.ndim != 1:
            raise ValueError(f"{type(profile).__name__}.{name} must be a list of numbers")
        kept = np.array(given, dtype=np.float64)
        kept.setflags(write=False)
        object.__setattr__(profile, name, kept)
    if len({len(getattr(profile, name)) for name in names}) > 1:
        raise ValueError(f"{type(profile).__name__} needs as many of each: {' and '.join(names)}")


def _lay(profile: Any, axes: Floats) -> None:
    axes = np.ascontiguousarray(axes)
    axes.setflags(write=False)
    object.__setattr__(profile, "axes", axes)
    for name, (each, rounding) in zip(("distances", "durations"), profile.measures, strict=True):
        if rounding not in ROUNDINGS:
            raise ValueError(f"a rounding is one of {', '.join(ROUNDINGS)}, not {rounding!r}")
        if type(each) not in (int, float):
            raise TypeError(f"{type(profile).__name__} must measure by numbers, not {each!r}")
        object.__setattr__(profile, name, Legs(axes, float(each), rounding))


def _same(one: Any, other: Any) -> bool:
    alike: Iterable[bool] = (one.rung == other.rung, one.measures == other.measures)
    return all(alike) and np.array_equal(one.axes, other.axes)


def _length(one: Floats, other: Floats) -> Any:
    """Straight between points of a plane; along the surface, in radians, between unit vectors."""
    apart = one - other
    straight = np.sqrt((apart * apart).sum(axis=-1))
    if one.shape[-1] == 2:
        return straight
    return 2 * np.arcsin(np.minimum(1.0, straight / 2))
