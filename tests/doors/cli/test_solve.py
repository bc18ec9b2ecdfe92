"""`homestretch solve` and `check`: from a file to a plan and its verdict; what is wrong is refused, never a trace."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from homestretch.planner.problem import Pair
from homestretch.planner.wire import problem_to_json
from homestretch.wiring.main import main
from tests.planner.test_formats import LILIM, SOLOMON, VRPLIB
from tests.planner.town import shift, town, visit

DATA = Path(os.environ.get("HOMESTRETCH_DATA", "../shared/data")) / "vrp"


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A folder with one small file of each format."""
    problem = town(
        [visit("a", 1), visit("b", 2), visit("c", 3), visit("d", 4, skills={"crane"}, prize=5)],
        [shift("one"), shift("two")],
        pairs=[Pair("b", "a")],
    )
    for name, text in (
        ("s.txt", SOLOMON),
        ("v.vrp", VRPLIB),
        ("l.txt", LILIM),
        ("p.json", json.dumps(problem_to_json(problem))),
    ):
        (tmp_path / name).write_text(text)
    return tmp_path


def call(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, Any]:
    """Exit code and the JSON object that stands last."""
    code = main([*map(str, words), "--json"])
    out = capsys.readouterr().out.strip().splitlines()
    return code, json.loads(out[-1])


@pytest.mark.parametrize(
    ("name", "ids", "cost"),
    [("s.txt", {1, 2, 7}, 106), ("v.vrp", {2, 3, 4}, 10), ("l.txt", {1, 2}, 4828), ("p.json", {"a", "b", "c"}, None)],
)
def test_each_format_is_solved_and_the_plan_passes_the_judge(
    files: Path, capsys: pytest.CaptureFixture[str], name: str, ids: set[object], cost: int | None
) -> None:
    out = files / "plan.json"
    code, answer = call(capsys, "solve", files / name, "--iterations", 30, "--out", out)
    assert code == 0
    assert list(answer) == ["cost", "vehicles", "routes", "unassigned", "seconds"]
    assert {ident for route in answer["routes"] for ident in route} == ids
    assert answer["vehicles"] == len(answer["routes"])
    assert cost in (None, answer["cost"])
    code, verdict = call(capsys, "check", files / name, out)
    assert (code, verdict["ok"], verdict["cost"]) == (0, True, answer["cost"])


