"""One word for one thing: what other systems say stays out of our names, and nothing points outside of the project."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# Not ours -> ours. Only words that have no second meaning here: `task`, `client`, `hub` and `worker` have one.
OTHERS = {
    "customer": "recipient",
    "consignee": "recipient",
    "courier": "driver",
    "parcel": "package",
    "shipment": "task",
    "consignment": "order",
    "waypoint": "stop",
    "itinerary": "route",
    "lng": "lon",
    "latlng": "lat, lon",
    "latitude": "lat",
    "longitude": "lon",
    "organisation": "organization",
    "neighbour": "neighbor",
    "colour": "color",
    "warehouse": "depot",
    "geozone": "zone",
    "unserved": "unassigned",
}
# The files of others have their own words; they stay where these are read.
BORROWED = {"formats", "simulation"}

_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")


def _sources() -> list[Path]:
    return [file for file in (ROOT / "src").glob("**/*.py") if "migrations" not in file.parts]


def _defined(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Names that a file gives: functions, classes, arguments, variables, fields."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.lineno, node.name
        elif isinstance(node, ast.arg):
            yield node.lineno, node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.id


def _words(name: str) -> set[str]:
    words = {word.lower() for word in _WORD.findall(name)}
    return words | {word.removesuffix("s") for word in words}


def test_names_are_in_our_words():
    found = [
        f"{file.relative_to(ROOT)}:{line} {name} -> {OTHERS[word]}"
        for file in _sources()
        if not BORROWED & {part.removesuffix(".py") for part in file.parts}
        for line, name in _defined(ast.parse(file.read_text()))
        for word in _words(name) & OTHERS.keys()
    ]
    assert found == []


# Written in halves, so that this file is not what it looks for.
UNWANTED = {
    "unfinished work": r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X)\b",
    "a path of one machine": r"/wor" + r"k/|/roo" + r"t/|/hom" + r"e/[a-z]",
    "a switched-off check without a code": r"# no" + r"qa\s*$|type: igno" + r"re\s*$",
}
TEXTS = {".py", ".pyi", ".md", ".html", ".ts", ".tsx", ".cpp", ".hpp", ".txt", ".toml", ".yaml", ".yml", ""}


@pytest.mark.parametrize("what", UNWANTED)
def test_no_file_holds(what):
    pattern = re.compile(UNWANTED[what], re.MULTILINE)
    folders = ("src", "search", "tests", "docs", "bench", "examples", "deploy", ".ci")
    files = [file for folder in folders for file in (ROOT / folder).glob("**/*") if file.is_file()]
    texts = [file for file in files if file.suffix in TEXTS]
    found = [
        f"{file.relative_to(ROOT)}: {match.group(0)}"
        for file in texts
        for match in pattern.finditer(file.read_text(errors="replace"))
    ]
    assert found == []


@pytest.mark.parametrize(
    ("name", "words"), [("CustomerName", "customer"), ("drop_latLng", "lng"), ("parcels", "parcel")]
)
def test_a_word_is_found_inside_a_name(name, words):
    assert words in _words(name)
