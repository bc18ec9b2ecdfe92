"""Equal CPU for every side, and one true run of ours."""

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from bench import runs
from bench.peers import SIDES, Side
from bench.plot import draw
from bench.runs import Run, Task, answered
from bench.summary import referred
from tests.bench.small import a_row, folder_of

PEER = Side("peer", "no-such-distribution", frozenset(["vrptw"]))


def the_task(seconds: float = 1.0) -> Task:
    return Task("", a_row(), "peer", seconds, 1, (0,))


def ran(used: float, **changes: object) -> Run:
    given = {"wall": used, "megabytes": 1, "ended": False, "cost": 1000, "vehicles": 3, "findings": []}
    return Run(used=used, **{**given, **changes})


def told(monkeypatch: pytest.MonkeyPatch, runs_of: object) -> list[float]:
    """Every run is what `runs_of` makes of the seconds that were asked for; gives those."""
    asked: list[float] = []

    def once(task: Task, seconds: float) -> Run:
        asked.append(seconds)
        return runs_of(task, seconds)

    monkeypatch.setattr(runs, "_once", once)
    return asked


def test_a_side_that_is_told_wall_seconds_is_corrected_until_it_used_its_cpu(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = told(monkeypatch, lambda task, seconds: ran(seconds / 2))
    ratios: dict = {}
    assert answered(the_task(), PEER, ratios).used == pytest.approx(1.0)
    assert asked == [1.0, pytest.approx(2.0)]
    assert answered(the_task(), PEER, ratios).used == pytest.approx(1.0)
    assert len(asked) == 3


def test_of_its_runs_the_one_counts_that_used_most_of_what_it_may_not_the_luckiest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told(monkeypatch, lambda task, seconds: ran(min(0.9, seconds / 3), cost=1000 if seconds == 1.0 else 1001))
    best = answered(the_task(), PEER, {})
    assert (best.used, best.cost) == (0.9, 1001)


def test_a_side_that_had_nothing_left_to_try_is_not_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = told(monkeypatch, lambda task, seconds: ran(0.2, ended=True))
    answered(the_task(), PEER, {})
    assert len(asked) == 1


def test_a_side_that_cannot_be_in_time_is_late_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = told(monkeypatch, lambda task, seconds: ran(9.0))
    late = answered(the_task(), PEER, {})
    assert late.late(the_task())
    assert not late.counts(the_task())
    assert len(asked) == 2


def test_every_variant_of_a_side_runs_and_the_best_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    told(
        monkeypatch, lambda task, seconds: ran(1.0, cost=1000 - task.variant, findings=["twice"] * (task.variant == 2))
    )
    side = Side("peer", "no-such-distribution", frozenset(["vrptw"]), exact=True, variants=lambda kind: 3)
    assert answered(the_task(), side, {}).cost == 999


def test_a_peer_that_is_not_installed_has_no_version() -> None:
    assert PEER.version() is None
    assert SIDES["ours"].version()


def test_a_run_that_breaks_is_a_failed_answer_and_not_an_end(tmp_path: Path) -> None:
    task = Task(str(folder_of(tmp_path)), a_row(file="vrptw/gone.txt"), "ours", 1.0, 1, (0,))
    broken = runs._once(task, 1.0)
    assert broken.cost is None
    assert "gone.txt" in broken.failed


def bench(path: Path, *words: str) -> tuple[int, str]:
    environment = {**os.environ, "HOMESTRETCH_DATA": str(path)}
    command = [sys.executable, "-m", "bench.solver", *words]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False, timeout=100)
    assert done.returncode in (0, 1), done.stderr
    return done.returncode, done.stdout


def test_ours_answers_a_small_file_soundly_in_its_time(tmp_path: Path) -> None:
    folder_of(tmp_path)
    code, said = bench(tmp_path, "--sides", "ours", "--times", "0.3", "--json")
    body = json.loads(said)
    (result,) = body["results"]
    assert code == 0
    assert result["sound"]
    assert not result["late"]
    assert result["cost"] == (100 + 85 + 90) + (50 + 50) + (90 + 30 + 120)  # by hand: 2 5, 1, 3 4
    assert result["gap"] == 0
    assert result["trace"]
    assert body["machine"]["cpu"]
    assert body["versions"]["ours"]


def test_classes_that_are_not_known_are_refused(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="there is no 'tsp'"):
        bench(tmp_path, "--classes", "tsp")


@pytest.mark.skipif(find_spec("matplotlib") is None, reason="matplotlib comes with the bench extra")
def test_the_curves_are_drawn(tmp_path: Path) -> None:
    outcomes = referred([(the_task(), ran(1.0, trace=[(0.1, 1100), (0.4, 1000)]))])
    draw(outcomes, tmp_path / "curves.svg")
    assert (tmp_path / "curves.svg").read_text().lstrip().startswith("<?xml")
