"""What is handed out: the source archive has all that the core is compiled from, the wheel has the core and no more."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BUILD = "import sys; from scikit_build_core import build; print(getattr(build, sys.argv[1])(sys.argv[2]))"


def _built(what: str, folder: Path, **environment: str) -> Path:
    done = subprocess.run(
        [sys.executable, "-c", BUILD, what, str(folder)],
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:] + done.stdout[-3000:]
    return folder / done.stdout.splitlines()[-1]


@pytest.fixture(scope="module")
def project() -> dict:
    """pyproject.toml, read."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


def test_the_source_archive_can_be_compiled_and_holds_nothing_compiled(tmp_path):
    with tarfile.open(_built("build_sdist", tmp_path)) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    needed = {f"search/{file.name}" for file in (ROOT / "search").iterdir() if file.is_file()}
    assert {"search/CMakeLists.txt", "search/module.cpp"} <= needed <= names
    assert {"pyproject.toml", "LICENSE", "src/homestretch/planner/__init__.py"} <= names
    assert [name for name in names if name.endswith((".so", ".pyd", ".o")) or name.startswith("build/")] == []
    assert [name for name in names if "node_modules" in name] == []


def test_what_the_pages_load_rides_along_though_git_does_not_know_it(tmp_path):
    built = "src/homestretch/web/static/web/built/basemap.js"
    if not (ROOT / built).exists():
        pytest.skip("the pages' scripts are not built: make install")
    with tarfile.open(_built("build_sdist", tmp_path)) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert built in names


def test_the_lock_of_the_pages_names_no_registry():
    assert '"resolved"' not in (ROOT / "frontend" / "package-lock.json").read_text()


@pytest.mark.prove
def test_the_wheel_holds_our_sources_and_one_compiled_file(tmp_path):
    wheel = _built("build_wheel", tmp_path, CMAKE_GENERATOR="Unix Makefiles")
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    compiled = [name for name in names if name.endswith((".so", ".pyd"))]
    assert [re.sub(r"\..*", "", name) for name in compiled] == ["homestretch/planner/_search"]
    sources = {str(file.relative_to(ROOT / "src")) for file in (ROOT / "src").glob("**/*.py")}
    assert sources <= names
    assert {"homestretch/py.typed", "homestretch/planner/_search.pyi"} <= names
    assert not [name for name in names if not name.startswith("homestretch")]


def test_the_image_is_given_what_the_wheel_is_made_from(project):
    image = (ROOT / "Dockerfile").read_text()
    given = {word for line in re.findall(r"^COPY (?!--)(.+) \S+$", image, re.MULTILINE) for word in line.split()}
    settings = project["tool"]["scikit-build"]
    assert {
        "frontend",
        settings["cmake"]["source-dir"],
        *(name.split("/")[0] for name in settings["wheel"]["packages"]),
    } <= given
    allowed = (ROOT / ".dockerignore").read_text().split()
    assert {f"!{name.split('/')[0]}" for name in given} <= set(allowed)


def test_the_tools_of_the_build_are_in_the_lock_and_the_peers_are_not(project):
    lock = (ROOT / "requirements.lock").read_text()
    peers = (ROOT / "bench" / "requirements.lock").read_text()

    def missing(names: list[str], text: str) -> list[str]:
        bare = (re.match(r"[\w-]+", name)[0].lower() for name in names)  # type: ignore[index]
        return [name for name in bare if not re.search(rf"^{name}==", text, re.MULTILINE)]

    assert missing(project["build-system"]["requires"], lock) == []
    extras = project["project"]["optional-dependencies"]
    assert missing(extras["bench"], peers) == []
    own = {"commiv", "hygese", "ortools", "pyvroom"}
    assert set(missing([*own], lock)) == own
