"""The search core touches no memory that is not its own and does nothing that C++ leaves undefined."""

from __future__ import annotations

import re
import subprocess

import pytest

from tests.search import sanitized

pytestmark = [
    pytest.mark.skipif(sanitized.compiler() is None, reason="there is no C++ compiler on the path"),
    pytest.mark.timeout(400),  # the first time everything is compiled
]


def _run(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sanitized.program(), *words], capture_output=True, text=True, timeout=300, check=False)


def test_the_cores_own_tests_hold():
    done = _run()
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    assert re.search(r"^[1-9]\d* passed, 0 failed$", done.stdout, re.MULTILINE)
    assert done.stderr == ""


@pytest.mark.parametrize(
    ("what", "said"), [("--overrun", "heap-buffer-overflow"), ("--overflow", "signed integer overflow")]
)
def test_a_planted_fault_is_caught(what, said):
    done = _run(what)
    assert done.returncode != 0
    assert said in done.stderr


def test_python_can_use_the_sanitized_module():
    code = "from homestretch.planner import _search; print(_search.__file__)"
    done = sanitized.run_python(code)
    assert done.returncode == 0, done.stderr[-4000:]
    assert done.stdout.strip() == str(sanitized.module())


RANDOM_RULES = """
from homestretch.kernel.refusal import Refusal
from homestretch.planner import Iterations, check, schedule, solve
from tests.planner.random_problems import a_problem, some_families

solved = 0
for seed in range(int(sys.argv[1]), int(sys.argv[2])):
    problem = a_problem(seed, some_families(seed))
    try:
        plan = solve(problem, seed=seed, until=Iterations(3))
    except Refusal as refusal:
        assert refusal.code == "engine.unsupported", refusal
        continue
    times = [schedule(problem, route) for route in plan.routes]
    for found in (check(problem, plan), check(problem, plan, times)):
        assert [breach for breach in found if breach.visit not in plan.unassigned] == [], seed
    solved += 1
print(solved)
"""


def random_rules(first: int, last: int) -> int:
    """Solve problems with rules drawn at random in the sanitized module; how many the engine took on."""
    done = sanitized.run_python(RANDOM_RULES, str(first), str(last), seconds=7200)
    assert done.returncode == 0, done.stderr[-4000:]
    return int(done.stdout)


def test_rules_in_random_combinations_neither_crash_nor_are_broken():
    assert random_rules(0, 300) > 60


@pytest.mark.prove
@pytest.mark.timeout(0)
def test_ten_thousand_random_combinations_neither_crash_nor_are_broken():
    assert random_rules(300, 10_300) > 2000


RUNNING_DAYS = """
from homestretch.planner import Live, Plan, answers
from tests.planner.random_problems import a_problem, some_families

placed = 0
for seed in range(int(sys.argv[1])):
    problem = a_problem(seed, some_families(seed))
    live = Live(problem, Plan((), tuple(visit.id for visit in problem.visits)))
    for visit in problem.visits:
        for option in [] if visit.id in live.shift_of else live.insert(visit.id, limit=1, late_ok=seed % 2 == 1):
            live.accept(option)
    answers(problem, live.plan)
    for visit in list(live.shift_of)[:2]:
        if visit in live.shift_of:
            live.cancel(visit)
    placed += len(live.repair().placed)
print(placed)
"""


def test_running_days_are_clean():
    done = sanitized.run_python(RUNNING_DAYS, "60", seconds=300)
    assert done.returncode == 0, done.stderr[-4000:]
    assert int(done.stdout) > 20
