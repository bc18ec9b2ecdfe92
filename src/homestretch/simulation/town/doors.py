"""Real doors out of a file."""

from __future__ import annotations

import csv
from pathlib import Path

from homestretch.kernel.geo import Point
from homestretch.kernel.refusal import Refusal
from homestretch.simulation.chance import chance

NO_DOORS = {"station", "depot"}


def read_doors(path: Path, count: int, seed: int) -> tuple[Point, ...]:
    """`count` different places of a CSV file with columns `lat` and `lon` (degrees); rows whose `type` is a station are
    none. Refuses `simulation.doors_missing` where there are fewer."""
    with path.open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if row.get("type", "").lower() not in NO_DOORS]
    places = sorted({(float(row["lat"]), float(row["lon"])) for row in rows})
    if len(places) < count:
        raise Refusal(
            "simulation.doors_missing", f"{path.name} has {len(places)} places", remedy="ask for fewer orders"
        )
    return tuple(Point(lat, lon) for lat, lon in chance(seed, "doors").sample(places, count))
