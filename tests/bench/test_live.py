"""Policies side by side: the arithmetic of the table, and one small day of the town and of the meals."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path

import pytest

from bench.live import compared, half_width, missed, played
from bench.live_meals import meal_day
from bench.live_town import Size, TownTruth, disrupted, town_day
from homestretch.planner.stopping import Iterations
from homestretch.simulation.disruptions import DISRUPTIONS, NONE, Slow


def row(policy: str, seed: int, broken: float, *, day: str = "storm", km: float = 100, moved: float = 4) -> dict:
    return {
        "day": day, "seed": seed, "policy": policy, "broken_promises": broken, "on_time": 0.5, "km": km,
        "stops_moved": moved, "messages": 0, "promises": 10, "unreached": 0, "changes": 0, "cpu_s": 1.0,
    }  # fmt: skip


def both(broken: float, **ours: float) -> list[dict]:
    return [row("full", 1, 5.0, moved=20), row("ours", 1, broken, **ours)]


def test_a_mean_is_over_seeds_and_its_interval_is_students() -> None:
    rows = [row("ours", 1, 2), row("ours", 1, 4, day="urgent"), row("ours", 2, 7), row("full", 1, 9)]
    found = compared(rows)
    assert found["policies"]["ours"]["broken_promises"] == 5.0  # of 3 and 7
    assert found["intervals"]["ours"]["broken_promises"] == pytest.approx(12.706 * 2, rel=1e-3)
    assert half_width([1.0, 1.0, 1.0]) == 0


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (both(5.0), []),
        (both(5.1), ["broken_promises: full has fewer"]),
        (both(4.0, km=103.1), ["km: more than 3 % above full"]),
        (both(4.0, moved=5.1), ["stops_moved: more than a quarter of full's"]),
    ],
)
def test_what_ours_does_not_reach_is_said(rows: list[dict], said: list[str]) -> None:
    assert missed(compared(rows)["policies"]) == said


def test_every_disruption_leaves_the_plan_of_the_day_as_it_is() -> None:
    planned = town_day(3, NONE, partial(Iterations, 2), Size(2, 12))
    storm = disrupted(planned, 3, DISRUPTIONS["storm"])
    assert (storm.routes, storm.planned) == (planned.routes, planned.planned)
    assert len(disrupted(planned, 3, DISRUPTIONS["urgent"]).jobs) > len(planned.jobs)


def test_what_is_true_of_a_day_depends_on_its_seed_alone() -> None:
    scene = town_day(3, NONE, partial(Iterations, 2), Size(2, 12))
    van, one, other = scene.vans[0], scene.jobs[0], scene.jobs[1]
    asked = (van.id, one.point, other.point, van.starts_at)
    same, another = (TownTruth(seed, NONE, {}).leg(*asked) for seed in (3, 4))
    assert scene.truth.leg(*asked) == same
    assert same[0] != another[0]
    assert same[1] == another[1]


def test_a_storm_lasts_whole_and_a_rush_hour_fades() -> None:
    assert [Slow(12, 2, 1.5, steady=True).at(hour) for hour in (9, 11, 13.9, 14)] == [1, 1.5, 1.5, 1]
    assert [Slow(8, 2, 2.0).at(hour) for hour in (6, 7, 8, 9.5)] == [1, 1.5, 2, 1.25]


def test_a_small_town_day_is_played_by_all_policies() -> None:
    planned = town_day(3, NONE, partial(Iterations, 5), Size(2, 24))
    rows = played(disrupted(planned, 3, DISRUPTIONS["urgent"]), "urgent", 3, 0.01)
    assert [row["policy"] for row in rows] == ["none", "greedy", "full", "ours"]
    assert len({row["promises"] for row in rows}) == 1
    moved = {row["policy"]: row["stops_moved"] for row in rows}
    assert moved["none"] == moved["greedy"] == 0
    assert 0 < moved["ours"] < moved["full"]


def test_a_few_meals_are_brought() -> None:
    found = list(Path(os.environ.get("HOMESTRETCH_DATA", "../shared/data")).glob("grubhub_mdrp/*/orders.txt"))
    if not found:
        pytest.skip("the meal orders are not there")
    scene = meal_day(found[0].parent, 1, orders=12)
    rows = played(scene, "grubhub", 1, 0.01)
    assert all(row["promises"] == 12 and row["km"] > 0 for row in rows)
    ours = next(row for row in rows if row["policy"] == "ours")
    assert ours["unreached"] == 0
