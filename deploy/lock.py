"""Write `deploy/requirements.lock`: of the project's lock what the server needs, for the image has no use for the rest.

Run in `.venv`, whose packages say what needs what: `.venv/bin/python deploy/lock.py`. A test compares.
"""

from __future__ import annotations

import re
from importlib.metadata import requires
from pathlib import Path

from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "deploy" / "requirements.lock"


def needed(name: str = "homestretch", extra: str = "server") -> set[str]:
    """Names of all packages that a package with this extra stands on, itself left out."""
    found: dict[str, set[str]] = {}
    waiting = [(canonicalize_name(name), {extra})]
    while waiting:
        package, extras = waiting.pop()
        if extras <= found.get(package, set()):
            continue
        found[package] = found.get(package, set()) | extras
        for requirement in map(Requirement, requires(package) or []):
            if _holds(requirement.marker, extras):
                waiting.append((canonicalize_name(requirement.name), {*requirement.extras, ""}))
    return set(found) - {canonicalize_name(name)}


def _holds(marker: Marker | None, extras: set[str]) -> bool:
    return marker is None or any(marker.evaluate({"extra": extra}) for extra in extras)


def text() -> str:
    """The lock of the image: those blocks of the whole one, unchanged."""
    blocks = re.split(r"\n(?=[a-z0-9])", (ROOT / "requirements.lock").read_text())
    names = needed()
    kept = [block.rstrip() for block in blocks if canonicalize_name(re.match(r"[\w.-]*", block)[0]) in names]  # type: ignore[index]
    return "\n".join(kept) + "\n"


if __name__ == "__main__":
    TARGET.write_text(text())
