"""How near forecasts of arrivals come, and how honest they are: `python -m bench.eta [--json]`.

Days made up for it (`bench.eta_days`): the earlier ones are learned from, the later ones held out; a forecast of every
open stop each quarter of an hour, of each stop and horizon the last one counts, as in the product. Training, forecasts,
and the daily correction are the product's own code. Beside it stand the plan's own times (`static`). Then the same on
deliveries that happened (`$HOMESTRETCH_DATA/india_courier_delivery`), the last nine dates held out.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import sys
import time
from collections import defaultdict
from datetime import date
from math import sqrt
from pathlib import Path
from typing import Any

import numpy as np

from bench.eta_days import Size, made_days
from homestretch.insights.training.driven import Driven
from homestretch.insights.training.fitting import fitted_part
from homestretch.insights.training.replaying import Foretold, replayed
from homestretch.insights.training.training import trained
from homestretch.tracking.rules.composing import Ahead
from homestretch.tracking.rules.conformal import corrected, correction, widened
from homestretch.tracking.rules.foretelling import Today, raw
from homestretch.travel.rules.timing import HORIZONS, Part, Times, built_in

HORIZONS_MIN = (15, 30, 60, 120, 240)
HELD_OUT = 0.4
LEAST, LOW, HIGH = 5_000, 0.78, 0.82
INDIA_DATES = 9


def simulated(seed: int, size: Size) -> dict[str, Any]:
    """Figures of the held-out days, by horizon."""
    driven = made_days(seed, size)
    border = int(driven.day.min()) + round(size.days * (1 - HELD_OUT))
    begun = time.process_time()
    times = trained(driven.some(driven.day < border))
    if times is None:
        raise SystemExit("too few days to learn from")
    training_s = time.process_time() - begun
    later = driven.some(driven.day >= border)
    begun = time.process_time()
    told = replayed(times, later).last_of_each()
    figures = {h: _figures(told, _followed(times, told, later), h) for h in HORIZONS_MIN}
    first = replayed(built_in(), later.some(later.day < border + 5)).last_of_each()
    untrained = {h: _figures(first, corrected(first.said, {}), h)["coverage"] for h in HORIZONS_MIN}
    cpu = {"training": round(training_s, 1), "forecasts": round(time.process_time() - begun, 1)}
    return {"by_horizon": figures, "cpu_s": cpu, "coverage80_without_history": untrained}


def _followed(times: Times, told: Foretold, driven: Driven) -> np.ndarray:
    """Forecasts as they would have been said: corrected, and from day to day followed by each depot's own factor."""
    said = np.empty_like(told.said)
    wider: dict[tuple[str, int], float] = defaultdict(float)
    depot, day = driven.depot[told.route], driven.day[told.route]
    for today in np.unique(day):
        for name in np.unique(depot[day == today]).tolist():
            mine = np.flatnonzero((day == today) & (depot == name))
            known = {h: wider[name, h] for h in (0, *HORIZONS)}
            said[:, mine] = corrected(told.said[:, mine], times.corrected, known)
            inside = (said[0, mine] <= told.came[mine]) & (told.came[mine] <= said[2, mine])
            for horizon in np.unique(told.horizon[mine]).tolist():
                hit = inside[told.horizon[mine] == horizon]
                wider[name, horizon] = widened(wider[name, horizon], [(len(hit), int(hit.sum()))])
    return said


def _figures(told: Foretold, said: np.ndarray, horizon: int) -> dict[str, float]:
    mine = told.horizon == horizon
    came, low, middle, high = told.came[mine], *said[:, mine]
    return {
        "stops": int(mine.sum()),
        "coverage": float(((low <= came) & (came <= high)).mean()),
        "width_min": float((high - low).mean() / 60),
        "mae_learned": float(np.abs(middle - came).mean()),
        "mae_static": float(np.abs(told.plan[mine] - came).mean()),
    }


