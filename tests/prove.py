"""`make prove`: every proof at its full size, one after the other: all tests of each folder, those marked `prove` too,
then the demo's whole day. What has passed at this state of the source is not run again, so an interrupted run goes on.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from tests.databases import cache_home

ROOT = Path(__file__).resolve().parents[1]
TESTS = ROOT / "tests"
DAY = "day"
DAY_ARGUMENTS = ["--headless", "--days", "1", "--speed", "600", "--json"]


@dataclass(frozen=True)
class Result:
    """How a proof ended. `why` is empty where it holds."""

    passed: int
    failed: int
    skipped: int
    seconds: float
    why: str = ""

    @property
    def holds(self) -> bool:
        return not self.failed and not self.skipped and self.passed > 0


def main(arguments: list[str] | None = None) -> int:
    """0 where every proof holds and nothing was skipped."""
    args = _parser().parse_args(arguments)
    names = proofs()
    if unknown := set(args.only) - set(names):
        _parser().error(f"there is no proof {', '.join(sorted(unknown))}: choose from {', '.join(names)}")
    folder = cache_home().parent / "prove" / state_of_source()
    folder.mkdir(parents=True, exist_ok=True)
    results: dict[str, Result] = {}
    for name in args.only or names:
        known = None if args.fresh else read(folder / f"{name}.json")
        if known is None or not known.holds:
            known = prove(name, folder)
            (folder / f"{name}.json").write_text(json.dumps(asdict(known)))
        results[name] = known
        if not args.json:
            print(line(name, known), flush=True)
    print(json.dumps(summary(results, folder)))
    return 0 if all(result.holds for result in results.values()) else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="tests.prove", description=__doc__)
    parser.add_argument("--fresh", action="store_true", help="run again what has passed (default: go on behind it)")
    parser.add_argument("--only", nargs="+", default=[], metavar="PROOF", help="these alone")
    parser.add_argument("--json", action="store_true", help="no table, only the JSON object")
    return parser


def proofs() -> list[str]:
    """The folders that hold tests, and the day."""
    return [*sorted({path.relative_to(TESTS).parts[0] for path in TESTS.glob("*/**/test_*.py")}), DAY]


def state_of_source() -> str:
    """The commit; with a hash of what is changed, where something is. Without git a hash of all files."""
    commit = _git("rev-parse", "--short=12", "HEAD").decode().strip()
    changed = _git("status", "--porcelain", "--untracked-files=all") if commit else b""
    if commit and not changed:
        return commit
    digest = hashlib.sha256(changed + _git("diff", "HEAD"))
    files = _git("ls-files", "--others", "--exclude-standard").decode().split("\n") if commit else _all_files()
    for file in sorted(filter(None, files)):
        digest.update(file.encode() + b"\0" + (ROOT / file).read_bytes())
    return f"{commit or 'source'}-{digest.hexdigest()[:12]}"


def _git(*words: str) -> bytes:
    try:
        done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, check=False)
    except FileNotFoundError:
        return b""
    return done.stdout if done.returncode == 0 else b""


def _all_files() -> Iterator[str]:
    for folder in ("src", "tests", "docs", "bench"):
        for path in (ROOT / folder).rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts:
                yield str(path.relative_to(ROOT))


def read(path: Path) -> Result | None:
    """A result of an earlier run; None where there is none, or only half of one."""
    try:
        return Result(**json.loads(path.read_text()))
    except (FileNotFoundError, ValueError, TypeError):
        return None


def prove(name: str, folder: Path) -> Result:
    """Run one proof to its end. What it prints goes to a log beside the results."""
    began = time.monotonic()
    log = folder / f"{name}.log"
    found = _day(log) if name == DAY else _tests(name, log)
    return Result(**found, seconds=round(time.monotonic() - began, 1))


def _tests(name: str, log: Path) -> dict[str, Any]:
    """All tests of a folder. They are counted from pytest's own report."""
    report = log.with_suffix(".xml")
    report.unlink(missing_ok=True)
    words = ["-m", "pytest", f"tests/{name}", "-m", "prove or not prove", f"--junit-xml={report}", "-q"]
    code = _run([sys.executable, *words], log, os.environ)
    if not report.exists():
        return {"passed": 0, "failed": 1, "skipped": 0, "why": f"pytest ended with {code}: see {log}"}
    suite = ElementTree.parse(report).getroot().find("testsuite")
    assert suite is not None
    count = {key: int(suite.get(key, 0)) for key in ("tests", "failures", "errors", "skipped")}
    failed = count["failures"] + count["errors"] or int(code != 0)
    passed = count["tests"] - count["failures"] - count["errors"] - count["skipped"]
    why = _first_skip(suite) or (f"see {log}" if failed else "")
    return {"passed": passed, "failed": failed, "skipped": count["skipped"], "why": why}


def _first_skip(suite: ElementTree.Element) -> str:
    skipped = suite.find(".//skipped")
    return "" if skipped is None else f"skipped: {skipped.get('message', '')}"


def _day(log: Path) -> dict[str, Any]:
    """A day of the demo in an installation of its own: it must end well, with every invariant held."""
    with tempfile.TemporaryDirectory(prefix="homestretch-prove-", ignore_cleanup_errors=True) as home:
        Path(home).chmod(0o755)  # where we are root, the database's own user must reach its folder
        words = ["-m", "homestretch.wiring.main", "demo", *DAY_ARGUMENTS]
        code = _run([sys.executable, *words], log, {**os.environ, "HOMESTRETCH_HOME": home})
    last = (log.read_text(errors="replace").strip().splitlines() or [""])[-1]
    try:
        held: Mapping[str, str] = json.loads(last)["invariants"]
    except (ValueError, KeyError, TypeError):
        return {"passed": 0, "failed": 1, "skipped": 0, "why": f"the day ended with {code}: see {log}"}
    broken = sorted(name for name, state in held.items() if state != "held")
    failed = len(broken) or int(code != 0)
    why = f"broken: {', '.join(broken)}" if broken else f"see {log}" if failed else ""
    return {"passed": len(held) - len(broken), "failed": failed, "skipped": 0, "why": why}


def _run(command: list[str], log: Path, environment: Mapping[str, str]) -> int:
    """Stdout last, so that a program's closing object is the log's last line."""
    with log.open("wb") as out, tempfile.TemporaryFile() as said:
        done = subprocess.run(command, cwd=ROOT, env=dict(environment), stdout=said, stderr=out, check=False)
        said.seek(0)
        out.write(said.read())
    return done.returncode


def line(name: str, result: Result) -> str:
    """A proof for people."""
    word = "holds" if result.holds else "FAILS"
    more = f"  {result.why}" if result.why else ""
    counts = f"{result.passed:>5} passed {result.failed:>3} failed {result.skipped:>3} skipped"
    return f"{name:<12} {word}  {counts} {result.seconds:>8.1f} s{more}"


def summary(results: Mapping[str, Result], folder: Path) -> dict[str, Any]:
    """Everything in one object."""
    totals = {
        "passed": sum(result.passed for result in results.values()),
        "failed": sum(result.failed for result in results.values()),
        "skips": sum(result.skipped for result in results.values()),
        "seconds": round(sum(result.seconds for result in results.values()), 1),
    }
    each = {name: {**asdict(result), "holds": result.holds} for name, result in results.items()}
    return {"source": folder.name, "proofs": each, **totals, "ok": all(result.holds for result in results.values())}


if __name__ == "__main__":
    sys.exit(main())
