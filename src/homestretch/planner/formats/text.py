"""Reading text files that anybody may have written: every mistake is a `Refusal` that names its line."""

import re
from collections.abc import Sequence
from typing import Any

from homestretch.kernel.refusal import Refusal

Number = int | float

MAX_NUMBER = 10**9
"""Coordinates, times and matrix entries beyond this are refused: scaled and summed they must stay in 64 bits."""

MAX_NODES = 100_000

_WHOLE = re.compile(r"[+-]?[0-9]{1,18}", re.ASCII)
_DECIMAL = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?", re.ASCII)


def refuse(what: str, cause: str, remedy: str, *, line: int | None = None) -> Refusal:
    """A `format.*` refusal to raise; `line` counts from 1 as editors do."""
    at = f"line {line}: " if line else ""
    details: dict[str, Any] = {} if line is None else {"line": line}
    return Refusal(f"format.{what}", f"{at}{cause}", remedy=remedy, **details)


def decoded(data: bytes) -> str:
    """The text of a file. Refuses `format.empty` and `format.binary`."""
    if not data.strip():
        raise refuse("empty", "the file is empty", "give a Solomon, VRPLIB, Li & Lim or Homestretch JSON file")
    if b"\x00" in data:
        line = data[: data.index(b"\x00")].count(b"\n") + 1
        raise refuse("binary", "the file is not text", "unpack it first, if it is an archive", line=line)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")  # older benchmark files have accents in their comments


def number(token: str, line: int, what: str) -> Number:
    """A finite number, whole where it is written so. Refuses `format.number` and `format.number_too_large`."""
    shown = token[:30]
    if _WHOLE.fullmatch(token):
        value: Number = int(token)
    elif _DECIMAL.fullmatch(token) and len(token) <= 40:
        value = float(token)
        if value.is_integer() and abs(value) <= MAX_NUMBER:
            value = int(value)
    else:
        raise refuse("number", f"{what} is {shown!r}, not a number", "write a plain decimal number", line=line)
    if abs(value) > MAX_NUMBER:
        raise refuse("number_too_large", f"{what} is {shown}", f"stay within {MAX_NUMBER}", line=line)
    return value


def whole(token: str, line: int, what: str) -> int:
    """A whole number. Refuses `format.not_whole` besides what `number` refuses."""
    value = number(token, line, what)
    if not isinstance(value, int):
        raise refuse("not_whole", f"{what} is {token[:30]}", "write a whole number", line=line)
    return value


def at_least_zero(value: int, line: int, what: str) -> int:
    """`value`. Refuses `format.negative`."""
    if value < 0:
        raise refuse("negative", f"{what} is {value}", "give 0 or more", line=line)
    return value


def columns(text: str, start: int, wanted: int) -> list[tuple[int, list[str]]]:
    """(line, tokens) of each line from line `start` on that is not blank. Refuses `format.truncated` for short ones."""
    rows = []
    for line, raw in enumerate(text.split("\n"), 1):
        tokens = raw.split()
        if line < start or not tokens:
            continue
        if len(tokens) < wanted:
            cause = f"{len(tokens)} columns where {wanted} are needed"
            raise refuse("truncated", cause, "complete the line; the file may have been cut", line=line)
        rows.append((line, tokens))
    return rows


def read_window(tokens: Sequence[str], line: int) -> tuple[Number, Number]:
    """[earliest, latest] begin of service. Refuses `format.window_reversed`."""
    ready, due = (number(token, line, "a time window") for token in tokens)
    if due < ready:
        raise refuse("window_reversed", f"the window [{ready}, {due}] ends before it starts", "swap the two", line=line)
    return ready, due
