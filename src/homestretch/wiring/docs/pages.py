"""Each reference page as text. Django is set up; the database is not needed."""

from __future__ import annotations

import importlib
import inspect
import json
from collections.abc import Callable
from dataclasses import fields
from typing import Any

from homestretch.kernel.facts import all_facts
from homestretch.wiring.docs.refusals import catalogue
from homestretch.wiring.main import COMMANDS
from homestretch.wiring.options import OPTIONS

MADE = "*This page is made from the code by `make docs`; a test fails when it is old.*\n"


def pages() -> dict[str, str]:
    """File name to text."""
    made: dict[str, Callable[[], str]] = {
        "events.md": events,
        "refusals.md": refusals,
        "measures.md": measures,
        "api.md": api,
        "settings.md": settings,
        "commands.md": commands,
        "states.md": states,
        "openapi.json": openapi,
    }
    return {name: make() for name, make in made.items()}


def events() -> str:
    """The catalogue of events."""
    from homestretch.wiring.subscriptions import SUBSCRIPTIONS

    lines = [
        "# Events",
        "",
        MADE,
        "Each event is a fact, written once and kept for ever. A webhook's body is the event, in CloudEvents' words.",
        "`data` holds ids, never names or addresses. *Heard by* says which part of the system acts on it.",
        "",
    ]
    aggregate = ""
    for fact in all_facts():
        if not fact.__module__.startswith("homestretch."):
            continue
        head = fact.type.split(".", 1)[0]
        if head != aggregate:
            lines += [f"## {head}", "", "| type | means | data | heard by |", "|---|---|---|---|"]
            aggregate = head
        heard = ", ".join(f"`{listener.name}`" for listener in SUBSCRIPTIONS.get(fact, [])) or "–"
        data = ", ".join(f"`{field.name}`" for field in fields(fact))
        lines.append(f"| `{fact.type}` | {_cell(fact.__doc__)} | {data} | {heard} |")
    return _text(_spaced(lines))


def refusals() -> str:
    """Every code with cause and remedy."""
    lines = [
        "# Refusals",
        "",
        MADE,
        "What a rule refuses comes with a stable code, a cause and a remedy: in the API as `application/problem+json`,",
        "in a file's refusals by row, on the command line as one line. Words in ‹angles› stand for what was given.",
        "",
        "| code | HTTP | cause | remedy |",
        "|---|---|---|---|",
    ]
    for entry in catalogue():
        anchor = f'<a id="{entry.code}"></a>`{entry.code}`'
        lines.append(f"| {anchor} | {entry.status} | {_cell(entry.cause)} | {_cell(entry.remedy)} |")
    return _text(lines)


def measures() -> str:
    """Each measure and its definition."""
    from homestretch.insights.calibration import CALIBRATION
    from homestretch.insights.measures import MEASURES

    lines = [
        "# Measures",
        "",
        MADE,
        "`GET /api/v1/measures?first=...&last=...` answers them for a span of days, the last two"
        " `GET /api/v1/measures/calibration?first=...&last=...`.",
        "",
    ]
    for function in (*MEASURES, *CALIBRATION):
        lines += [f"## {function.__name__}", "", " ".join((inspect.getdoc(function) or "").split()), ""]
    return _text(lines)


def api() -> str:
    """Every operation: method, path, who may enter, what it does."""
    from homestretch.wiring.routers import api as document

    schema = document.get_openapi_schema()
    lines = [
        "# API",
        "",
        MADE,
        "The whole document, with every schema: `GET /api/v1/openapi.json` (OpenAPI 3.1). See [the guide](../api.md).",
        "",
        "| operation | | does |",
        "|---|---|---|",
    ]
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            if isinstance(operation, dict) and "operationId" in operation:
                does = operation.get("description") or operation.get("summary", "")
                lines.append(f"| `{method.upper()} {path}` | `{operation['operationId']}` | {_cell(does)} |")
    return _text(lines)


def openapi() -> str:
    """The OpenAPI document, of which the pages' TypeScript types are made (`frontend/types/make.mjs`)."""
    from homestretch.web.wire import plain
    from homestretch.wiring.routers import api as document

    return json.dumps(plain(document.get_openapi_schema()), indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def settings() -> str:
    """Every setting."""
    lines = ["# Settings", "", MADE, "Environment variables.", "", "| name | takes | default | |", "|---|---|---|---|"]
    for option in OPTIONS:
        default = f"`{option.default}`" if option.default else "–"
        secret = " **Secret.**" if option.secret else ""
        lines.append(f"| `{option.name}` | {_cell(option.kind)} | {default} | {_cell(option.help)}{secret} |")
    return _text(lines)


def commands() -> str:
    """Every command of the console script."""
    lines = ["# Commands", "", MADE, "Each takes `--json` and `--help`.", "", "| command | does |", "|---|---|"]
    for name, module in COMMANDS.items():
        lines.append(f"| `homestretch {name}` | {_cell(importlib.import_module(module).HELP)} |")
    return _text(lines)


def states() -> str:
    """The automata, drawn from their tables."""
    from homestretch.dispatch.rules import automata
    from homestretch.orders.rules import states as orders
    from homestretch.plans import rules as plans
    from homestretch.recovery.rules import offering, proposing

    tables = {"Order": orders.STATES, "Stop": automata.STOP, "Route": automata.ROUTE, "Plan": plans.STATES}
    tables |= {"Proposal": proposing.PROPOSAL, "Offer": offering.OFFER}
    lines = ["# States", "", MADE]
    for name, table in tables.items():
        lines += ["", f"## {name}", "", "```mermaid", "stateDiagram-v2"]
        lines += [f"    {state} --> {to}" for state, following in table.items() for to in sorted(following)]
        lines += ["```"]
    return _text(lines)


def _spaced(lines: list[str]) -> list[str]:
    spaced: list[str] = []
    for line in lines:
        if line.startswith("## ") and spaced and spaced[-1]:
            spaced.append("")
        spaced.append(line)
    return spaced


def _cell(text: Any) -> str:
    return " ".join(str(text or "").split()).replace("|", "\\|")


def _text(lines: list[str]) -> str:
    return "\n".join(lines).rstrip() + "\n"
