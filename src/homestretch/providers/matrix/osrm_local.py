"""OSRM in this process (`osrm-bindings`, Python 3.12 or newer) on data that lies beside it: no server, no request.

Data are what `python -m osrm extract` and `python -m osrm contract` leave, one set a profile. It knows no hours:
`depart` is ignored.
"""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from homestretch.kernel.geo import Point
from homestretch.kernel.refusal import Refusal
from homestretch.providers import lookup
from homestretch.providers.errors import ProviderError
from homestretch.providers.matrix import Profile, Table, Way, ask
from homestretch.providers.matrix.osrm import read_way
from homestretch.providers.registry import adapter

NO_SEGMENT, NO_ROUTE = "NoSegment", "NoRoute"  # the first word of what it says
FARTHEST_M = 1_000.0  # from a place to its road, as everywhere here
BLOCK = ask.Limit(2_000, 2_000, 4_000_000)  # at a time, for its answer is made of Python's objects


@dataclass(frozen=True)
class OsrmLocalOptions:
    """Files named `….osrm`, of which the others lie beside; a profile without one is not supported. `max_cells`,
    `max_seconds`: of a whole table."""

    data: Path
    truck_data: Path | None = None
    bike_data: Path | None = None
    foot_data: Path | None = None
    max_cells: int = 30_000_000
    max_seconds: float = 300.0


@adapter("matrix", "osrm_local", OsrmLocalOptions)
class OsrmLocal:
    def __init__(self, options: OsrmLocalOptions) -> None:
        self._osrm = _library()
        self._options = options
        named = {"van": options.data, "truck": options.truck_data, "bike": options.bike_data, "foot": options.foot_data}
        self._data: dict[Profile, str] = {profile: str(path or "") for profile, path in named.items()}  # type: ignore[misc]

    def durations_and_distances(
        self,
        origins: Sequence[Point],
        destinations: Sequence[Point],
        *,
        depart: datetime | None,  # noqa: ARG002  it knows no hours
        profile: Profile,
    ) -> Table:
        engine = self._engine(profile)
        budget = ask.Budget(self._options.max_cells, self._options.max_seconds)

        def block(rows: Sequence[Point], columns: Sequence[Point]) -> ask.Answer:
            wanted = self._osrm.TableParameters(
                coordinates=_line([*rows, *columns]),
                sources=list(range(len(rows))),
                destinations=list(range(len(rows), len(rows) + len(columns))),
                annotations=["duration", "distance"],
            )
            said = _asked(engine.Table, wanted)
            if said is None:
                raise lookup.unreadable("no table")
            return _cells(said["durations"], said["distances"]), None

        return ask.table("osrm_local", (origins, destinations), BLOCK, budget, block)

    def path(
        self,
        origin: Point,
        destination: Point,
        *,
        depart: datetime | None,  # noqa: ARG002
        profile: Profile,
    ) -> Way | None:
        wanted = self._osrm.RouteParameters(
            coordinates=_line([origin, destination]), overview="full", geometries="geojson"
        )
        said = _asked(self._engine(profile).Route, wanted)
        if said is None:
            return None
        seconds, meters, points = read_way(said)
        return Way(seconds, meters, points, None, "osrm_local")

    def _engine(self, profile: Profile) -> Any:
        return _opened(ask.mode(self._data, profile))


@lru_cache(maxsize=8)
def _opened(data: str) -> Any:
    try:
        return _library().OSRM(storage_config=data, algorithm="CH", use_shared_memory=False, default_radius=FARTHEST_M)
    except RuntimeError as error:
        raise ProviderError("permanent", "refused", f"{Path(data).name} can't be opened: {error}") from error


def _library() -> Any:
    """Refuses `provider.library_missing`."""
    try:
        return importlib.import_module("osrm")
    except ImportError as error:
        raise Refusal(
            "provider.library_missing",
            "osrm-bindings is not installed here",
            remedy="on Python 3.12 or newer: pip install 'homestretch[osrm]'; or ask a server, by the provider osrm",
        ) from error


def _asked(verb: Any, wanted: Any) -> Any:
    """What it answers; None where there is no way."""
    try:
        return verb(wanted)
    except RuntimeError as error:
        code = str(error).split(" ", 1)[0]
        if code == NO_SEGMENT:
            raise ask.far_from_road() from error
        if code == NO_ROUTE:
            return None
        raise ProviderError("permanent", "refused", str(error)) from error


def _line(points: Sequence[Point]) -> list[tuple[float, float]]:
    return [(point.lon, point.lat) for point in points]


def _cells(durations: Any, distances: Any) -> list[list[ask.Cell]]:
    """Its arrays by rows; where there is no way it has an object of no meaning in place of a number."""
    return [
        [(_number(seconds), _number(meters)) for seconds, meters in zip(times, lengths, strict=True)]
        for times, lengths in zip(durations, distances, strict=True)
    ]


def _number(cell: Any) -> float | None:
    return float(cell) if isinstance(cell, int | float) else None