def test_what_solve_prints_is_a_plan_too(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, answer = call(capsys, "solve", files / "s.txt", "--iterations", 30)
    (files / "printed.json").write_text(json.dumps(answer))
    assert call(capsys, "check", files / "s.txt", files / "printed.json")[0] == 0


def test_the_convention_changes_the_count(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    costs = [
        call(capsys, "solve", files / "s.txt", "--iterations", 30, "--convention", name)[1]["cost"]
        for name in ("round", "dimacs", "exact", "sintef")
    ]
    assert costs == [10, 106, 10_650, 10_650]


def test_a_bad_plan_is_named_and_ends_with_one(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (files / "bad.sol").write_text("Route #1: 1 2 3\n")
    code, verdict = call(capsys, "check", files / "v.vrp", files / "bad.sol")
    assert code == 1
    assert not verdict["ok"]
    assert [breach["code"] for breach in verdict["breaches"]] == ["capacity"]
    assert main(["check", str(files / "v.vrp"), str(files / "bad.sol")]) == 1
    assert "capacity: route 1: 15 on board" in capsys.readouterr().out


def test_a_breach_of_our_own_json_is_found(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plan = {
        "format": "homestretch.plan/1",
        "routes": [{"shift": "one", "visits": ["a", "b", "d"]}],
        "unassigned": ["c"],
    }
    (files / "bad.json").write_text(json.dumps(plan))
    code, verdict = call(capsys, "check", files / "p.json", files / "bad.json")
    assert code == 1
    assert {breach["code"] for breach in verdict["breaches"]} == {"pair", "skill", "visit_required"}


def test_people_get_lines(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["solve", str(files / "s.txt"), "--iterations", "30"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("route 1: ")
    assert "cost 106 (dimacs), 2 routes, 0 unassigned" in out


def test_the_same_seed_gives_the_same_answer_and_a_start_is_kept(
    files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["solve", files / "s.txt", "--iterations", 20, "--seed", 4]
    first, second = (call(capsys, *words, "--out", files / "plan.json")[1] for _ in range(2))
    assert first["routes"] == second["routes"]
    again = call(capsys, "solve", files / "s.txt", "--iterations", 1, "--start", files / "plan.json")[1]
    assert again["cost"] <= first["cost"]


def test_two_threads_answer_within_the_time_and_the_same_by_seed(
    files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["solve", files / "v.vrp", "--threads", 2]
    first, second = (call(capsys, *words, "--iterations", 40, "--seed", 3)[1] for _ in range(2))
    assert first["routes"] == second["routes"]
    _, answer = call(capsys, *words, "--time", 0.5)
    assert 0.25 <= answer["seconds"] <= 0.55


def test_what_is_wrong_is_refused_with_code_and_remedy(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (files / "bad.txt").write_text(SOLOMON.replace("12           60", "62           60"))
    (files / "bad.json").write_text('{"format": "homestretch.problem/1"}')
    faulty = problem_to_json(town([visit("a", 1, service=-1)]))
    (files / "faulty.json").write_text(json.dumps(faulty))
    (files / "foreign.json").write_text('{"routes": [[99]]}')
    cases: list[tuple[list[object], str]] = [
        (["solve", files / "none.txt"], "file.not_found"),
        (["solve", files], "file.unreadable"),
        (["solve", files / "bad.txt"], "format.window_reversed"),
        (["solve", files / "bad.json"], "wire.missing_field"),
        (["solve", files / "faulty.json"], "visit.negative_service"),
        (["solve", files / "s.txt", "--out", files / "no" / "plan"], "file.unwritable"),
        (["solve", files / "p.json", "--convention", "exact"], "format.convention_unknown"),
        (["solve", files / "s.txt", "--start", files / "foreign.json"], "plan.unknown"),
        (["check", files / "s.txt", files / "s.txt"], "format.unknown"),
        (["check", files / "p.json", files / "foreign.json"], "format.shift_unnamed"),
    ]
    for words, wanted in cases:
        code, answer = call(capsys, *words)
        assert (code, answer["error"]["code"]) == (1, wanted)
        assert answer["error"]["remedy"]


@pytest.mark.parametrize("option", ["--time=nan", "--time=0", "--time=-3", "--seed=-1", "--seed=4294967296"])
def test_an_option_that_makes_no_sense_is_wrong_usage(files: Path, option: str) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["solve", str(files / "s.txt"), option])
    assert ended.value.code == 2


def test_the_answer_comes_within_the_time(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, answer = call(capsys, "solve", files / "v.vrp", "--time", 0.5)
    assert 0.3 <= answer["seconds"] <= 0.55


REAL = [
    ("ortec_asym/ORTEC-VRPTW-ASYM-95acb866-d1-n201-k18", ".txt", 129_944),
    ("ortec_asym/ORTEC-VRPTW-ASYM-762abf35-d1-n222-k13", ".txt", 105_253),
    ("cvrp/X-n209-k16", ".vrp", 30_656),
    ("cvrp_xxl/Brussels1", ".vrp", 501_719),
]


@pytest.mark.skipif(not DATA.is_dir(), reason=f"no benchmark files at {DATA}; set HOMESTRETCH_DATA")
@pytest.mark.parametrize(("name", "suffix", "cost"), REAL)
def test_published_solutions_are_sound_and_cost_what_they_say(
    capsys: pytest.CaptureFixture[str], name: str, suffix: str, cost: int
) -> None:
    code, verdict = call(capsys, "check", DATA / f"{name}{suffix}", DATA / f"{name}.sol")
    assert (code, verdict["cost"]) == (0, cost)


@pytest.mark.skipif(not DATA.is_dir(), reason=f"no benchmark files at {DATA}; set HOMESTRETCH_DATA")
@pytest.mark.parametrize(
    ("name", "best", "factor"),
    [("vrptw/RC108.txt", 11_142, 1.06), (f"{REAL[0][0]}.txt", 129_944, 1.08), ("pdptw/lc205.txt", 588_880, 1.05)],
)
def test_real_files_are_solved_near_the_best_known(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, best: int, factor: float
) -> None:
    code, answer = call(capsys, "solve", DATA / name, "--time", 2, "--out", tmp_path / "plan")
    assert code == 0
    assert answer["unassigned"] == []
    assert best * 0.9999 <= answer["cost"] <= best * factor
    assert call(capsys, "check", DATA / name, tmp_path / "plan")[0] == 0
