"""The files of a run: which belong to a class, how each counts, and what a solver is told of it in integers."""

from __future__ import annotations

import csv
import os
from dataclasses import dataclass
from math import floor, log
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from bench.perturbed import perturbed
from homestretch.planner.formats import conventions, guess
from homestretch.planner.formats.instance import Instance, Vehicle
from homestretch.planner.formats.judge import judge
from homestretch.planner.formats.plans import read_plan

Ints = npt.NDArray[np.int64]

NOMINAL = (100, 200, 400, 500, 600, 700, 800, 1000, 3000, 4000, 6000, 10_000, 15_000, 20_000, 30_000)


@dataclass(frozen=True, slots=True)
class Kind:
    """A class of problems: where its files begin, what bks.csv says of their counting, and the name of that here."""

    prefix: str
    counted: str
    convention: str


KINDS = {
    "vrptw": Kind("vrptw/", "dimacs", "dimacs"),
    "vrptw-vehicles-first": Kind("vrptw/", "hierarchical", "sintef"),
    "cvrp": Kind("cvrp/", "rounded", "round"),
    "cvrp-xxl": Kind("cvrp_xxl/", "rounded", "round"),
    "pdptw": Kind("pdptw/", "hierarchical", "sintef"),
    "ortec-asym": Kind("ortec_asym/", "total driving", "round"),
    "multi-depot": Kind("rich/MDVRPTW", "exact", "exact"),
    "skills": Kind("rich/SDVRPTW", "exact", "exact"),
    "heterogeneous": Kind("rich/HFVRP", "exact", "exact"),
    "multi-trip": Kind("rich/MTVRPTWR", "dimacs", "dimacs"),
    "backhauls": Kind("rich/VRPB", "rounded", "round"),
    "prizes": Kind("rich/PCVRPTW", "dimacs", "dimacs"),
}

UNIT = {"dimacs": 10, "sintef": 1000, "round": 1}
"""From the unit that bks.csv gives files of `vrptw/`, `cvrp/` and `pdptw/` in to the convention's."""


@dataclass(frozen=True, slots=True)
class Row:
    """One file of one class. `best` in the convention's unit and `vehicles` are the best known, None = not known."""

    kind: str
    file: str
    customers: int
    best: int | None
    vehicles: int | None = None

    @property
    def size(self) -> int:
        """The nearest of the usual sizes."""
        return min(NOMINAL, key=lambda usual: abs(log(usual / self.customers)))


@dataclass(frozen=True, slots=True)
class Van:
    """Equal vehicles: their numbers in the file from 1, and in integers what each may do and costs."""

    numbers: tuple[int, ...]
    depot: int
    capacity: int | None
    fixed: int
    rate: int
    opens: int
    closes: int
    longest: int | None
    farthest: int | None
    reloads: tuple[int, ...]
    max_reloads: int | None
    barred: frozenset[int]


