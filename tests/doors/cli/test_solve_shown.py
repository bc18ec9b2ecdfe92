"""What people see of `solve`: a line of progress on a terminal, a picture of the routes, and clear refusals."""

import io
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from homestretch.doors.cli.progress import ProgressLine
from homestretch.planner.problem import Plan
from homestretch.planner.stopping import Iterations, Progress, share_of
from homestretch.wiring.main import main
from tests.doors.cli.test_solve import files  # noqa: F401
from tests.planner.town import plan, town, visit


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def seconds(*moments: float) -> Iterator[float]:
    """Readings of a clock; the last one again and again."""
    yield from moments
    yield from (moments[-1] for _ in count())


PROBLEM = town([visit("a", 1), visit("b", 4)])
WORSE, BETTER = plan(("van", "b a"), unassigned=""), plan(("van", "a b"))


def line_at(now: list[float]) -> tuple[ProgressLine, Terminal]:
    stream = Terminal()
    return ProgressLine(PROBLEM, stream, clock=lambda: now[0]), stream


def told(made: Plan) -> Progress:
    return Progress(0.0, 1, 99, made)


def last(stream: Terminal) -> str:
    return stream.getvalue().split("\r")[-1].strip()


def test_the_line_says_cost_routes_what_is_left_and_what_was_gained():
    now = [0.0]
    line, stream = line_at(now)
    line.watch(told(plan(("van", "b"), unassigned="a")))
    assert last(stream) == "0 s  cost 8480  1 routes  1 unassigned"
    now[0] = 2.0
    line.watch(told(plan(("van", "b a"))))
    assert last(stream).startswith("2 s  cost 8480  1 routes  0 unassigned")
    assert "gained" not in last(stream)
    now[0] = 3.0
    line.watch(told(plan(("van", "a"), unassigned="b")))
    assert last(stream).startswith("3 s  cost 2120  1 routes  1 unassigned  75.00 % gained in the last 3 s")


def test_it_is_rewritten_in_place_seldom_and_gone_at_the_end():
    now = [0.0]
    line, stream = line_at(now)
    line.watch(told(BETTER))
    written = stream.getvalue()
    now[0] = 0.1
    line.watch(told(WORSE))
    assert stream.getvalue() == written
    now[0] = 1.0
    line.draw()
    line.close()
    assert "\n" not in stream.getvalue()
    assert stream.getvalue().endswith("\r")
    assert last(stream) == ""


def test_a_gain_is_forgotten_after_a_minute():
    now = [0.0]
    line, stream = line_at(now)
    for when, made in ((0.0, plan(("van", "b"), unassigned="a")), (30.0, plan(("van", "a"), unassigned="b"))):
        now[0] = when
        line.watch(told(made))
    now[0] = 59.0
    line.draw()
    assert "75.00 %" in last(stream)
    now[0] = 95.0
    line.draw()
    assert "0.00 % gained in the last minute" in last(stream)


def test_the_rule_draws_and_keeps_its_share():
    now = [0.0]
    line, stream = line_at(now)
    rule = line.until(Iterations(4))
    line.watch(told(BETTER))
    now[0] = 5.0
    assert not rule()
    assert last(stream).startswith("5 s")
    assert share_of(rule) == 0.25
    assert share_of(line.until(lambda: True)) is None


def test_a_terminal_gets_the_line_and_a_pipe_does_not(
    files: Path,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    assert main(["solve", str(files / "s.txt"), "--iterations", "5"]) == 0
    assert capsys.readouterr().err == ""
    stream = Terminal()
    monkeypatch.setattr("sys.stderr", stream)
    assert main(["solve", str(files / "s.txt"), "--iterations", "5"]) == 0
    assert "0 unassigned" in stream.getvalue()
    assert last(stream) == ""


def test_the_routes_are_drawn(files: Path, capsys: pytest.CaptureFixture[str]):  # noqa: F811
    for name in ("s.txt", "v.vrp", "l.txt"):
        picture = files / f"{name}.svg"
        assert main(["solve", str(files / name), "--iterations", "5", "--plot", str(picture)]) == 0
        assert picture.read_text().startswith("<svg ")
        assert "depot" in picture.read_text()


@pytest.mark.parametrize(
    ("name", "picture", "code"),
    [
        ("p.json", "p.svg", "plot.no_coordinates"),
        ("s.txt", "none/p.svg", "file.unwritable"),
        ("s.txt", ".", "file.unwritable"),
    ],
)
def test_what_cannot_be_drawn_is_refused_before_the_work(
    files: Path,  # noqa: F811
    capsys: pytest.CaptureFixture[str],
    name: str,
    picture: str,
    code: str,
):
    words = [
        "solve",
        str(files / name),
        "--time",
        "3600",
        "--plot",
        str(files / picture),
        "--out",
        str(files / "o.json"),
    ]
    assert main(words) != 0
    said = capsys.readouterr().err
    assert code in said
    assert not (files / "o.json").exists()
