"""A million dirty positions become the same tracks, however they come in: `python -m bench.tracks [--json]`.

Devices whose truth is known (`bench.dirt`) and, where HOMESTRETCH_DATA has them, Geolife's real traces with the same
dirt. All goes through what the door and the database do: read, clocks set right, one row a (device, instant, place),
then `tracking.rules.cleaning`; each device's day comes in twice, shuffled and batched in other ways.

`spikes_gone`: share of wrong positions that the track does not have. `good_gone`: share of right ones that it lost.
`same`: devices whose two tracks are equal to the last digit. Of a device whose clock was wrong, places and order are
equal, and times up to the seconds that its fastest batch was on its way: `most_apart_s`. `per_cpu_s`: positions read
and cleaned in one second of one core.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any

from bench.dirt import Arrival, Device, Seen, batches, readings, shown, soil
from homestretch.tracking.rules.cleaning import clean
from homestretch.tracking.rules.clocks import read_sent, set_right
from homestretch.tracking.rules.fixes import Fix, gather

FLOOR = {"spikes_gone": 0.99, "good_gone": 0.001}
A_DAY = 5_000
Key = tuple[datetime, float, float]


@dataclass
class Tally:
    """What was found of all devices."""

    positions: int = 0
    devices: int = 0
    labels: Counter[str] = field(default_factory=Counter)
    gone: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)
    small: Counter[bool] = field(default_factory=Counter)  # spikes of under 500 m: gone, or not
    same: int = 0
    apart_s: float = 0.0
    cpu_s: float = 0.0

    def result(self) -> dict[str, Any]:
        """As it is printed."""
        wrong = sum(self.labels[name] for name in ("spike", "zero"))
        small = sum(self.small.values())
        return {
            "positions": self.positions,
            "devices": self.devices,
            "same": self.same,
            "most_apart_s": round(self.apart_s, 1),
            "spikes": wrong,
            "spikes_gone": round((self.gone["spike"] + self.gone["zero"]) / max(1, wrong), 5),
            "under_500_m_gone": round(self.small[True] / max(1, small), 5),
            "good": self.labels["good"],
            "good_gone": round(self.gone["good"] / max(1, self.labels["good"]), 6),
            "left_out": dict(self.left_out),
            "per_cpu_s": round(2 * self.positions / max(1e-9, self.cpu_s)),
        }


def stored(arrivals: Iterable[Arrival]) -> list[Fix]:
    """What the database has after all arrivals, in the order in which it came."""
    rows: dict[Key, Fix] = {}
    for arrival in arrivals:
        fixes = gather(arrival.body["positions"]).fixes
        for fix in set_right(fixes, read_sent(arrival.body), arrival.received):
            rows.setdefault((fix.at, fix.lat, fix.lon), fix)
    return list(rows.values())


def judge(device: Device, random: Random, tally: Tally) -> None:
    """One device's day, twice."""
    ways = [batches(device, random) for _ in range(2)]
    began = time.process_time()
    first, second = (clean(stored(way)) for way in ways)
    tally.cpu_s += time.process_time() - began
    tally.devices += 1
    tally.positions += len(device.seen)
    tally.left_out.update(first.left_out)
    if device.wrong:
        tally.same += [_place(fix) for fix in first.track] == [_place(fix) for fix in second.track]
        apart = (abs((a.at - b.at).total_seconds()) for a, b in zip(first.track, second.track, strict=False))
        tally.apart_s = max(tally.apart_s, max(apart, default=0.0))
    else:
        tally.same += first.track == second.track
    _count(device, first.track, tally)


def _place(fix: Fix) -> tuple[float, float]:
    return fix.lat, fix.lon


def _count(device: Device, track: list[Fix], tally: Tally) -> None:
    """Each position is known by its place and what its clock said; an instant told twice is there if one of two is."""
    kept = {(fix.said or fix.at, fix.lat, fix.lon) for fix in track}
    twins = {one.second for one in device.seen if one.label == "twin" and _of(device, one) in kept}
    for one in device.seen:
        if one.label == "twin":
            continue
        gone = _of(device, one) not in kept and not (one.label == "good" and one.second in twins)
        tally.labels[one.label] += 1
        tally.gone[one.label] += gone
        if one.label == "spike" and one.off_m < 500:
            tally.small[gone] += 1


def _of(device: Device, one: Seen) -> Key:
    return shown(device, one.second), one.row["lat"], one.row["lon"]


def made(positions: int, seed: int) -> Tally:
    """Generated devices, until there are so many positions."""
    tally, random = Tally(), Random(seed)
    while tally.positions < positions:
        judge(soil(readings(random, min(A_DAY, positions - tally.positions + 10)), random), random, tally)
    return tally


def real(folder: Path, seed: int) -> Tally:
    """Geolife's traces; all of their own positions count as good, also those that are not."""
    tally, random = Tally(), Random(seed)
    for path in sorted(folder.glob("*/*.plt")):
        device = Device(list(_read(path)))
        if len(device.seen) >= 100:
            judge(soil(device, random), random, tally)
    return tally


def _read(path: Path) -> Iterator[Seen]:
    seconds: set[float] = set()
    for line in path.read_text().splitlines()[6:]:
        lat, lon, _, _, days, _, _ = line.split(",")
        second = round(float(days) % 7 * 86_400, 3)
        if second not in seconds:
            seconds.add(second)
            row = {"lat": float(lat), "lon": float(lon), "speed_mh": None, "accuracy_m": None}
            yield Seen(row, second, "good")


def main() -> int:
    """0 where the floors hold."""
    parser = argparse.ArgumentParser(prog="bench.tracks", description=__doc__)
    parser.add_argument("--positions", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--json", action="store_true", help="no table, only one JSON object, last")
    args = parser.parse_args()
    results = {"made": made(args.positions, args.seed).result()}
    folder = Path(os.environ.get("HOMESTRETCH_DATA", "../shared/data")) / "geolife"
    if folder.is_dir():
        results["geolife"] = real(folder, args.seed).result()
    if not args.json:
        for name, result in results.items():
            for key, value in result.items():
                print(f"{name:<10}{key:<20}{value}")
    found = results["made"]
    holds = (
        found["spikes_gone"] >= FLOOR["spikes_gone"]
        and found["good_gone"] <= FLOOR["good_gone"]
        and all(result["same"] == result["devices"] for result in results.values())
    )
    print(json.dumps({"holds": holds, "floor": FLOOR, **results}))
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
