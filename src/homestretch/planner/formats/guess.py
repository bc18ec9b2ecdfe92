"""Which format a file is in, and reading it."""

import json
from collections.abc import Mapping
from typing import Any

from homestretch.kernel.refusal import Refusal
from homestretch.planner.formats import lilim, solomon, vrplib
from homestretch.planner.formats.instance import Instance
from homestretch.planner.formats.text import decoded, refuse
from homestretch.planner.problem import Problem
from homestretch.planner.wire import WireError, problem_from_json


def read(data: bytes) -> Instance | Problem:
    """A benchmark file as an `Instance`, our JSON as a `Problem`. Refuses `format.*` and `wire.*`."""
    text = decoded(data)
    if text.lstrip()[:1] == "{":
        return _problem(text)
    head = [raw.strip() for raw in text.split("\n")[:60] if raw.strip()]
    if any(_is_vrplib(raw) for raw in head):
        return vrplib.read(text)
    if any(raw.upper().split()[0] == "VEHICLE" for raw in head):
        return solomon.read(text)
    if 2 <= len(head[0].split()) <= 3 and all(token.lstrip("-").isdigit() for token in head[0].split()):
        return lilim.read(text)
    raise refuse("unknown", "the format was not recognized", "give Solomon, VRPLIB, Li & Lim or our JSON", line=1)


def parsed_json(text: str) -> Mapping[str, Any]:
    """A JSON object. Refuses `format.json` with the line, also for NaN and nesting too deep."""
    try:
        body = json.loads(text, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        raise refuse("json", error.msg, "repair the JSON", line=error.lineno) from error
    except (RecursionError, ValueError) as error:
        raise refuse("json", str(error)[:200], "write plain numbers and few levels") from error
    if not isinstance(body, dict):
        raise refuse("json", "an object is expected", "begin the file with {", line=1)
    return body


def wire_refusal(error: WireError) -> Refusal:
    """What the reader of our own JSON says, as a refusal."""
    return Refusal(error.code, str(error), remedy="compare with the documented format", field=error.where)


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is no number in JSON")


def _problem(text: str) -> Problem:
    try:
        return problem_from_json(parsed_json(text))
    except WireError as error:
        raise wire_refusal(error) from error


def _is_vrplib(raw: str) -> bool:
    word, colon, _ = raw.partition(":")
    return raw.upper().endswith("_SECTION") or (bool(colon) and word.strip().upper() in vrplib.HEADERS)