def india(folder: Path) -> dict[str, Any]:
    """The same of deliveries that happened: minutes from pick-up to the door, known at the pick-up."""
    rows = [row for row in map(_row, csv.DictReader((folder / "deliveries.csv").open(newline=""))) if row]
    days = sorted({row["day"] for row in rows})
    border = days[-INDIA_DATES]
    middle = days[round(len(days[:-INDIA_DATES]) * 0.65)]
    table = {name: np.array([row[name] for row in rows]) for name in rows[0]}
    day, taken_s = table["day"], table["minutes"] * 60.0
    fit, held, out = day < middle, (day >= middle) & (day < border), day >= border
    plan_s = _static(table["km"], taken_s, day < border)
    part = _part(table, fit, plan_s, taken_s)
    found = correction(_said(part, table, held, plan_s), taken_s[held])
    said = corrected(_said(part, table, out, plan_s), dict.fromkeys((0, *HORIZONS), found))
    inside = (said[0] <= taken_s[out]) & (taken_s[out] <= said[2])
    return {
        "rows": int(out.sum()),
        "mae_static": round(float(np.abs(plan_s - taken_s)[out].mean() / 60), 2),
        "mae_learned": round(float(np.abs(said[1] - taken_s[out]).mean() / 60), 2),
        "coverage80": round(float(inside.mean()), 4),
        "coverage80_interval95": [round(bound, 4) for bound in _wilson(int(inside.sum()), int(out.sum()))],
    }


NAMES = ("weather", "traffic", "vehicle", "area", "category", "weekday")
NUMBERS = ("age", "rating", "log_km", "hour", "wait_min")


def _row(row: dict[str, str]) -> dict[str, Any] | None:
    """A row, cleaned: texts stripped, `NaN` empty, coordinates 0 or with a lost sign not believed. None: no use."""
    said = {
        name: "" if (value or "").strip() in {"NaN", "nan"} else (value or "").strip() for name, value in row.items()
    }
    try:
        ordered, minutes = date.fromisoformat(said["Order_Date"]), float(said["Delivery_Time"])
    except ValueError:
        return None
    if not 0 < minutes < 24 * 60:
        return None
    picked, asked = _clock(said["Pickup_Time"]), _clock(said["Order_Time"])
    km = _km(*(abs(_number(said[f"{end}_{axis}"])) for end in ("Store", "Drop") for axis in ("Latitude", "Longitude")))
    texts = {name.lower(): said[name] for name in ("Weather", "Traffic", "Vehicle", "Area", "Category")}
    return {
        "day": ordered.toordinal(),
        "minutes": minutes,
        "city": f"{round(_number(said['Store_Latitude']))}/{round(_number(said['Store_Longitude']))}",
        "weekday": str(ordered.weekday()),
        "age": _number(said["Agent_Age"]),
        "rating": _number(said["Agent_Rating"]),
        "km": km,
        "log_km": float(np.log(km)),
        "hour": picked,
        "wait_min": ((picked - asked) % 24) * 60,
        **texts,
    }


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0


def _clock(text: str) -> float:
    """Hours of the day; NaN where it is none."""
    parts = text.split(":")
    return float(parts[0]) + float(parts[1]) / 60 if len(parts) == 3 else float("nan")


def _km(lat: float, lon: float, to_lat: float, to_lon: float) -> float:
    """Great circle; NaN where an end is not known, or what stands there cannot be a delivery."""
    if min(lat, lon, to_lat, to_lon) < 1:
        return float("nan")
    far = 111.2 * sqrt((to_lat - lat) ** 2 + ((to_lon - lon) * np.cos(np.radians(lat))) ** 2)
    return far if 0.05 < far < 60 else float("nan")


def _static(km: np.ndarray, taken_s: np.ndarray, known: np.ndarray) -> np.ndarray:
    """What a plan would say: so long a handling and so long a kilometer, fitted to all that was not held out."""
    far = np.where(np.isnan(km), np.nanmedian(km[known]), km)
    slope, start = np.polyfit(far[known], taken_s[known], 1)
    return np.maximum(60.0, start + slope * far)


def _part(table: dict[str, np.ndarray], rows: np.ndarray, plan_s: np.ndarray, taken_s: np.ndarray) -> Part:
    _, route = np.unique(np.char.add(table["city"][rows], table["day"][rows].astype(str)), return_inverse=True)
    group = np.zeros(route.max() + 1, dtype=int)
    _, group[route] = np.unique(table["day"][rows], return_inverse=True)
    chosen = {name: table[name][rows] for name in (*NAMES, *NUMBERS)}
    part = fitted_part(chosen, (NAMES, NUMBERS), np.log(taken_s[rows] / plan_s[rows]), route, group)
    assert part is not None
    return part


