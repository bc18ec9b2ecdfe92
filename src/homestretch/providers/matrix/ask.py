"""What all adapters of a matrix do alike: cut a table into requests, put the answers together."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from homestretch.kernel.geo import Point
from homestretch.providers.errors import ProviderError
from homestretch.providers.lookup import unreadable, whole
from homestretch.providers.matrix import UNREACHABLE, Profile, Table

Cell = tuple[float | None, float | None]  # seconds and meters as the service says them; None twice: no way
Answer = tuple[list[list[Cell]], datetime | None]


@dataclass(frozen=True)
class Limit:
    """What one request may hold: origins, destinations, and pairs of both."""

    rows: int
    columns: int
    cells: int


@dataclass(frozen=True)
class Budget:
    """What a whole table may take: pairs (paid services count them) and seconds on a real clock."""

    cells: int
    seconds: float


def table(
    source: str,
    places: tuple[Sequence[Point], Sequence[Point]],
    limit: Limit,
    budget: Budget,
    ask: Callable[[Sequence[Point], Sequence[Point]], Answer],
) -> Table:
    """All origins by all destinations, asked block by block. `ProviderError` of a block is that of the table."""
    origins, destinations = places
    shape = (len(origins), len(destinations))
    if shape[0] * shape[1] > budget.cells:
        raise ProviderError(
            "permanent", "too_large", f"a table of {shape[0]} x {shape[1]} is over {budget.cells} pairs"
        )
    durations, distances = np.zeros(shape, np.int32), np.zeros(shape, np.int32)
    oldest: datetime | None = None
    ends = time.monotonic() + budget.seconds
    for rows, columns in blocks(shape, limit):
        if time.monotonic() > ends:
            raise ProviderError("deferred", "no_answer", f"the table took over {budget.seconds:g} s")
        cells, as_of = ask(origins[rows], destinations[columns])
        durations[rows, columns], distances[rows, columns] = read_cells(
            cells, (rows.stop - rows.start, columns.stop - columns.start)
        )
        oldest = min(filter(None, (oldest, as_of)), default=None)
    same = _same(origins, destinations)
    durations[same] = distances[same] = 0
    return Table(durations, distances, oldest, source)


def _same(origins: Sequence[Point], destinations: Sequence[Point]) -> NDArray[np.bool_]:
    """Which pairs are one coordinate: some services drive a round even then, or find no way."""
    rows, columns = (
        np.array([(point.lat, point.lon) for point in points]).reshape(-1, 2) for points in (origins, destinations)
    )
    return np.asarray((rows[:, None, :] == columns[None, :, :]).all(axis=2))


def blocks(shape: tuple[int, int], limit: Limit) -> Iterator[tuple[slice, slice]]:
    """Rows and columns of each request, within the limit, every pair once."""
    width = max(1, min(shape[1], limit.columns, limit.cells))
    height = max(1, min(shape[0], limit.rows, limit.cells // width))
    for top in range(0, shape[0], height):
        for left in range(0, shape[1], width):
            yield slice(top, min(top + height, shape[0])), slice(left, min(left + width, shape[1]))


def read_cells(cells: list[list[Cell]], shape: tuple[int, int]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Seconds (rounded up) and meters (to the nearest) of a block. Neither two numbers nor none: it fails."""
    if len(cells) != shape[0] or any(len(row) != shape[1] for row in cells):
        raise unreadable("a table of another shape")
    read = [_read_cell(cell) for row in cells for cell in row]
    both = np.array(read, np.int32).reshape(*shape, 2)
    return both[:, :, 0], both[:, :, 1]


def square(found: Mapping[tuple[int, int], Cell], shape: tuple[int, int]) -> list[list[Cell]]:
    """Rows of cells that came one by one, each with its place; every place exactly once."""
    if len(found) != shape[0] * shape[1]:
        raise unreadable("a table of another shape")
    return [[found[row, column] for column in range(shape[1])] for row in range(shape[0])]


def _read_cell(cell: Cell) -> tuple[int, int]:
    seconds, meters = cell
    if seconds is None and meters is None:
        return UNREACHABLE, UNREACHABLE
    return whole(seconds, up=True), whole(meters)


def mode(modes: Mapping[Profile, str], profile: Profile) -> str:
    """The service's word for a profile. `ProviderError` `profile_unsupported` where it has none."""
    found = modes.get(profile)
    if not found:
        raise ProviderError("permanent", "profile_unsupported", f"the service knows no way for the profile {profile}")
    return found


def far_from_road() -> ProviderError:
    return ProviderError("permanent", "place_far_from_road", "the service finds no road near one of the places")
