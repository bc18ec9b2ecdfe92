"""How good are the plans? Homestretch beside PyVRP asked directly, on published files, as gaps to the best known.

    python -m bench.routes [--time 10] [--seeds 1,2] [--largest 250] [--only vrptw/R1] [--json]

Both sides get the same CPU seconds and seeds, one after the other on one thread, and both answers are judged by
`homestretch.planner.formats.judge`. The files are those of `$HOMESTRETCH_DATA/vrp`; its `bks.csv` has the best known.
The gap is of the convention's cost; where fewest vehicles come first, also the vehicles above the best known.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import fmean
from typing import Any

import numpy as np
import pyvrp
from pyvrp.stop import StoppingCriterion

from homestretch.kernel.refusal import Refusal
from homestretch.planner.engine import solve
from homestretch.planner.formats import conventions, guess
from homestretch.planner.formats.instance import Instance
from homestretch.planner.formats.judge import judge
from homestretch.planner.problem import Plan, Route
from homestretch.planner.stopping import Seconds

CONVENTIONS = {"dimacs": "dimacs", "hierarchical": "sintef", "rounded distance": "round", "total driving": "round"}
UNIT = {"dimacs": 10, "sintef": 1000, "round": 1}


@dataclass(frozen=True, slots=True)
class Known:
    """One row of bks.csv: `best` in the convention's unit, `vehicles` 0 where distance alone counts."""

    file: str
    convention: str
    size: int
    best: int
    vehicles: int


@dataclass(frozen=True, slots=True)
class Result:
    """One answer. `gap` in percent of the best known; `extra` vehicles above it; `sound` by the judge."""

    file: str
    convention: str
    side: str
    seed: int
    cost: int
    vehicles: int
    gap: float
    extra: int
    sound: bool
    seconds: float


def main() -> None:
    """Run, print the table, and the JSON last."""
    args = _arguments()
    data = Path(os.environ.get("HOMESTRETCH_DATA", "../shared/data")) / "vrp"
    if not (data / "bks.csv").is_file():
        raise SystemExit(f"bench.no_data: there is no {data / 'bks.csv'}; set HOMESTRETCH_DATA")
    seeds = [int(seed) for seed in args.seeds.split(",")]
    rows = [row for row in known(data) if row.size <= args.largest and args.only in f"{row.file}:{row.convention}"]
    results: list[Result] = []
    skipped: dict[str, str] = {}
    for row in rows:
        for result in _both(data, row, seeds, args.time, skipped):
            results.append(result)
            if not args.json:
                _print(result)
    summary = _summary(results, skipped, seeds, args.time)
    if not args.json:
        _print_summary(summary)
    print(json.dumps(summary))


