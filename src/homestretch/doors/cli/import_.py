"""`homestretch import FILE`: a file of orders into the database, here and now, with no worker needed."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from homestretch.doors.cli.whose import organization_named
from homestretch.kernel.actor import Actor, system
from homestretch.kernel.refusal import Refusal

NAME = "import"
HELP = "take in a file of orders (CSV or XLSX)"
DONE, SOME_REFUSED = 0, 1
SHOWN = 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", type=Path, help="CSV (any usual encoding and delimiter) or XLSX")
    parser.add_argument(
        "--mapping", metavar="FIELD=COLUMN", action="append", default=[], help="what a column means, over the guess"
    )
    parser.add_argument("--dry-run", action="store_true", help="say what would be refused; change nothing")
    parser.add_argument("--organization", metavar="SLUG", default="", help="whose orders (default: the only one)")
    parser.add_argument("--day", type=date.fromisoformat, help="of rows that name none: 2026-11-23")
    parser.add_argument("--zone", default="", help="of local times, such as Europe/Berlin")
    parser.add_argument("--country", default="", help="of phone numbers and dates, such as DE")


def run(args: argparse.Namespace) -> int:
    """Import. Exit code 1 when rows were refused. JSON: `{"import_id", "state", "rows", "accepted", "repeated",
    "refused", "mapping", "refusals": [{row, column, value, code, remedy}], "seconds"}`, at most 1,000 refusals."""
    from homestretch.events.clock import now
    from homestretch.orders import actions
    from homestretch.orders.intake import receive_file
    from homestretch.orders.jobs import work_through
    from homestretch.orders.values import ImportSettings

    began = time.monotonic()
    by = system(organization_named(args.organization))
    received = receive_file(args.file.name, _read(args.file), by=by, at=now())
    mapping = mapped(received.guess, args.mapping)
    settings = ImportSettings(mapping, args.day, args.zone, args.country)
    ask, state = (actions.check_import, "checking") if args.dry_run else (actions.run_import, "running")
    ask(received.id, settings, queued=False, by=by, at=now())
    work_through(by.organization_id, received.id, state, watch=_watch())
    answer = {**_answer(by, received.id), "seconds": round(time.monotonic() - began, 1)}
    _say(answer, as_json=args.json)
    return SOME_REFUSED if answer["refused"] or answer["state"] == "failed" else DONE


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Refusal("file.unreadable", f"{path}: {error.strerror}", remedy="give a file that can be read") from error


def mapped(guess: list[dict[str, Any]], words: list[str]) -> dict[str, str]:
    """The guess, with `FIELD=COLUMN` words over it; `FIELD=` leaves a field out. Refuses `import.mapping_malformed`."""
    mapping = {row["field"]: row["column"] for row in guess}
    for word in words:
        field, sign, column = word.partition("=")
        if not sign or not field:
            raise Refusal("import.mapping_malformed", f"{word!r}", remedy="write --mapping lat=Breite", field="mapping")
        mapping = {name: other for name, other in mapping.items() if other != column and name != field}
        if column:
            mapping[field] = column
    return mapping


def _watch() -> Callable[[Any], None]:
    """Progress, where somebody watches."""
    if not sys.stderr.isatty():
        return lambda _: None
    return lambda row: print(f"\r{row.done} of {row.rows} rows, {row.refused} refused", end="", file=sys.stderr)


def _answer(by: Actor, import_id: UUID) -> dict[str, Any]:
    from homestretch.events.scope import scope
    from homestretch.orders import queries

    with scope(by):
        row = queries.get_import(import_id)
        refused = queries.import_refusals(import_id).order_by("row")[:1000]
        refusals = list(refused.values("row", "column", "value", "code", "remedy"))
    names = ("state", "failure", "rows", "accepted", "repeated", "refused", "mapping")
    return {"import_id": str(row.id), **{name: getattr(row, name) for name in names}, "refusals": refusals}


def _say(answer: dict[str, Any], *, as_json: bool) -> None:
    if sys.stderr.isatty():
        print(file=sys.stderr)
    if as_json:
        print(json.dumps(answer, ensure_ascii=False))
        return
    for refusal in answer["refusals"][:SHOWN]:
        where = f"row {refusal['row']}" + (f", {refusal['column']}" if refusal["column"] else "")
        print(f"{where}: {refusal['code']} {refusal['value']!r}. {refusal['remedy']}", file=sys.stderr)
    if answer["refused"] > SHOWN:
        print(f"... and {answer['refused'] - SHOWN} more: --json shows them", file=sys.stderr)
    counts = f"{answer['accepted']} taken, {answer['repeated']} known already, {answer['refused']} refused"
    print(f"{answer['state']}: {counts}, of {answer['rows']} rows, in {answer['seconds']} s")
