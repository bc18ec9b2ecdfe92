"""The codes, read from the source: wherever a refusal is made, its code, cause and remedy stand as text."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import homestretch
from homestretch.kernel.refusal import Refusal, check_version

KINDS = {  # last word of a code -> the words that stand before it
    "bad_transition": ("route", "stop", "package"),
    "duplicate_id": ("visit", "shift", "dimension"),
    "empty_id": ("visit", "shift", "dimension"),
    "external_id_taken": ("depot", "driver", "merchant", "service_area", "vehicle", "zone"),
    "negative_load": ("visit", "shift", "pair"),
    "not_found": (
        "depot",
        "device",
        "driver",
        "invitation",
        "key",
        "member",
        "merchant",
        "service_area",
        "shift",
        "shift_rule",
        "vehicle",
        "zone",
    ),
    "name_taken": ("service_area", "zone"),
    "too_many": ("service_area", "zone"),
    "unknown_dimension": ("visit", "shift", "pair"),
    "unknown_place": ("visit", "shift"),
}
SOURCE = Path(homestretch.__file__).parent


@dataclass(frozen=True, slots=True, order=True)
class Entry:
    """A code as the page shows it."""

    code: str
    cause: str
    remedy: str

    @property
    def status(self) -> int:
        """The HTTP status that it leaves with."""
        return Refusal(self.code, self.cause).status


def catalogue() -> list[Entry]:
    """Every code once, by name; of several places the one that says most."""
    best: dict[str, Entry] = {}
    for path in sorted(SOURCE.rglob("*.py")):
        for entry in (each for found in _in_file(path) for each in _kinds(found)):
            known = best.get(entry.code)
            if known is None or len(entry.cause) + len(entry.remedy) > len(known.cause) + len(known.remedy):
                best[entry.code] = entry
    return sorted(best.values())


def _in_file(path: Path) -> Iterator[Entry]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield from _in_call(node)


def _in_call(call: ast.Call) -> Iterator[Entry]:
    name = getattr(call.func, "id", getattr(call.func, "attr", ""))
    texts = [_words(argument) for argument in call.args]
    keywords = {word.arg: _words(word.value) for word in call.keywords}
    if name == "not_found" and texts:
        yield Entry(f"{texts[0]}.not_found", f"there is no such {texts[0]}", "check the id")
    elif name == "check_version" and texts and texts[0].isidentifier():
        yield _stale(texts[0])
    elif name in {"Fault", "Breach"} and texts and _is_code(texts[0]):
        yield Entry(texts[0], texts[1] if name == "Fault" else texts[-1], texts[-1] if name == "Fault" else "")
    elif name == "refuse" and len(texts) == 3:  # the readers of files: what, cause, remedy
        yield Entry(f"format.{texts[0]}", texts[1], texts[2])
    elif name == "Refusal" and texts and _is_code(texts[0]):
        yield Entry(texts[0], texts[1] if len(texts) > 1 else "", keywords.get("remedy", ""))


def _kinds(entry: Entry) -> Iterator[Entry]:
    """A code whose first word is given by the caller, once for each word that callers give."""
    if "‹" not in entry.code:
        yield entry
        return
    for kind in KINDS.get(entry.code.rsplit(".", 1)[-1], ()):
        code, cause = (text.replace("‹kind›", kind) for text in (entry.code, entry.cause))
        yield Entry(code, cause, entry.remedy)


def _stale(kind: str) -> Entry:
    try:
        check_version(kind, 0, 1)
    except Refusal as refusal:
        return Entry(refusal.code, refusal.cause, refusal.remedy)
    raise AssertionError(kind)


def _is_code(text: str) -> bool:
    return "." in text and " " not in text


def _words(node: ast.expr) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(_words(value) for value in node.values)
    if isinstance(node, ast.FormattedValue):
        return f"‹{ast.unparse(node.value).split('(')[0].rsplit('.', 1)[-1].strip('!')}›"
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return _words(node.left) + _words(node.right)
    if isinstance(node, ast.IfExp):
        return f"{_words(node.body)} / {_words(node.orelse)}"
    return f"‹{ast.unparse(node).split('(')[0].rsplit('.', 1)[-1]}›"
