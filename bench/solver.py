"""How good are the plans, and how soon? Ours and every open peer side by side: gap by class, size and CPU seconds.

    python -m bench.solver --classes vrptw --sizes 100,200 --times 1,5 --seeds 1,2,3 --plot curves.svg

Every answer is made in a process of its own on the same core and judged from the file's own numbers. The files are
those of `$HOMESTRETCH_DATA/vrp`, its `bks.csv` has the best known. `docs/bench.md` says what is measured and how.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bench import plot, summary
from bench.instances import KINDS, Row, folder, listed
from bench.peers import SIDES, Side
from bench.runs import Run, Task, answered


def main() -> int:
    """Run, print the table, and the JSON last: 0 where every floor of ours holds."""
    args = _arguments()
    data = folder().resolve()
    sides = [SIDES[name] for name in args.sides]
    versions = {side.name: side.version() for side in sides}
    machine = _machine(args.cores)
    if not args.json:
        _say_who(machine, versions)
    rows = _rows(data, args)
    answers = []
    for task, run in _answers(str(data), rows, [side for side in sides if versions[side.name]], args):
        answers.append((task, run))
        if not args.json:
            print(_line(task, run), flush=True)
    outcomes = summary.referred(answers)
    found = summary.cells(outcomes)
    if not args.json:
        print("\n".join([*summary.table(found, args.sides), "", *summary.equalled(found)]))
    if args.plot:
        plot.draw(outcomes, args.plot)
    print(json.dumps({"machine": machine, "versions": versions, "times": args.times, "seeds": args.seeds,
                      "perturbed": args.perturb, "cells": [asdict(cell) for cell in found],
                      "results": [outcome.as_json() for outcome in outcomes]}))  # fmt: skip
    return 1 if any(cell.floor is False for cell in found) else 0


def _rows(data: Path, args: argparse.Namespace) -> list[Row]:
    """The files that are asked for, at most `--files` of each class and size."""
    rows: list[Row] = []
    for row in listed(data, args.classes):
        same = sum(one.kind == row.kind and one.size == row.size for one in rows)
        if (not args.sizes or row.size in args.sizes) and same < args.files:
            rows.append(row)
    return rows


def _answers(data: str, rows: list[Row], sides: list[Side], args: argparse.Namespace) -> Iterator[tuple[Task, Run]]:
    """One file after the other, the sides side by side, so that a busy minute of the machine hits all."""
    ratios: dict[tuple[Any, ...], float] = {}
    for row in rows:
        for seconds in args.times:
            for number, seed in enumerate(args.seeds):
                for side in sides:
                    again = number and not side.seeded and not args.perturb
                    if row.kind in side.kinds and not again:
                        changed = seed if args.perturb else None
                        task = Task(data, row, side.name, seconds, seed, args.cores, changed)
                        yield task, answered(task, side, ratios)


def _machine(cores: tuple[int, ...]) -> dict[str, Any]:
    names = []
    if Path("/proc/cpuinfo").is_file():
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").split("\n")
        names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return {"system": platform.platform(), "cpu": names[0] if names else platform.processor() or platform.machine(),
            "cpus": os.cpu_count(), "cores_used": cores, "pinned": hasattr(os, "sched_setaffinity"),
            "load": os.getloadavg()[0], "python": platform.python_version()}  # fmt: skip


def _say_who(machine: dict[str, Any], versions: dict[str, str | None]) -> None:
    print(", ".join(f"{name}: {value}" for name, value in machine.items()))
    print(", ".join(f"{name} {version or 'is not installed'}" for name, version in versions.items()), flush=True)


def _line(task: Task, run: Run) -> str:
    row = task.row
    gap = ""
    if row.best and run.cost is not None and task.perturb is None:
        gap = f"{100 * (run.cost - row.best) / row.best:+8.2f} %"
    more = [run.failed, *(run.findings[:1]), "LATE" if run.late(task) else ""]
    name = row.file.rsplit("/", 1)[-1][-30:]
    return (f"{row.kind:<21}{name:<31}{task.seconds:>6g} s  seed {task.seed:<3}{task.side:<8}{run.cost!s:>12}{gap:>11}"
            f"{run.vehicles!s:>6} routes {run.used:>8.2f} CPU s{run.wall:>8.2f} s{run.megabytes:>6} MB "
            f"{'; '.join(word for word in more if word)}").rstrip()  # fmt: skip


def _arguments() -> argparse.Namespace:
    def words(known: Any) -> Any:
        def split(text: str) -> list[str]:
            asked = text.split(",")
            if wrong := [word for word in asked if word not in known]:
                raise argparse.ArgumentTypeError(f"there is no {wrong[0]!r}: choose from {', '.join(known)}")
            return asked

        return split

    def numbers(kind: Any) -> Any:
        return lambda text: tuple(kind(word) for word in text.split(","))

    spare = max(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 0
    parser = argparse.ArgumentParser(prog="bench.solver", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--classes", type=words(KINDS), default=["vrptw"], help=f"of {', '.join(KINDS)}")
    parser.add_argument("--sizes", type=numbers(int), default=(), help="100,200: the nearest usual size; none = all")
    parser.add_argument("--times", type=numbers(float), default=(1.0,), help="CPU seconds on each core, 1,5,30")
    parser.add_argument("--seeds", type=numbers(int), default=(1,), help="1,2,3")
    parser.add_argument("--sides", type=words(SIDES), default=list(SIDES), help=f"of {', '.join(SIDES)}")
    parser.add_argument("--files", type=int, default=1000, help="at most so many of each class and size")
    parser.add_argument("--cores", type=numbers(int), default=(spare,), help="1, or 0,1: the cores of every run")
    parser.add_argument("--perturb", action="store_true", help="change every file by the seed; no best known then")
    parser.add_argument("--plot", type=Path, help="draw gap over CPU seconds into this SVG file")
    parser.add_argument("--json", action="store_true", help="no table, only the JSON object")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