@dataclass(frozen=True, slots=True)
class Case:
    """One file, or a perturbed one, as it is given to every side."""

    row: Row
    instance: Instance

    @property
    def convention(self) -> str:
        """The name of how it counts."""
        return KINDS[self.row.kind].convention

    @property
    def scale(self) -> int:
        """Integers to one unit of the file."""
        return conventions.SCALE[self.convention]

    @property
    def vehicles_first(self) -> bool:
        """Whether fewer vehicles are better than any distance."""
        return self.convention == "sintef"

    def matrices(self) -> tuple[Ints, Ints]:
        """(distances, durations) between all nodes."""
        distances = conventions.distances_of(self.instance, self.convention)
        return distances, conventions.durations_of(self.instance, self.convention, distances)

    def service(self) -> list[int]:
        """Of all nodes."""
        return [floor(value * self.scale) for value in self.instance.service]

    def windows(self) -> list[tuple[int, int]] | None:
        """Of all nodes."""
        if self.instance.windows is None:
            return None
        return [(floor(ready * self.scale), floor(due * self.scale)) for ready, due in self.instance.windows]

    def release(self) -> list[int]:
        """Of all nodes."""
        return [floor(value * self.scale) for value in self.instance.release or (0,) * len(self.instance)]

    def prizes(self) -> list[int]:
        """Of all nodes, 0 = required."""
        return [floor(value * self.scale) for value in self.instance.prizes or (0,) * len(self.instance)]

    def vans(self) -> list[Van]:
        """The fleet, equal vehicles together, in the file's order."""
        found: dict[Vehicle, list[int]] = {}
        if self.instance.fleet is None:
            one = Vehicle(capacity=self.instance.capacity)
            found[one] = list(range(1, conventions.fleet_size(self.instance) + 1))
        for number, vehicle in enumerate(self.instance.fleet or (), 1):
            found.setdefault(vehicle, []).append(number)
        return [self._van(vehicle, tuple(numbers)) for vehicle, numbers in found.items()]

    def _van(self, vehicle: Vehicle, numbers: tuple[int, ...]) -> Van:
        opens, closes = (0, conventions.FOREVER)
        if self.instance.windows is not None:
            opens, closes = (floor(value * self.scale) for value in self.instance.windows[vehicle.depot])
        longest = self.instance.max_duration if vehicle.max_duration is None else vehicle.max_duration
        return Van(
            numbers=numbers,
            depot=vehicle.depot,
            capacity=vehicle.capacity,
            fixed=floor(vehicle.fixed * self.scale),
            rate=vehicle.rate,
            opens=opens,
            closes=closes,
            longest=None if longest is None else floor(longest * self.scale),
            farthest=None if vehicle.max_distance is None else floor(vehicle.max_distance * self.scale),
            reloads=vehicle.reloads,
            max_reloads=vehicle.max_reloads,
            barred=vehicle.barred,
        )


def folder() -> Path:
    """Where the files are. Ends the program where there is no list of them."""
    data = Path(os.environ.get("HOMESTRETCH_DATA", "../shared/data")) / "vrp"
    if not (data / "bks.csv").is_file():
        raise SystemExit(f"bench.no_data: there is no {data / 'bks.csv'}; set HOMESTRETCH_DATA")
    return data


def listed(data: Path, kinds: list[str]) -> list[Row]:
    """The files of the classes that bks.csv lists, smallest first within a class."""
    with (data / "bks.csv").open(encoding="utf-8", newline="") as lines:
        known = list(csv.DictReader(lines))
    rows = []
    for name in kinds:
        kind = KINDS[name]
        mine = [row for row in known if row["file"].startswith(kind.prefix)]
        mine = [row for row in mine if row["convention"].startswith(kind.counted)]
        rows += sorted((_row(data, name, row) for row in mine), key=lambda row: row.customers)
    return rows


def _row(data: Path, kind: str, row: dict[str, Any]) -> Row:
    file = row["file"]
    unit = 1 if file.startswith("rich/") else UNIT[KINDS[kind].convention]
    best = round(float(row["bks"]) * unit) if row["bks"] else None
    if kind == "heterogeneous":  # published in different units: counted anew from the published routes
        best = _counted_anew(data / file, KINDS[kind].convention)
    return Row(kind, file, int(row["n"]), best, int(row["bks_vehicles"]) if row["bks_vehicles"] else None)


def _counted_anew(file: Path, convention: str) -> int | None:
    published = file.with_suffix(".sol")
    instance = guess.read(file.read_bytes())
    if not published.is_file() or not isinstance(instance, Instance):
        return None
    verdict = judge(instance, convention, read_plan(published.read_bytes(), instance))
    return None if verdict.findings else verdict.cost


def load(data: Path, row: Row, perturb: int | None = None) -> Case:
    """Read a file; with `perturb`, change it by that seed. Refuses `format.*`."""
    instance = guess.read((data / row.file).read_bytes())
    if not isinstance(instance, Instance):
        raise SystemExit(f"bench.no_instance: {row.file} is a problem of ours, not a benchmark file")
    return Case(row, instance if perturb is None else perturbed(instance, perturb))
