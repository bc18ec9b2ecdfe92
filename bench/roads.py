"""How fast the roads answer, and how near to OSRM's their durations are: `python -m bench.roads [--json]`.

For each extract in `$HOMESTRETCH_DATA/osm`: building its road graph, a table of 1,000 x 1,000 durations with turn
costs, its distances, single paths, new speeds for the whole map; beside scipy's Dijkstra, and beside OSRM where a
Python of 3.12 or newer is found (an environment of its own is made for it, once). CPU seconds, a process for each city.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from homestretch.atlas.osm import open_extract
from homestretch.atlas.roads import UNREACHABLE, Conditions, Network, RoadGraph
from homestretch.atlas.roads.build import build_roads
from homestretch.atlas.roads.engine.plain import Plain
from homestretch.atlas.roads.metric import Metric

PLACES, PATHS, SCIPY_ROWS, COMPARED, SEED = 1000, 300, 20, 500, 7
FLOORS = {"matrix_1000_cpu_s": 2.0, "recustomize_ms": 150.0}
CORRELATIONS = {"heidelberg": 0.99, "malta-2018": 0.97}
SHOWN = ("build_s", "matrix_1000_cpu_s", "path_ms", "recustomize_ms", "osrm_correlation")
NEWER = ("python3.14", "python3.13", "python3.12")


def extracts() -> list[Path]:
    """The files, by name."""
    folder = Path(os.environ.get("HOMESTRETCH_DATA", "../shared/data")) / "osm"
    return sorted(folder.glob("*.osm.pbf"))


def measure(path: Path) -> dict[str, Any]:
    """All figures of one extract, in this process."""
    figures: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder, open_extract(path) as extract:
        target = Path(folder) / "roads.npz"
        begun = time.process_time()
        counts = build_roads(extract.path, target, driving_side=extract.driving_side)
        figures["build_s"] = time.process_time() - begun
        begun = time.process_time()
        network = Network(RoadGraph.load(target))
        metric = network.metric()
        figures["load_s"] = time.process_time() - begun
        figures |= {"segments": counts.segments, "restrictions": counts.restrictions}
        figures |= _tables(network, metric) | _single(network, metric)
        figures |= _beside_osrm(extract.path, network, metric)
    figures["memory_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return figures


def places(network: Network, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Seeded places on roads that a van may use, anywhere along them."""
    draw = np.random.default_rng(SEED)
    graph, arcs = network.graph, network.topology().arc
    segment = arcs[draw.integers(0, len(arcs), count)] >> 1
    first, share = graph.shape_at[segment], draw.random(count)
    lats = graph.lats[first] * (1 - share) + graph.lats[first + 1] * share
    return lats, graph.lons[first] * (1 - share) + graph.lons[first + 1] * share


def _tables(network: Network, metric: Metric) -> dict[str, Any]:
    stops = network.snap(*places(network, PLACES))
    begun = time.process_time()
    table = metric.milliseconds(stops, stops)
    between = time.process_time()
    distances = metric.distances(stops, stops, durations_ms=table)
    done = time.process_time()
    few = network.snap(*(axis[:SCIPY_ROWS] for axis in places(network, PLACES)))
    plain = Metric(network.graph, metric.topology, Plain(metric.topology), Conditions())
    asked = time.process_time()
    same = plain.milliseconds(few, stops)
    scipy_s = (time.process_time() - asked) * PLACES / SCIPY_ROWS
    return {
        "matrix_1000_cpu_s": between - begun,
        "distances_cpu_s": done - between,
        "distances_exact": float(distances.exact.mean()),
        "scipy_1000_cpu_s": scipy_s,
        "scipy_differs": int((same != metric.milliseconds(few, stops)).sum()),
        "unreachable": float((table == UNREACHABLE).mean()),
    }


def _single(network: Network, metric: Metric) -> dict[str, Any]:
    stops = network.snap(*places(network, PATHS))
    begun = time.process_time()
    for number in range(PATHS):
        metric.path(stops, number, stops, (number * 7 + 1) % PATHS)
    path_ms = (time.process_time() - begun) / PATHS * 1000
    spent = []
    for hour in (3, 7, 8, 10, 17):
        begun = time.process_time()
        network.metric("van", Conditions(hour=hour))
        spent.append((time.process_time() - begun) * 1000)
    return {"path_ms": path_ms, "recustomize_ms": float(np.median(spent))}


