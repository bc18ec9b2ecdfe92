"""Map matching, right and soon: `python -m bench.match [--cities heidelberg] [--traces 500] [--seed 7] [--json]`.

Seeded drives over real extracts, a fix each 5 to 30 s with 5 to 20 m of noise (one standard deviation to the north, and
one to the east) and up to two gaps of one to two minutes. `right`: meters of the known way that were found, arc by arc
with its direction; `found`: meters of the found way that are in the known one. `ms`: CPU of a trace of 150 fixes.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from random import Random
from typing import Any

from bench.traces import drive, right_m, trace
from homestretch.atlas.osm import open_extract
from homestretch.atlas.roads import Network, RoadGraph
from homestretch.atlas.roads.build import build_roads
from homestretch.atlas.roads.match import match

FLOOR = {"right": 0.95, "ms": 20.0}
FIXES = 150


def measure(network: Network, *, traces: int, seed: int) -> dict[str, Any]:
    """Match so many seeded traces of about 150 fixes."""
    metric, random = network.metric("van"), Random(seed)
    match(network, [0.0], [0.0], [0.0])  # its roads are made ready
    right = there = here = 0.0
    cpu, worst = [], 1.0
    for _ in range(traces):
        every = random.uniform(5, 30)
        driven = drive(network, metric, random, least_s=int(FIXES * every))
        noise, gaps = random.uniform(5, 20), random.randrange(3)
        known = trace(network.graph, driven, random, noise_m=noise, every_s=every, gaps=gaps)
        began = time.process_time()
        found = match(network, known.lats, known.lons, known.times)
        cpu.append((time.process_time() - began) * 1000 * FIXES / len(known.lats))
        same, known_m, found_m = right_m(found, known, network.graph.arc_count)
        right, there, here, worst = right + same, there + known_m, here + found_m, min(worst, same / known_m)
    return {
        "traces": traces,
        "km": round(there / 1000),
        "right": round(right / there, 4),
        "found": round(right / here, 4),
        "worst": round(worst, 4),
        "ms": round(statistics.median(cpu), 2),
        "ms_p95": round(statistics.quantiles(cpu, n=20)[-1], 2) if traces > 1 else round(cpu[0], 2),
    }


def main() -> int:
    """0 where every city reaches the floors."""
    parser = argparse.ArgumentParser(prog="bench.match", description=__doc__)
    parser.add_argument("--cities", default="", help="extracts by comma; default: all of HOMESTRETCH_DATA/osm")
    parser.add_argument("--traces", type=int, default=500)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--json", action="store_true", help="no table, only one JSON object, last")
    args = parser.parse_args()
    folder = Path(os.environ.get("HOMESTRETCH_DATA", "../shared/data")) / "osm"
    names = [name for name in args.cities.split(",") if name]
    names = names or sorted(path.name.removesuffix(".osm.pbf") for path in folder.glob("*.osm.pbf"))
    results: dict[str, dict[str, Any]] = {}
    for name in names:
        with tempfile.TemporaryDirectory() as work, open_extract(folder / f"{name}.osm.pbf") as extract:
            roads = Path(work) / "roads.npz"
            build_roads(extract.path, roads, driving_side=extract.driving_side)
            results[name] = measure(Network(RoadGraph.load(roads)), traces=args.traces, seed=args.seed)
        if not args.json:
            line = " ".join(f"{key} {value}" for key, value in results[name].items())
            print(f"{name:<20} {line}", flush=True)
    holds = all(found["right"] >= FLOOR["right"] and found["ms"] < FLOOR["ms"] for found in results.values())
    print(json.dumps({"holds": holds and bool(results), "floor": FLOOR, "cities": results}))
    return 0 if holds and results else 1


if __name__ == "__main__":
    sys.exit(main())
