"""Policies side by side on the same disrupted days: `python -m bench.live [--seeds N] [--json]`.

A day is played in one process, event by event, by the product's own planner, recovery and forecasts
(`homestretch.insights.twin`): a town of four vans and some 130 stops under each of the simulator's disruptions, and the
meal orders of `$HOMESTRETCH_DATA/grubhub_mdrp`. `none` changes nothing that is planned, `greedy` puts in what comes or
is left where it costs least, `ours` is recovery with the policy's own prices, `full` the same with the prices of change
at zero. What is true of a day is drawn from its seed; all policies meet the same day.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from functools import partial
from math import sqrt
from multiprocessing import get_context
from pathlib import Path
from statistics import fmean, stdev
from typing import Any

import numpy as np
from scipy.stats import t as student

from bench.live_meals import meal_day
from bench.live_town import disrupted, town_day
from homestretch.insights.twin.conduct import Conduct, policies
from homestretch.insights.twin.playing import Day
from homestretch.insights.twin.scene import Scene
from homestretch.planner.stopping import Seconds
from homestretch.simulation.disruptions import DISRUPTIONS, NONE

SEEDS, SEARCH_S, MEAL_S, PLAN_S = 20, 0.05, 0.02, 1.5
MEASURES = ("broken_promises", "on_time", "km", "stops_moved", "messages")
BESIDE = ("promises", "unreached", "changes")
MOST_KM, MOST_MOVED = 1.03, 0.25  # of what full drives and moves
Rows = list[dict[str, Any]]


def played(scene: Scene, name: str, seed: int, search_s: float) -> Rows:
    """One day under each policy."""
    made = []
    for policy, conduct in policies(Conduct(until=partial(Seconds, search_s))).items():
        begun = time.process_time()
        measures = Day(scene, conduct).play()
        spent = time.process_time() - begun
        made.append({"day": name, "seed": seed, "policy": policy, "cpu_s": spent, **asdict(measures)})
    return made


def seed_of(asked: argparse.Namespace, seed: int) -> Rows:
    """All days of a seed."""
    rows: Rows = []
    if asked.days != ["grubhub"]:
        planned = town_day(seed, NONE, partial(Seconds, PLAN_S))
        for name in asked.days:
            if name in DISRUPTIONS:
                rows += played(disrupted(planned, seed, DISRUPTIONS[name]), name, seed, asked.search_s)
    if "grubhub" in asked.days:
        rows += played(meal_day(meals(), seed), "grubhub", seed, asked.meal_s)
    return rows


def meals() -> Path:
    """Where the meal orders are."""
    return next(Path(os.environ.get("HOMESTRETCH_DATA", "../shared/data")).glob("grubhub_mdrp/*/orders.txt")).parent


def compared(rows: Rows) -> dict[str, Any]:
    """Of the rows of some days: each policy's mean over seeds (of a seed the mean over days), and half the width of its
    95 % interval (Student's)."""
    means: dict[str, dict[str, float]] = {}
    widths: dict[str, dict[str, float]] = {}
    for policy in dict.fromkeys(row["policy"] for row in rows):
        mine = [row for row in rows if row["policy"] == policy]
        for name in (*MEASURES, *BESIDE, "cpu_s"):
            of_seed = [fmean(row[name] for row in mine if row["seed"] == seed) for seed in _seeds(mine)]
            means.setdefault(policy, {})[name] = round(fmean(of_seed), 4)
            widths.setdefault(policy, {})[name] = round(half_width(of_seed), 4)
    return {"policies": means, "intervals": widths, "missed": missed(means)}


def _seeds(rows: Rows) -> list[int]:
    return sorted({row["seed"] for row in rows})


def half_width(values: Sequence[float]) -> float:
    """Half of the 95 % interval of a mean."""
    if len(values) < 2:
        return float("nan")
    return float(student.ppf(0.975, len(values) - 1)) * stdev(values) / sqrt(len(values))


def missed(means: Mapping[str, Mapping[str, float]]) -> list[str]:
    """What ours does not reach."""
    ours, beside = means["ours"], means["full"]
    found = [
        f"broken_promises: {name} has fewer"
        for name, row in means.items()
        if row["broken_promises"] < ours["broken_promises"]
    ]
    if ours["km"] > MOST_KM * beside["km"]:
        found.append("km: more than 3 % above full")
    if ours["stops_moved"] > MOST_MOVED * beside["stops_moved"]:
        found.append("stops_moved: more than a quarter of full's")
    return found


def table(title: str, found: Mapping[str, Any]) -> Iterable[str]:
    """The lines of a table."""
    yield f"{title:<14}" + "".join(f"{name:>22}" for name in MEASURES)
    for policy, row in found["policies"].items():
        widths = found["intervals"][policy]
        cells = (
            f"{100 * row[n]:.1f} ± {100 * widths[n]:.1f} %" if n == "on_time" else _cell(row[n], widths[n])
            for n in MEASURES
        )
        yield f"  {policy:<12}" + "".join(f"{cell:>22}" for cell in cells)


def _cell(value: float, width: float) -> str:
    return f"{value:.1f} ± {width:.1f}"


def main() -> int:
    """0 where ours has the fewest broken promises, and stays within the kilometers and moves."""
    known = [*DISRUPTIONS, "grubhub"]
    parser = argparse.ArgumentParser(prog="bench.live", description=__doc__)
    parser.add_argument("--seeds", type=int, default=SEEDS, help="how many days of each kind")
    parser.add_argument("--first", type=int, default=1, help="the first seed")
    parser.add_argument("--days", nargs="+", choices=known, default=known, metavar="NAME", help=", ".join(known))
    parser.add_argument("--search-s", type=float, default=SEARCH_S, help="CPU seconds of each search")
    parser.add_argument("--meal-s", type=float, default=MEAL_S, help="CPU seconds of each search for a meal")
    parser.add_argument("--processes", type=int, default=min(2, os.cpu_count() or 1))
    parser.add_argument("--json", action="store_true", help="no tables, only one JSON object")
    asked = parser.parse_args()
    if asked.seeds < 2:
        parser.error("an interval needs two seeds at least")
    seeds = list(range(asked.first, asked.first + asked.seeds))
    with get_context("spawn").Pool(asked.processes) as pool:
        rows = [row for some in pool.imap(partial(seed_of, asked), seeds) for row in some]
    answer = answered(rows, asked)
    if not asked.json:
        for name, found in answer["days"].items():
            print(*table(name, found), sep="\n")
        if "policies" in answer:
            print(*table("all scenarios", answer), sep="\n")
    print(json.dumps(answer))
    return 1 if answer["missed"] else 0


def answered(rows: Rows, asked: argparse.Namespace) -> dict[str, Any]:
    """The one JSON object."""
    town = [row for row in rows if row["day"] != "grubhub"]
    meal = [row for row in rows if row["day"] == "grubhub"]
    found = compared(town) if town else {"missed": []}
    days = {
        name: compared([row for row in rows if row["day"] == name]) for name in dict.fromkeys(r["day"] for r in rows)
    }
    by_meal = {"grubhub": days["grubhub"]} if meal else {}
    return {
        "bench": "live",
        **found,
        **by_meal,
        "days": days,
        "missed": found["missed"] + [f"grubhub: {text}" for text in (days["grubhub"]["missed"] if meal else [])],
        "seeds": _seeds(rows),
        "search_s": {"town": asked.search_s, "grubhub": asked.meal_s},
        "cpu_s": round(sum(row["cpu_s"] for row in rows), 1),
        "machine": {"system": platform.platform(), "python": platform.python_version(), "numpy": np.__version__},
    }


if __name__ == "__main__":
    sys.exit(main())
