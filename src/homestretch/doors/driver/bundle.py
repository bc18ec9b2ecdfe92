"""What the driver's app consists of: the files that a phone keeps, each by the hash of its bytes."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.templatetags.static import static

ENTRY, WORKER = "driver/main.tsx", "driver/worker.ts"
BUILT = "web/built"
ICONS = ("driver/icon.svg", "driver/icon-192.png", "driver/icon-512.png")


@dataclass(frozen=True, slots=True)
class Bundle:
    """The app's script, its style sheets, all files as (address, integrity), and the worker's source."""

    script: str
    styles: tuple[str, ...]
    files: tuple[tuple[str, str], ...]
    worker: str

    @property
    def version(self) -> str:
        """Of all files together and the worker: another one is another app."""
        told = json.dumps([self.files, self.worker])
        return hashlib.sha256(told.encode()).hexdigest()[:16]


def bundle() -> Bundle | None:
    """The built app; None where the frontend was not built."""
    found = finders.find(f"{BUILT}/manifest.json")
    if not isinstance(found, str):
        return None
    return _read(Path(found), Path(found).stat().st_mtime_ns)


@lru_cache(maxsize=2)
def _read(manifest: Path, changed_at: int) -> Bundle | None:  # a new build is read again
    chunks = json.loads(manifest.read_text())
    if ENTRY not in chunks or WORKER not in chunks:
        return None
    names = sorted(_needed(chunks, ENTRY))
    styles = tuple(static(f"{BUILT}/{name}") for name in names if name.endswith(".css"))
    files = [(static(f"{BUILT}/{name}"), integrity(manifest.parent / name)) for name in names]
    files += [(static(name), integrity(Path(str(finders.find(name))))) for name in ICONS]
    return Bundle(
        script=static(f"{BUILT}/{chunks[ENTRY]['file']}"),
        styles=styles,
        files=tuple(files),
        worker=(manifest.parent / chunks[WORKER]["file"]).read_text(),
    )


def _needed(chunks: Mapping[str, Any], entry: str) -> set[str]:
    """Files of an entry and of all that it imports, now or later: the scanner must be there without a network."""
    seen: set[str] = set()
    waiting, files = [entry], set()
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        chunk = chunks[name]
        files |= {chunk["file"], *_all(chunk, "css"), *_all(chunk, "assets")}
        waiting += [*_all(chunk, "imports"), *_all(chunk, "dynamicImports")]
    return files


def _all(chunk: Mapping[str, Any], what: str) -> Iterable[str]:
    return chunk.get(what, ())


def integrity(file: Path) -> str:
    """As `fetch` takes it: a phone keeps no half-deployed mixture of two builds."""
    digest = hashlib.sha256(file.read_bytes()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"
