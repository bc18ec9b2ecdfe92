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
