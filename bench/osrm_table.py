"""OSRM's durations of one extract; run by `bench.roads` with the Python (3.12 or newer) that has `osrm-bindings`.

python osrm_table.py EXTRACT PLACES.json ANSWER.json, where places are [[lat, lon], ...]. The answer has the durations
(seconds, null where there is no way) and the CPU seconds of the table.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import osrm


def main(extract: str, places: str, answer: str) -> None:
    """Extract, contract, ask."""
    profile = Path(osrm.__file__).parent / "share" / "profiles" / "car.lua"
    coordinates = [(lon, lat) for lat, lon in json.loads(Path(places).read_text(encoding="utf-8"))]
    with tempfile.TemporaryDirectory() as folder:
        copied = Path(folder) / "map.osm.pbf"
        shutil.copy(extract, copied)
        base = str(copied).removesuffix(".osm.pbf") + ".osrm"
        for step in (["extract", "-p", str(profile), str(copied)], ["contract", base]):
            command = [sys.executable, "-m", "osrm", *step]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        engine = osrm.OSRM(storage_config=base, algorithm="CH", use_shared_memory=False)
        begun = time.process_time()
        table = engine.Table(osrm.TableParameters(coordinates=coordinates))
        cpu = time.process_time() - begun
        rows = [[float(cell) if _is_number(cell) else None for cell in row] for row in table["durations"]]
    Path(answer).write_text(json.dumps({"cpu_s": cpu, "durations": rows}), encoding="utf-8")


def _is_number(cell: object) -> bool:
    return isinstance(cell, (int, float))


if __name__ == "__main__":
    main(*sys.argv[1:])