def _beside_osrm(extract: Path, network: Network, metric: Metric) -> dict[str, Any]:
    python = osrm_python()
    if python is None:
        return {"osrm_correlation": None}
    lats, lons = places(network, COMPARED)
    with tempfile.TemporaryDirectory() as folder:
        asked, answer = Path(folder) / "places.json", Path(folder) / "answer.json"
        asked.write_text(json.dumps(list(zip(lats.tolist(), lons.tolist(), strict=True))), encoding="utf-8")
        script = Path(__file__).with_name("osrm_table.py")
        done = subprocess.run([python, str(script), str(extract), str(asked), str(answer)], check=False)
        if done.returncode:
            return {"osrm_correlation": None}
        told = json.loads(answer.read_text(encoding="utf-8"))
    theirs = np.array(told["durations"], np.float64)
    stops = network.snap(lats, lons)
    ours = metric.durations(stops, stops).astype(np.float64)
    both = ~np.isnan(theirs) & (ours < UNREACHABLE) & (theirs > 60)
    ratio = ours[both] / theirs[both]
    low, middle, high = np.quantile(ratio, [0.1, 0.5, 0.9]).tolist()
    return {
        "osrm_correlation": float(np.corrcoef(ours[both], theirs[both])[0, 1]),
        "osrm_ratio": {"p10": low, "median": middle, "p90": high},
        "osrm_500_cpu_s": told["cpu_s"],
    }


def osrm_python() -> str | None:
    """A Python with `osrm-bindings`, in an environment that is kept; None where there is none and none can be made."""
    home = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "homestretch" / "osrm"
    python = home / "bin" / "python"
    if not _works([str(python), "-c", "import osrm"]):
        newer = next(filter(_is_newer, _pythons()), None)
        if newer is None or not _works([newer, "-m", "venv", "--clear", str(home)]):
            return None
        _works([str(python), "-m", "pip", "install", "--quiet", "osrm-bindings"])
    return str(python) if _works([str(python), "-c", "import osrm"]) else None


def _pythons() -> list[str]:
    managed = sorted((Path.home() / ".pyenv" / "versions").glob("3.1[2-9]*/bin/python"), reverse=True)
    return [*(found for name in NEWER if (found := shutil.which(name))), *map(str, managed)]


def _is_newer(python: str) -> bool:
    return _works([python, "-c", "import sys, venv; sys.exit(sys.version_info < (3, 12))"])


def _works(command: list[str]) -> bool:
    try:
        return subprocess.run(command, check=False, capture_output=True, timeout=600).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def report(city: str, figures: dict[str, Any]) -> None:
    """One city in words."""
    print(f"{city}: {figures['segments']} segments, {figures['restrictions']} restrictions")
    print(f"  built in {figures['build_s']:.2f} s, loaded with its first metric in {figures['load_s']:.2f} s")
    print(
        f"  1,000 x 1,000 durations {figures['matrix_1000_cpu_s']:.2f} s, memory {figures['memory_mb']:.0f} MB at most"
    )
    print(f"  its distances {figures['distances_cpu_s']:.2f} s, {figures['distances_exact']:.3%} of them proven exact")
    print(f"  scipy: {figures['scipy_1000_cpu_s']:.1f} s (from {SCIPY_ROWS} rows), {figures['scipy_differs']} differ")
    print(f"  a path {figures['path_ms']:.2f} ms, new speeds everywhere {figures['recustomize_ms']:.0f} ms")
    if figures["osrm_correlation"] is None:
        print("  OSRM: no Python of 3.12 or newer with osrm-bindings, not compared")
    else:
        told = ", ".join(f"{name} {value:.2f}" for name, value in figures["osrm_ratio"].items())
        print(f"  OSRM: correlation {figures['osrm_correlation']:.4f}, ours / theirs {told}")


def misses(city: str, figures: dict[str, Any]) -> list[str]:
    """The floors that do not hold."""
    found = [f"{city}: {name} {figures[name]:.2f} over {most}" for name, most in FLOORS.items() if figures[name] > most]
    told, least = figures["osrm_correlation"], CORRELATIONS.get(city, 0.0)
    return found if told is None or told >= least else [*found, f"{city}: correlation {told:.4f} under {least}"]


def main() -> int:
    """0 where every floor holds."""
    parser = argparse.ArgumentParser(prog="bench.roads", description=__doc__)
    parser.add_argument("--only", metavar="CITY", help="one extract, by its name without .osm.pbf")
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--json", action="store_true", help="no words, only one JSON object")
    args = parser.parse_args()
    if args.measure:
        print(json.dumps(measure(args.measure)))
        return 0
    results, missed = {}, []
    for path in extracts():
        city = path.name.removesuffix(".osm.pbf")
        if args.only not in (None, city):
            continue
        command = [sys.executable, "-m", "bench.roads", "--measure", str(path)]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
        figures = json.loads(done.stdout.splitlines()[-1])
        missed += misses(city, figures)
        results[city] = {name: figures[name] for name in SHOWN}
        if not args.json:
            report(city, figures)
    for line in missed:
        print(line, file=sys.stderr)
    print(json.dumps(results))
    return 1 if missed or not results else 0


if __name__ == "__main__":
    sys.exit(main())
