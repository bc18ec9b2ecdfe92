"""The search core under the address and undefined behavior sanitizers: its own tests, and the Python module.

Each source is compiled once for its content, that of all headers, the flags and the compiler, into the tests' cache.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nanobind

from tests.databases import cache_home

ROOT = Path(__file__).resolve().parents[2]
SEARCH = ROOT / "search"
CACHE = cache_home().parent / "search"
KEPT = 200  # files
FLAGS = [
    *("-std=c++20", "-O1", "-g1", "-fPIC", "-fvisibility=hidden", "-fno-strict-aliasing", "-pthread"),
    *("-fno-omit-frame-pointer", "-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-D_GLIBCXX_ASSERTIONS"),
]
NANOBIND = Path(nanobind.source_dir())
INCLUDED = [
    *("-I", str(SEARCH)),
    *("-isystem", nanobind.include_dir(), "-isystem", str(NANOBIND.parent / "ext" / "robin_map" / "include")),
    *("-isystem", sysconfig.get_path("include")),
]
# Puts the module where Python looks first, before the code that the caller gives.
PRELUDE = """
import sys
from importlib.util import module_from_spec, spec_from_file_location
_spec = spec_from_file_location("homestretch.planner._search", sys.argv.pop(1))
sys.modules[_spec.name] = module_from_spec(_spec)
_spec.loader.exec_module(sys.modules[_spec.name])
"""


def compiler() -> str | None:
    """The C++ compiler's path; None where there is none."""
    return shutil.which(os.environ.get("CXX") or "g++") or shutil.which("c++")


def program() -> Path:
    """The program that `search/tests` makes: it runs the core's C++ tests."""
    core = [file for file in SEARCH.glob("*.cpp") if not file.name.endswith("module.cpp")]
    return _linked("tests", [*core, *SEARCH.glob("tests/*.cpp")], [])


def module() -> Path:
    """The Python module, for `run_python`: only a process that has loaded the sanitizer first can import it."""
    return _linked("module.so", [*SEARCH.glob("*.cpp"), NANOBIND / "nb_combined.cpp"], ["-shared"])


def run_python(code: str, *arguments: str, seconds: float = 100) -> subprocess.CompletedProcess[str]:
    """Run Python code in a process in which `homestretch.planner._search` is the sanitized one.

    Ends with another code than 0 and a report on stderr at the first wrong access. Python itself keeps memory to the
    end, so leaks are not looked for.
    """
    loaded = [_printed("-print-file-name=libasan.so"), _printed("-print-file-name=libstdc++.so")]
    environment = {
        **os.environ,
        "LD_PRELOAD": " ".join(loaded),
        "ASAN_OPTIONS": "detect_leaks=0",
        "UBSAN_OPTIONS": "print_stacktrace=1",
        "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
        "PYTHONMALLOC": "malloc",
    }
    command = [sys.executable, "-c", PRELUDE + code, str(module()), *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=seconds, check=False)


def _linked(name: str, sources: list[Path], flags: list[str]) -> Path:
    CACHE.mkdir(parents=True, exist_ok=True)
    headers = _digest(*sorted(SEARCH.glob("**/*.hpp")))
    with (CACHE / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            objects = list(pool.map(lambda source: _compiled(source, headers), sorted(sources)))
        target = CACHE / f"{_hash(name, *flags, *(file.name for file in objects))}-{name}"
        _made(target, lambda at: [*FLAGS, *flags, *map(str, objects), "-o", at])
        _forget_old()
    return target


def _compiled(source: Path, headers: str) -> Path:
    """The object file of a source. `headers` is the digest of the core's; those of nanobind have a version."""
    ours = headers if source.is_relative_to(SEARCH) else ""
    made_from = (_printed("--version"), sys.version, nanobind.__version__, *FLAGS, ours, _digest(source))
    target = CACHE / f"{_hash(*made_from)}-{source.stem}.o"
    _made(target, lambda at: [*FLAGS, *INCLUDED, "-c", str(source), "-o", at])
    return target


def _made(target: Path, arguments: Callable[[str], list[str]]) -> None:
    if target.exists():
        target.touch()
        return
    unfinished = target.with_name(f".{target.name}")
    done = subprocess.run([str(compiler()), *arguments(str(unfinished))], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-4000:]
    unfinished.rename(target)


def _forget_old() -> None:
    files = sorted((file for file in CACHE.iterdir() if file.name != ".lock"), key=lambda file: file.stat().st_mtime)
    for file in files[:-KEPT]:
        file.unlink()


def _printed(question: str) -> str:
    return subprocess.check_output([str(compiler()), question], text=True).strip()


def _digest(*files: Path) -> str:
    return _hash(*(f"{file.name} {hashlib.sha256(file.read_bytes()).hexdigest()}" for file in files))


def _hash(*texts: str) -> str:
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:16]