def _said(part: Part, table: dict[str, np.ndarray], rows: np.ndarray, plan_s: np.ndarray) -> np.ndarray:
    """Each delivery as a route of one stop."""
    count = int(rows.sum())
    log = part.quantiles({name: table[name][rows] for name in (*NAMES, *NUMBERS)}, count)
    none, open_ = np.zeros((count, 1)), np.full((count, 1, 1), np.inf)
    ahead = Ahead(
        count=np.ones(count, dtype=np.int64),
        leg_s=plan_s[rows][:, None],
        leg_log=log[:, :, None],
        service_s=none,
        service_log=np.zeros((3, count, 1)),
        driven_s=np.zeros(count),
        at_door=np.zeros(count, dtype=bool),
        served_s=np.zeros(count),
        opens=-open_,
        closes=open_,
    )
    return raw(Times(part, built_in().services), ahead, Today.nothing(count))[:, :, 0]


def _wilson(hits: int, count: int) -> tuple[float, float]:
    """95 % interval of a share."""
    z, share = 1.96, hits / count
    centre = (share + z**2 / (2 * count)) / (1 + z**2 / count)
    half = z / (1 + z**2 / count) * sqrt(share * (1 - share) / count + z**2 / (4 * count**2))
    return centre - half, centre + half


def _answer(figures: dict[str, Any], found: dict[str, Any] | None, seed: int, size: Size) -> dict[str, Any]:
    by_horizon = figures["by_horizon"]
    stops = sum(row["stops"] for row in by_horizon.values())

    def mean(name: str) -> float:
        return round(sum(row[name] * row["stops"] for row in by_horizon.values()) / stops, 1)

    return {
        "mae": {"static": mean("mae_static"), "learned": mean("mae_learned")},
        "coverage80": {str(h): round(row["coverage"], 4) for h, row in by_horizon.items()},
        "india": found,
        "by_horizon": {str(h): {k: round(v, 4) for k, v in row.items()} for h, row in by_horizon.items()},
        "coverage80_without_history": {str(h): round(v, 4) for h, v in figures["coverage80_without_history"].items()},
        "cpu_s": figures["cpu_s"],
        "seed": seed,
        "size": {"towns": size.towns, "days": size.days, "routes": size.routes, "stops": size.stops},
    }


def _table(answer: dict[str, Any]) -> None:
    print("horizon   stops  coverage  width  error learned  error static   (minutes)")
    for horizon, row in answer["by_horizon"].items():
        errors = f"{row['mae_learned'] / 60:14.1f} {row['mae_static'] / 60:13.1f}"
        print(f"{horizon:>7} {row['stops']:7d} {row['coverage']:9.3f} {row['width_min']:6.1f} {errors}")
    if answer["india"]:
        print("india  ", answer["india"])


def main() -> int:
    """0 where each horizon has its stops, and covers 78 to 82 %, and learned errs less than static."""
    parser = argparse.ArgumentParser(prog="bench.eta", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--towns", type=int, default=Size().towns)
    parser.add_argument("--days", type=int, default=Size().days)
    parser.add_argument("--json", action="store_true", help="no table, only one JSON object, last")
    asked = parser.parse_args()
    size = Size(towns=asked.towns, days=asked.days)
    folder = Path(os.environ.get("HOMESTRETCH_DATA", "../shared/data")) / "india_courier_delivery"
    found = india(folder) if folder.is_dir() else None
    answer = _answer(simulated(asked.seed, size), found, asked.seed, size)
    if not asked.json:
        _table(answer)
    print(json.dumps(answer))
    rows = answer["by_horizon"].values()
    sound = all(row["stops"] >= LEAST and LOW <= row["coverage"] <= HIGH for row in rows)
    return 0 if sound and answer["mae"]["learned"] < answer["mae"]["static"] else 1


if __name__ == "__main__":
    sys.exit(main())
