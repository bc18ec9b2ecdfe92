"""Runs in processes of their own, and the same CPU for every side.

A side that counts CPU itself is run once. Another is told wall seconds (or iterations for them), so what it used is
measured, and it is run again with as many more or fewer as it was off, until it used what it may: of its runs in time
the one that used most counts. What it really used stands beside its answer.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from bench.instances import Row
from bench.peers import Side

NEAR = (0.95, 1.03)
"""Of the budget: a run that used so much was told right."""

LATE = 1.1
LATE_BY = 0.05
"""An answer is late after so many budgets and seconds more: it is shown, and counts for nobody."""

TRIES = 4


@dataclass(frozen=True, slots=True)
class Task:
    """One answer that is wanted. `cores` are the numbers of those it runs on; `seconds` are of CPU on each."""

    data: str
    row: Row
    side: str
    seconds: float
    seed: int
    cores: tuple[int, ...]
    perturb: int | None = None
    variant: int = 0


@dataclass(frozen=True, slots=True)
class Run:
    """What came of it. `cost` None = no answer, `failed` says why if something broke. CPU seconds of all cores."""

    used: float
    wall: float
    megabytes: int
    ended: bool
    cost: int | None
    vehicles: int | None
    findings: list[str]
    trace: list[tuple[float, int]] = field(default_factory=list)
    failed: str = ""

    def late(self, task: Task) -> bool:
        """Whether it took more than it may."""
        return self.used > LATE * task.seconds * len(task.cores) + LATE_BY

    def counts(self, task: Task) -> bool:
        """Whether there is a sound answer in time."""
        return self.cost is not None and not self.findings and not self.late(task)

    def rank(self, task: Task) -> tuple[bool, bool, int, float]:
        """Less is better: in time, sound, then the least cost, fewest vehicles first where they come first."""
        cost = float("inf") if self.cost is None else float(self.cost)
        first = (self.vehicles or 0) if task.row.vehicles is not None else 0
        return not self.counts(task), self.late(task), first, cost


def answered(task: Task, side: Side, ratios: dict[tuple[Any, ...], float]) -> Run:
    """The best that the side does with the task in equal CPU. `ratios` keeps what to ask for, from run to run."""
    runs = []
    for variant in range(side.variants(task.row.kind)):
        one = Task(**{**_shallow(task), "variant": variant})
        runs.append(_once(one, task.seconds) if side.exact else _corrected(one, side, ratios))
    return min(runs, key=lambda run: run.rank(task))


def _shallow(task: Task) -> dict[str, Any]:
    return {name: getattr(task, name) for name in Task.__slots__}


def _corrected(task: Task, side: Side, ratios: dict[tuple[Any, ...], float]) -> Run:
    key = (side.name, task.row.kind, task.row.size, task.seconds, task.variant)
    asked, runs = task.seconds * ratios.get(key, 1.0), []
    for _ in range(TRIES):
        run = _once(task, asked)
        runs.append(run)
        share = run.used / (task.seconds * len(task.cores))
        stuck = len(runs) > 1 and share > LATE and run.used > 0.9 * runs[-2].used
        if run.failed or NEAR[0] <= share <= NEAR[1] or (run.ended and share < 1) or stuck:
            break
        asked = max(0.001, asked / share if share < LATE else asked / share - (share - 1) * task.seconds / 10)
    if not stuck:
        ratios[key] = asked / task.seconds
    most = NEAR[1] * task.seconds * len(task.cores)
    return min(runs, key=lambda run: (bool(run.failed), run.used > most, run.used if run.used > most else -run.used))


def _once(task: Task, asked: float) -> Run:
    threads = {name: str(len(task.cores)) for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")}
    words = json.dumps({**asdict(task), "asked": asked})
    longest = 60 + 20 * task.seconds
    command = [sys.executable, "-m", "bench.child"]
    try:
        done = subprocess.run(command, input=words, capture_output=True, text=True, timeout=longest,
                              env={**os.environ, **threads}, cwd=Path(__file__).parents[1], check=False)  # fmt: skip
    except subprocess.TimeoutExpired:
        return _failed(f"no end after {longest:.0f} seconds")
    if done.returncode:
        return _failed((done.stderr.strip().split("\n") or [""])[-1][:200] or f"exit {done.returncode}")
    return Run(**json.loads(done.stdout.strip().split("\n")[-1]))


def _failed(why: str) -> Run:
    return Run(0.0, 0.0, 0, ended=True, cost=None, vehicles=None, findings=[], failed=why)
