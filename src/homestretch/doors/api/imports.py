"""Files of orders by API: sent, mapped, checked, run, undone; progress and refusals can be read meanwhile."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema, Status
from pydantic import Field

from homestretch.doors.api.ordering import Given
from homestretch.events.clock import now
from homestretch.events.scope import scope
from homestretch.fleet import queries as fleet
from homestretch.orders import actions, queries
from homestretch.orders.intake import receive_file
from homestretch.orders.values import ImportSettings
from homestretch.web.csv import table
from homestretch.web.entry import READ, WRITE
from homestretch.web.once import once_of
from homestretch.web.pages import Page, PageQuery, page
from homestretch.web.schemas import Word

router = Router(tags=["imports"])
REFUSALS_IN_CSV = 100_000
FILE_BODY = {
    "requestBody": {
        "required": True,
        "description": "The file itself: CSV (any usual encoding and delimiter) or XLSX.",
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}


class ImportQuery(Schema):
    """The file's name."""

    filename: str = Field("orders.csv", min_length=1, max_length=200, examples=["orders.csv"])


class GuessOut(Schema):
    """A column that probably means a field."""

    field: str
    column: str
    confidence: float = Field(description="0 to 1.")


class ImportIn(Given):
    """How the file is to be read."""

    mapping: dict[Word, Word] = Field(
        default_factory=dict,
        max_length=100,
        description="Our field to the file's column; none: as guessed.",
        examples=[{"lat": "Breite"}],
    )
    day: date | None = Field(None, description="Of rows that name none.")
    zone: str = Field("", max_length=60, description="Of local times; none: the organization's.")
    country: str = Field("", max_length=2, pattern="^([A-Z]{2})?$", description="Of phones and dates, ISO 3166-1.")
    depot_id: UUID | None = Field(None, description="Where the goods are.")


class WarningOut(Schema):
    """Rows for a day on which nothing is delivered: no plan of that day serves them."""

    code: str = Field(description="import.blackout.")
    day: date
    reason: str
    rows: int


class ImportOut(Schema):
    """A file, and how far it is."""

    id: UUID
    filename: str
    format: str = Field(description="csv or xlsx.")
    columns: list[str]
    guess: list[GuessOut]
    mapping: dict[str, str]
    state: str = Field(description="received, checking, checked, running, completed, failed, undoing or undone.")
    failure: str = Field(description="The code of what stopped it.")
    rows: int
    done: int = Field(description="Rows behind us.")
    accepted: int
    repeated: int = Field(description="Known by their external id: left as they are.")
    refused: int
    warnings: list[WarningOut] = Field(description="Of rows that are taken all the same.")
    withdrawn: int = Field(description="Orders that an undoing called off.")
    kept: int = Field(description="Orders that an undoing left: on a route, or tried.")
    created_at: datetime
    finished_at: datetime | None


class ImportRefusalOut(Schema):
    """A row that was not taken. Rows are counted as in the file: the headings are row 1."""

    row: int
    column: str
    value: str
    code: str
    remedy: str


def _out(row: Any) -> ImportOut:
    return ImportOut(**{name: getattr(row, name) for name in ImportOut.model_fields})


def _refusal(row: Any) -> ImportRefusalOut:
    return ImportRefusalOut(**{name: getattr(row, name) for name in ImportRefusalOut.model_fields})


@router.get("", auth=READ("orders", merchant=True), response=Page[ImportOut])
def list_imports(request: HttpRequest, part: Query[PageQuery]) -> Any:
    """Imports, newest first."""
    with scope(request.auth):
        return page(queries.imports(), part.cursor, part.limit, descending=True, show=_out)


@router.post("", auth=WRITE("orders", merchant=True), response={201: ImportOut}, openapi_extra=FILE_BODY)
def send_import(request: HttpRequest, file: Query[ImportQuery]) -> Any:
    """Send a file. It is read to its end and kept; nothing is taken from it yet.

    Refuses `import.unreadable`, `import.format_unsupported`, `import.empty`, `import.too_many_rows`.
    """
    once = once_of(request, "send_import", _out)
    return Status(201, _out(receive_file(file.filename, request.body, by=request.auth, at=now(), once=once)))


@router.get("/{import_id}", auth=READ("orders", merchant=True), response=ImportOut)
def get_import(request: HttpRequest, import_id: UUID) -> Any:
    """One import, and how far it is."""
    with scope(request.auth):
        return _out(queries.get_import(import_id))


@router.post("/{import_id}/check", auth=WRITE("orders", merchant=True), response={202: ImportOut})
def check_import(request: HttpRequest, import_id: UUID, data: ImportIn) -> Any:
    """Try the file: the same refusals as a run, and no effect. Read the import until it is `checked`."""
    once = once_of(request, "check_import", _out, status=202)
    settings = _settings(request, data)
    row = actions.check_import(import_id, settings, by=request.auth, at=now(), once=once)
    return Status(202, _out(row))


@router.post("/{import_id}/run", auth=WRITE("orders", merchant=True), response={202: ImportOut})
def run_import(request: HttpRequest, import_id: UUID, data: ImportIn) -> Any:
    """Take the file in. With an empty body it is read as it was checked. Read the import until it is `completed`."""
    once = once_of(request, "run_import", _out, status=202)
    settings = _settings(request, data) if data.model_fields_set else None
    row = actions.run_import(import_id, settings, by=request.auth, at=now(), once=once)
    return Status(202, _out(row))


def _settings(request: HttpRequest, data: ImportIn) -> ImportSettings:
    if data.depot_id is not None:
        with scope(request.auth):
            fleet.depot(data.depot_id)
    return ImportSettings(**data.model_dump())


@router.post("/{import_id}/undo", auth=WRITE("orders", merchant=True), response={202: ImportOut})
def undo_import(request: HttpRequest, import_id: UUID) -> Any:
    """Call off the file's orders that are on no route and were never tried; the others are counted as `kept`."""
    once = once_of(request, "undo_import", _out, status=202)
    row = actions.undo_import(import_id, by=request.auth, at=now(), once=once)
    return Status(202, _out(row))


@router.get("/{import_id}/refusals", auth=READ("orders", merchant=True), response=Page[ImportRefusalOut])
def list_import_refusals(request: HttpRequest, import_id: UUID, part: Query[PageQuery]) -> Any:
    """The rows that were not taken, in the file's order."""
    with scope(request.auth):
        queries.get_import(import_id)
        rows = queries.import_refusals(import_id)
        return page(rows, part.cursor, part.limit, key=("row", "id"), show=_refusal)


@router.get("/{import_id}/refusals.csv", auth=READ("orders", merchant=True), response={200: None})
def export_import_refusals(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """The same as CSV. A cell that a spreadsheet would compute is quoted."""
    names = list(ImportRefusalOut.model_fields)
    with scope(request.auth):
        queries.get_import(import_id)
        refused = queries.import_refusals(import_id).order_by("row", "id")[:REFUSALS_IN_CSV]
        return table(f"refusals-{import_id}.csv", names, ([getattr(row, name) for name in names] for row in refused))
