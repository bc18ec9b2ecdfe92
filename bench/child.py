"""One run in a process of its own, on the cores that it is given: a task in JSON in, a result in JSON out.

    python -m bench.child < task.json

Only the CPU of this process counts: from the moment that the solver is imported and the file is read, to the answer.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from pathlib import Path
from typing import Any

from bench.instances import Row, load
from bench.judged import verdict
from bench.peers import SIDES, Budget


def main() -> None:
    """Print the result as the last line."""
    print(json.dumps(measured(json.load(sys.stdin))))


def measured(task: dict[str, Any]) -> dict[str, Any]:
    """Run what the task says; see `bench.runs.Task` for its fields, and `bench.runs.Run` for the result's."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, task["cores"])
    run = SIDES[task["side"]].runner()
    case = load(Path(task["data"]), Row(**task["row"]), task["perturb"])
    wall = time.monotonic()
    budget = Budget(task["seconds"], task["asked"], len(task["cores"]), task["variant"])
    answer = run(case, budget, task["seed"])
    used, wall = budget.used(), time.monotonic() - wall
    result = {
        "used": round(used, 3),
        "wall": round(wall, 3),
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "ended": answer.ended,
        "cost": None,
        "vehicles": None,
        "findings": [],
        "trace": [(round(at, 3), cost) for at, cost in answer.trace()],
    }
    if answer.tours is not None:
        said = verdict(case, answer.tours)
        result |= {"cost": said.cost, "vehicles": said.vehicles}
        result["findings"] = [f"{finding.code}: {finding.cause}" for finding in said.findings[:5]]
    return result


if __name__ == "__main__":
    main()
