"""Speeds of roads: a CSV is read whole or refused by row and field; what own vans measured is believed by its count."""

from __future__ import annotations

import numpy as np
import pytest

from homestretch.kernel.refusal import Refusal
from homestretch.travel.packing import packed, unpacked
from homestretch.travel.rules import speeds as rules

HEAD = "way,direction,day,from,to,speed_kmh\n"


def test_a_csv_is_read() -> None:
    good, bad = rules.read_speeds(HEAD + "42,both,work,7,9,18\n43,forward,,0,24,7.2\n")
    assert bad == []
    assert good == [rules.Speed(42, 0, 0, 7, 9, 5_000), rules.Speed(43, 1, -1, 0, 24, 2_000)]
    assert unpacked(packed(good)) == tuple(good)


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ("x,both,work,7,9,18", "way"),
        ("42,left,work,7,9,18", "direction"),
        ("42,both,monday,7,9,18", "day"),
        ("42,both,work,25,9,18", "from"),
        ("42,both,work,9,9,18", "to"),
        ("42,both,work,7,9,fast", "speed_kmh"),
        ("42,both,work,7,9,900", "speed_kmh"),
        ("42,both,work,7,9,nan", "speed_kmh"),
        ("42,both,work,7", "to"),
        ("", "way"),
    ],
)
def test_a_bad_row_is_refused_by_its_field(row: str, field: str) -> None:
    good, bad = rules.read_speeds(HEAD + "1,both,all,0,24,30\n" + row + "\n,,,,,\n")
    assert len(good) == 1
    assert bad[0].field == field
    assert bad[0].details["row"] == 3


@pytest.mark.parametrize("text", ["", "way,speed_kmh\n1,2\n", "\0\0\0"])
def test_a_file_without_the_columns_is_refused_whole(text: str) -> None:
    with pytest.raises(Refusal, match=r"speeds\.unreadable"):
        rules.read_speeds(text)


def test_of_two_sources_the_more_trusted_counts_road_by_road() -> None:
    own = [rules.Speed(1, 1, 0, 7, 9, 0, 1_500)]
    file = [rules.Speed(1, 0, -1, 0, 24, 4_000), rules.Speed(2, 0, -1, 0, 24, 6_000)]
    rush = rules.chosen([own, file], "work", 8)
    assert (rush[1, 1].factor_milli, rush[1, -1].mm_s, rush[2, 1].mm_s) == (1_500, 4_000, 6_000)
    assert rules.chosen([own, file], "work", 9)[1, 1].mm_s == 4_000
    assert rules.chosen([own, file], "sunday", 8)[1, 1].mm_s == 4_000


def _passes(
    roads: int, per_road: list[int], between: float, within: float, seed: int
) -> tuple[rules.Passes, np.ndarray]:
    random = np.random.default_rng(seed)
    truth = random.normal(0.2, between, roads)
    count = random.choice(per_road, roads)
    samples = [random.normal(mean, within, n) for mean, n in zip(truth, count, strict=True)]
    sums = np.array([sample.sum() for sample in samples])
    squares = np.array([(sample**2).sum() for sample in samples])
    return _of(count, sums, squares), truth


def _of(count: np.ndarray, sums: np.ndarray, squares: np.ndarray) -> rules.Passes:
    zeros = np.zeros(len(count), dtype=np.int64)
    return rules.Passes(
        np.arange(len(count)), zeros + 1, zeros, zeros + 2, zeros, count.astype(np.int64), sums, squares
    )


def test_shrinking_is_nearer_the_truth_than_each_road_alone_and_than_the_mean_of_all() -> None:
    passes, truth = _passes(500, [1, 2, 30], 0.15, 0.4, 7)
    shrunk = np.log(rules.shrunk(passes))
    alone = passes.ratio_sum / passes.count
    error = float(np.mean((shrunk - truth) ** 2))
    assert error < 0.5 * float(np.mean((alone - truth) ** 2))
    assert error < 0.8 * float(np.mean((alone.mean() - truth) ** 2))


def test_a_road_that_was_passed_once_is_hardly_believed_and_one_passed_often_is() -> None:
    passes, _ = _passes(200, [20], 0.1, 0.4, 3)
    extended = _of(
        np.append(passes.count, [1, 400]),
        np.append(passes.ratio_sum, [1.2, 400 * 1.2]),
        np.append(passes.ratio_square_sum, [1.44, 400 * (1.44 + 0.16)]),
    )
    factor = np.log(rules.shrunk(extended))
    assert factor[-2] < 0.7
    assert factor[-1] > 1.0


def test_what_was_learned_holds_for_its_part_of_the_day() -> None:
    learned = rules.speeds_of(rules.Passes.of([(7, 1, 0, rules.part_of(8), 3, 50, 50 * 0.4, 50 * 0.17)]))
    assert [(speed.way, speed.hour_from, speed.hour_to, speed.mm_s) for speed in learned] == [(7, 7, 9, 0)]
    assert learned[0].factor_milli > 1_200
    assert rules.speeds_of(rules.Passes.of([])) == []
