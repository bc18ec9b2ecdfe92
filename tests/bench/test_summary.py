"""From answers to gaps, cells and floors."""

import pytest

from bench.instances import Row
from bench.plot import curve
from bench.runs import Run, Task
from bench.summary import Share, cells, equalled, holds, referred, table


def answer(side: str, cost: int | None, **changes: object) -> tuple[Task, Run]:
    """One of a file whose best known is 1000."""
    row = Row("vrptw", str(changes.pop("file", "a")), 100, changes.pop("best", 1000), changes.pop("most", None))
    task = Task("", row, side, float(changes.pop("seconds", 1)), 1, (0,), changes.pop("perturb", None))
    given = {"used": task.seconds, "wall": 1.0, "megabytes": 1, "ended": False, "vehicles": 3, "findings": []}
    return task, Run(cost=cost, **{**given, **changes})


def only(*answers: tuple[Task, Run]) -> dict[str, Share]:
    (cell,) = cells(referred(answers))
    return cell.sides


def test_the_gap_is_the_mean_over_files_in_percent_of_the_best_known() -> None:
    shares = only(answer("pyvrp", 1010), answer("pyvrp", 1030, file="b"))
    assert shares["pyvrp"].gap == pytest.approx(2.0)
    assert shares["pyvrp"].whole


def test_what_is_unsound_or_late_counts_for_nobody_and_is_said() -> None:
    unsound = answer("ours", 900, findings=["capacity: 12 on board"])
    late = answer("ours", 1001, file="b", used=1.2)
    share = only(unsound, late, answer("ours", 1020, file="c"))["ours"]
    assert (share.gap, share.counted, share.wanted, share.unsound, share.late) == (pytest.approx(2.0), 1, 3, 1, 1)
    assert not share.whole


def test_a_perturbed_file_is_measured_by_the_best_sound_answer_of_the_run() -> None:
    best, cheat = answer("ours", 800, perturb=1), answer("vroom", 700, perturb=1, findings=["twice: 3"])
    found = {o.task.side: o.gap for o in referred([best, cheat, answer("pyvrp", 840, perturb=1)])}
    assert found["ours"] == 0
    assert found["pyvrp"] == pytest.approx(5.0)


def test_where_vehicles_come_first_they_decide_the_best_of_a_run() -> None:
    few = answer("ours", 1200, best=None, most=3)
    many = answer("pyvrp", 1000, best=None, most=3, vehicles=4)
    outcomes = referred([few, many])
    assert [(o.extra, o.gap) for o in outcomes] == [(0, 0.0), (1, pytest.approx(-16.6667, abs=1e-3))]
    (cell,) = cells(outcomes)
    assert cell.best_peer == "pyvrp"


def share(gap: float | None, extra: float = 0.0, counted: int = 3) -> Share:
    return Share(3, counted, gap, extra, 0, 0, 0, 1.0)


@pytest.mark.parametrize(
    ("kind", "ours", "peer", "kept"),
    [
        ("vrptw", share(0.4), share(0.9), True),  # 0.5 <= 1.0 / 2
        ("vrptw", share(0.41), share(0.9), False),
        ("vrptw", share(0.0), share(0.05), False),
        ("vrptw", share(0.0), share(0.1), True),
        ("ortec-asym", share(0.9), share(1.7), False),
        ("cvrp", share(0.9), share(0.9), True),
        ("cvrp", share(0.91), share(0.9), False),
        ("pdptw", share(3.0), share(0.1, extra=0.5), True),
        ("pdptw", share(0.0, extra=0.5), share(9.0), False),
        ("vrptw", share(0.0, counted=2), share(9.0), False),
        ("vrptw", share(None, counted=0), share(9.0), False),
    ],
)
def test_a_floor_holds_or_it_does_not(kind: str, ours: Share, peer: Share, *, kept: bool) -> None:
    assert holds(kind, ours, peer) is kept


def test_a_cell_names_the_best_peer_that_gave_every_answer_and_whether_the_floor_holds() -> None:
    both = [answer(side, cost, file=file) for side, cost in (("ours", 1002), ("pyvrp", 1010)) for file in ("a", "b")]
    answers = [*both, answer("commiv", 1001), answer("commiv", None, file="b")]
    (cell,) = cells(referred(answers))
    assert (cell.best_peer, cell.floor) == ("pyvrp", True)
    text = "\n".join(table([cell], ["ours", "pyvrp", "commiv", "vroom"]))
    assert "0.20" in text
    assert "0.10 1/2" in text
    assert text.rstrip().endswith("-  holds")


def test_without_a_peer_there_is_no_floor() -> None:
    (cell,) = cells(referred([answer("ours", 1002)]))
    assert (cell.best_peer, cell.floor) == (None, None)


def test_it_says_how_long_a_peer_needs_to_equal_our_least_budget() -> None:
    slow = [
        answer("ours", 1002),
        answer("commiv", 1010),
        answer("commiv", 1001, seconds=20),
        answer("ours", 1000, seconds=20),
    ]
    assert equalled(cells(referred(slow))) == ["vrptw, 100: ours of 1 s is equalled by commiv in 20 s"]
    assert "by no peer in 1 s" in equalled(cells(referred(slow[:2])))[0]


def test_a_curve_is_the_mean_of_what_was_known_at_each_moment() -> None:
    a = answer("ours", 1000, trace=[(0.1, 1100), (0.5, 1000)])
    b = answer("ours", 1000, file="b", trace=[(0.2, 1200)])
    line = curve(referred([a, b]))
    assert line[0] == (pytest.approx(0.2), pytest.approx(15.0))
    assert line[-1] == (pytest.approx(1.0), pytest.approx(10.0))
    assert curve(referred([answer("vroom", 1000)])) == []