def known(data: Path) -> list[Known]:
    """The rows whose convention is one of ours; richer problems are no files of `solve`."""
    rows = []
    with (data / "bks.csv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            name = next((ours for start, ours in CONVENTIONS.items() if row["convention"].startswith(start)), None)
            if name and not row["file"].startswith("rich/"):
                best = round(float(row["bks"]) * UNIT[name])
                rows.append(Known(row["file"], name, int(row["n"]), best, int(row["bks_vehicles"] or 0)))
    return rows


def _both(data: Path, row: Known, seeds: list[int], seconds: float, skipped: dict[str, str]) -> Iterator[Result]:
    for seed in seeds:
        for side, run in (("homestretch", _ours), ("pyvrp", _direct)):
            begun = time.process_time()
            try:
                instance = guess.read((data / row.file).read_bytes())
                if not isinstance(instance, Instance):
                    raise Refusal("format.unknown", "no benchmark file", remedy="give one")
                plan = run(instance, row.convention, seed, Seconds(seconds, since=begun))
            except Refusal as refusal:
                skipped[row.file] = refusal.code
                return
            taken = time.process_time() - begun
            verdict = judge(instance, row.convention, plan)
            gap = 100 * (verdict.cost - row.best) / row.best
            extra = verdict.vehicles - row.vehicles if row.vehicles else 0
            yield Result(row.file, row.convention, side, seed, verdict.cost, verdict.vehicles, round(gap, 3), extra,
                         not verdict.findings, round(taken, 2))  # fmt: skip


def _ours(instance: Instance, convention: str, seed: int, until: Seconds) -> Plan:
    return solve(conventions.to_problem(instance, convention), seed=seed, until=until)


def _direct(instance: Instance, convention: str, seed: int, until: Seconds) -> Plan:
    """PyVRP with its own defaults on the file's numbers: all visits required, one vehicle type."""
    data = _model(instance, convention)
    stop: StoppingCriterion = _Stop(until)
    best = pyvrp.solve(data, stop, seed, collect_stats=False).best
    names = [str(ident) for ident in instance.ids]
    routes = []
    for number, route in enumerate(best.routes(), 1):
        visits = []
        for activity in route.schedule():
            if activity.is_client():
                visits.append(names[activity.idx + 1])
            elif activity.is_shipment():
                visits.append(names[instance.pairs[activity.idx][int(activity.is_delivery())]])
        routes.append(Route(str(number), tuple(visits)))
    return Plan(tuple(routes))


class _Stop:
    def __init__(self, until: Seconds) -> None:
        self.until = until

    def __call__(self, best_cost: int) -> bool:  # noqa: ARG002
        return self.until()


def _model(instance: Instance, convention: str) -> pyvrp.ProblemData:
    scale = UNIT[convention]
    if instance.matrix is not None:
        raw = instance.matrix
    else:
        x, y = instance.coords.T  # type: ignore[union-attr]
        raw = np.hypot(x[:, None] - x[None, :], y[:, None] - y[None, :])
    meters: Any = (np.floor(10 * raw) if convention == "dimacs" else np.floor(scale * raw + 0.5)).astype(np.int64)
    seconds: Any = np.ceil(np.round(1000 * raw, 6)).astype(np.int64) if convention == "sintef" else meters
    far = int(np.iinfo(np.int64).max)
    windows = [(0, far)] * len(instance)
    if instance.windows is not None:
        windows = [(int(scale * ready), int(scale * due)) for ready, due in instance.windows]
    service = [int(scale * value) for value in instance.service]
    dear = int(meters.max()) * 2 * len(instance) if convention == "sintef" else 0
    vans = pyvrp.VehicleType(conventions.fleet_size(instance), [instance.capacity or far], fixed_cost=dear,
                             tw_early=windows[0][0], tw_late=windows[0][1])  # fmt: skip
    clients = [pyvrp.Client(n, [instance.demand[n]], [0], service[n], *windows[n]) for n in range(1, len(instance))]
    shipments = [
        pyvrp.Shipment(a, b, *windows[a], service[a], *windows[b], service[b], [instance.demand[a]])
        for a, b in instance.pairs
    ]
    places = [pyvrp.Location(0, 0)] * len(instance)
    jobs = [] if shipments else clients
    return pyvrp.ProblemData(places, jobs, [pyvrp.Depot(0)], [vans], [meters], [seconds], [], shipments)


def _summary(results: list[Result], skipped: dict[str, str], seeds: list[int], seconds: float) -> dict[str, Any]:
    sides = {}
    for side in ("homestretch", "pyvrp"):
        own = [result for result in results if result.side == side]
        flat = [result.gap for result in own if result.convention != "sintef"]
        sides[side] = {
            "runs": len(own),
            "unsound": sum(not result.sound for result in own),
            "mean_gap": round(fmean(flat), 3) if flat else None,
            "extra_vehicles": sum(result.extra for result in own),
            "most_seconds": max((result.seconds for result in own), default=0.0),
        }
    return {"time": seconds, "seeds": seeds, "sides": sides, "skipped": skipped,
            "results": [asdict(result) for result in results]}  # fmt: skip


def _print(result: Result) -> None:
    more = f" {result.extra:+d} vehicles" if result.convention == "sintef" else ""
    wrong = "" if result.sound else "  UNSOUND"
    name = result.file.rsplit("/", 1)[1][:36]
    print(f"{name:<37}{result.convention:<7}{result.side:<12}seed {result.seed}  {result.cost:>9}  "
          f"{result.vehicles:>3} routes  {result.gap:+7.2f} %{more}  {result.seconds:6.2f} s{wrong}",
          flush=True)  # fmt: skip


def _print_summary(summary: dict[str, Any]) -> None:
    for side, sums in summary["sides"].items():
        gap = "none" if sums["mean_gap"] is None else f"{sums['mean_gap']:+.2f} %"
        print(f"{side}: {sums['runs']} runs, mean gap by distance {gap}, {sums['extra_vehicles']} vehicles above the "
              f"best known, at most {sums['most_seconds']:.2f} CPU seconds, {sums['unsound']} unsound")  # fmt: skip
    for file, code in summary["skipped"].items():
        print(f"skipped {file}: {code}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.routes", description=__doc__.splitlines()[0])
    parser.add_argument("--time", type=float, default=10.0, help="CPU seconds for each run, reading included")
    parser.add_argument("--seeds", default="1", help="for example 1,2,3")
    parser.add_argument("--largest", type=int, default=250, help="leave out files of more customers")
    parser.add_argument("--only", default="", help="text that file:convention must contain")
    parser.add_argument("--json", action="store_true", help="no table, only the JSON object")
    return parser.parse_args()


if __name__ == "__main__":
    main()
