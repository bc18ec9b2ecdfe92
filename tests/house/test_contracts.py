"""Calls go down, consequences go up: the import contracts of pyproject.toml, and the three that a linter cannot say."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).resolve().parents[2]
LOG = "homestretch.events.log"
PURE = ("kernel", "planner", "atlas")


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("homestretch", include_external_packages=True, cache_dir=None)


def _slice(module: str) -> str:
    return module.split(".")[1]


def test_the_contracts_hold():
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_no_door_reaches_another_by_its_name_as_text():
    """What the linter can't see: a module that is looked up by a string."""
    doors = ROOT / "src" / "homestretch" / "doors"
    reached = {
        f"{file.relative_to(doors)}: {door}"
        for file in doors.rglob("*.py")
        for door in re.findall(r"""["']homestretch\.doors\.(\w+)""", file.read_text())
        if door != file.relative_to(doors).parts[0]
    }
    assert reached == set()


def test_only_actions_write_the_log(graph):
    """`record` is called by actions; who else reads the log takes `tail`, `event` or `history`."""
    writers = {
        detail["importer"]
        for importer in graph.find_modules_that_directly_import(LOG)
        for detail in graph.get_import_details(importer=importer, imported=LOG)
        if "record" in detail["line_contents"].replace("after_record", "").replace("import log", "")
    }
    allowed = {name for name in writers if _slice(name) == "events" or "actions" in name.split(".")}
    assert writers - allowed == set()


def test_every_pure_package_stands_in_the_contract():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    pure = next(contract for contract in settings if contract["name"].startswith("4."))
    present = {f"homestretch.{name}" for name in PURE if (ROOT / "src" / "homestretch" / name / "__init__.py").exists()}
    assert present <= set(pure["source_modules"])


def test_the_kernel_is_small():
    """At most eight files of words for all; the package's own file is none."""
    files = [file for file in (ROOT / "src" / "homestretch" / "kernel").glob("*.py") if file.name != "__init__.py"]
    assert len(files) <= 8
