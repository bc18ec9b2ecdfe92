"""Files of orders: received, checked without effect, run in chunks, undone. Never one long transaction.

The slow part is a job: `begin_import` claims the import with a fence, `take_rows` takes a chunk and moves it on,
`finish_import` ends it. A job that was rescued goes on behind the last chunk; one that comes back finds its fence gone.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from homestretch.accounts import queries as accounts
from homestretch.events.action import action
from homestretch.events.later import later
from homestretch.events.log import record, record_all
from homestretch.kernel.actor import Actor
from homestretch.kernel.facts import plain
from homestretch.kernel.ids import uuid7
from homestretch.kernel.refusal import Refusal, not_found
from homestretch.kernel.windows import read_zone
from homestretch.orders.actions.create import create_orders, owner_of, taken
from homestretch.orders.actions.promises import settle_cancelled
from homestretch.orders.events import ImportCompleted, ImportUndone, OrderCancelled
from homestretch.orders.models import Import, ImportRefusal, Order, Task
from homestretch.orders.rules import step
from homestretch.orders.rules.blackouts import concerns, warned
from homestretch.orders.rules.columns import read_mapping
from homestretch.orders.rules.rows import Layout, RowRefusal, read_row
from homestretch.orders.rules.sheets import Row
from homestretch.orders.values import Claim, ImportFile, ImportSettings, OrderData, Reading, Seen
from homestretch.places import queries as places

CHUNK = 500
UNDONE = "import undone"  # why its orders are called off
ASK_AGAIN = timedelta(minutes=1)  # whether an import that is to be forgotten has come to its end
REPEATED = RowRefusal(0, "", "", "import.row_repeated", "the file names this order twice: keep one of the two rows")
WITHDRAWABLE = ("draft", "staged", "ready", "held")


class FenceLostError(Exception):
    """Another job has taken this import over: what this one holds is stale."""


@action
def receive_import(file: ImportFile, *, by: Actor, at: datetime) -> Import:
    """Note a file that was read and stored. Nothing is taken from it yet."""
    received = Import(
        filename=file.filename[-200:],
        sha256=bytes.fromhex(file.sha256),
        format=file.format,
        columns=list(file.columns),
        guess=[dict(row) for row in file.guess],
        state="received",
        rows=file.rows,
        merchant_id=by.merchant_id,
        created_at=at,
    )
    received.save(force_insert=True)
    return received


@action
def check_import(import_id: UUID, settings: ImportSettings, *, queued: bool = True, by: Actor, at: datetime) -> Import:
    """Ask for a dry run: the refusals of a run, with no effect. Refuses `import.state_conflict` and bad settings.

    `queued` False: the caller works through it, and no job is asked for.
    """
    return _ask(import_id, settings, "checking", by, queued=queued)


@action
def run_import(
    import_id: UUID, settings: ImportSettings | None, *, queued: bool = True, by: Actor, at: datetime
) -> Import:
    """Ask for the run. Without settings those of the check hold. Refuses `import.state_conflict` and bad settings.

    `queued` False: the caller works through it, and no job is asked for.
    """
    return _ask(import_id, settings, "running", by, queued=queued)


def _ask(import_id: UUID, settings: ImportSettings | None, state: str, by: Actor, *, queued: bool) -> Import:
    row = _locked(import_id)
    if row.state not in ("received", "checked", "failed"):
        raise _conflict(row, "read it, or send the file again")
    if row.state == "failed" and row.done and state == "checking":
        raise _conflict(row, "run it again: a part of it is in already")
    if settings is not None and not row.done_in_part:
        row.mapping, row.defaults = _read_settings(row, settings)
    elif not row.mapping:
        row.mapping, row.defaults = _read_settings(row, ImportSettings())
    row.state, row.failure, row.fence = state, "", None
    if not row.done_in_part:
        row.clear_counts()
        ImportRefusal.objects.filter(source=row).delete()
    row.save()
    if queued:
        job = "orders.run_import" if state == "running" else "orders.check_import"
        later(job, by.organization_id, import_id=row.id)
    return row


def _read_settings(row: Import, settings: ImportSettings) -> tuple[dict[str, str], dict[str, Any]]:
    guessed = {guess["field"]: guess["column"] for guess in row.guess}
    mapping = read_mapping(dict(settings.mapping) or guessed, row.columns)
    if settings.zone:
        read_zone(settings.zone, field="zone")
    defaults = {name: getattr(settings, name) for name in ("day", "zone", "country", "depot_id")}
    return mapping, {name: plain(value) for name, value in defaults.items() if value}


def _locked(import_id: UUID) -> Import:
    row = Import.objects.select_for_update().filter(id=import_id).first()
    if row is None:
        raise not_found("import", import_id)
    return row


def _conflict(row: Import, remedy: str) -> Refusal:
    return Refusal("import.state_conflict", f"the import is {row.state}", remedy=remedy, state=row.state)


@action
def begin_import(import_id: UUID, state: str, *, by: Actor, at: datetime) -> Claim | None:
    """Claim an import that waits in `state` or that a lost job left in it. None when it is no longer so."""
    row = _locked(import_id)
    if row.state != state:
        return None
    if state == "checking":  # without effect, so it may begin anew: what was seen of the file is gone with the job
        row.clear_counts()
        ImportRefusal.objects.filter(source=row).delete()
    row.fence = uuid7()
    row.save()
    sha256 = bytes(row.sha256).hex()
    return Claim(row.id, row.fence, state, sha256, row.format, row.done, row.merchant_id)


def _held(claim: Claim) -> Import:
    row = _locked(claim.import_id)
    if row.fence != claim.fence or row.state != claim.state:
        raise FenceLostError(str(claim.import_id))
    return row


def layout_of(row: Import) -> Layout:
    """How an import's rows are read: its mapping and defaults, else the organization's."""
    organization = accounts.organization()
    day = row.defaults.get("day")
    reading = Reading(
        ZoneInfo(row.defaults.get("zone") or organization.zone),
        row.defaults.get("country") or organization.country,
        date.fromisoformat(day) if day else None,
    )
    merchants: dict[str, UUID] = {}
    for merchant in accounts.merchants() if "merchant" in row.mapping else ():
        merchants[merchant.name.casefold()] = merchant.id
        if merchant.external_id:
            merchants[merchant.external_id] = merchant.id
    depot_id = row.defaults.get("depot_id")
    return Layout(tuple(row.columns), row.mapping, reading, UUID(depot_id) if depot_id else None, merchants)


@action
def take_rows(claim: Claim, rows: Sequence[Row], seen: Seen, *, by: Actor, at: datetime) -> Import:
    """Take a chunk: orders for the good rows (none in a dry run), refusals for the bad, and the import moved on.

    Raises `FenceLostError` when another job holds the import.
    """
    row = _held(claim)
    layout = layout_of(row)
    good, refusals, repeated = _sorted_out(row, [(r, read_row(r, layout)) for r in rows], seen, by)
    if claim.state == "running":
        create_orders(good, by=by, at=at, source_id=row.id)
    ImportRefusal.objects.bulk_create(
        ImportRefusal(source=row, row=r.row, column=r.column, value=r.value, code=r.code, remedy=r.remedy)
        for r in refusals
    )
    row.warnings = warned(row.warnings, _blacked_out(good))
    row.done += len(rows)
    row.accepted += len(good)
    row.repeated += repeated
    row.refused += len(refusals)
    row.save()
    return row


def _blacked_out(orders: Sequence[OrderData]) -> list[tuple[date, str]]:
    """Day and reason of each order for a day on which its depot, a zone that holds it, or the organization delivers
    nothing. Of an order without a day nothing is known, nor the zone of a place without coordinates."""
    met = places.blackouts_on({order.day for order in orders if order.day})
    zones = {row.zone_id for rows in met.values() for row in rows if row.zone_id}
    pins = [(number, task.place.point) for number, order in enumerate(orders) for task in order.tasks if task.place]
    pinned = [(number, point) for number, point in pins if point] if zones else []
    held: dict[int, set[UUID]] = {}
    for (number, _), ids in zip(pinned, places.inside([point for _, point in pinned], zones), strict=True):
        held.setdefault(number, set()).update(ids)
    found = []
    for number, order in enumerate(orders):
        for row in met.get(order.day, ()) if order.day else ():
            if concerns(row.depot_id, row.zone_id, order.depot_id, held.get(number, ())):
                found.append((order.day, row.reason))
                break
    return [(day, reason) for day, reason in found if day]


def _sorted_out(
    row: Import, read: Sequence[tuple[Row, OrderData | RowRefusal]], seen: Seen, by: Actor
) -> tuple[list[OrderData], list[RowRefusal], int]:
    """Good rows, refusals, and how many are known already. An external id that this very file has used is refused."""
    known: dict[tuple[UUID | None, str], UUID | None] = {}
    orders = [data for _, data in read if isinstance(data, OrderData) and data.external_id]
    for owner in {owner_of(data, by) for data in orders}:
        ids = [data.external_id for data in orders if data.external_id and owner_of(data, by) == owner]
        known |= {(owner, name): source for name, source in taken(ids, owner).items()}
    good: list[OrderData] = []
    refusals: list[RowRefusal] = []
    repeated = 0
    for line, data in read:
        if isinstance(data, RowRefusal):
            refusals.append(data)
            continue
        key = (owner_of(data, by), data.external_id or "")
        if data.external_id and (key in seen.ids or known.get(key) == row.id):
            column = row.mapping.get("external_id", "")
            refusals.append(RowRefusal(line.number, column, key[1], REPEATED.code, REPEATED.remedy))
        elif key in known:
            repeated += 1
            seen.ids.add(key)
        else:
            good.append(data)
            if data.external_id:
                seen.ids.add(key)
    return good, refusals, repeated


@action
def finish_import(claim: Claim, *, by: Actor, at: datetime) -> Import:
    """The file is at its end."""
    row = _held(claim)
    row.fence = None
    row.state = "completed" if claim.state == "running" else "checked"
    if claim.state == "running":
        row.finished_at = at
        record(ImportCompleted(row.id, row.accepted, row.repeated, row.refused), by=by, at=at)
    row.save()
    return row


@action
def fail_import(claim: Claim, code: str, *, by: Actor, at: datetime) -> Import:
    """The file cannot be read any more; a run may be asked for again and goes on where it stopped."""
    row = _held(claim)
    row.fence, row.state, row.failure = None, "failed", code[:60]
    row.save()
    return row


@action
def undo_import(import_id: UUID, *, by: Actor, at: datetime) -> Import:
    """Ask for an import's orders to be called off: those that are not on a route and were never tried.

    Saying it again changes nothing. Refuses `import.state_conflict` before it is completed.
    """
    row = _locked(import_id)
    if row.state in ("undoing", "undone"):
        return row
    if row.state != "completed" and not (row.state == "failed" and row.done):
        raise _conflict(row, "only an import that was run can be undone")
    row.state, row.fence, row.withdrawn, row.kept = "undoing", None, 0, 0
    row.save()
    later("orders.undo_import", by.organization_id, import_id=row.id)
    return row


@action
def withdraw_orders(claim: Claim, *, by: Actor, at: datetime) -> bool:
    """Call off the next chunk of an import's orders; whether there may be more. Their external ids are free again, so
    that the mended file can come in; the old id stays in the metadata."""
    row = _held(claim)
    untouched = Order.objects.filter(source_id=row.id, state__in=WITHDRAWABLE, attempts=0)
    orders = list(untouched.select_for_update().order_by("id")[:CHUNK])
    Task.objects.filter(order__in=orders).update(state="cancelled")
    for order in orders:
        order.state, order.version = step(order.state, "cancelled"), order.version + 1
        if order.external_id:
            order.metadata = {**order.metadata, "external_id": order.external_id}
        order.external_id = None
    Order.objects.bulk_update(orders, ["state", "version", "metadata", "external_id"])
    settle_cancelled(orders, UNDONE, by=by, at=at)
    record_all([OrderCancelled(order.id, UNDONE) for order in orders], by=by, at=at)
    row.withdrawn += len(orders)
    row.save()
    return len(orders) == CHUNK


@action
def finish_undoing(claim: Claim, *, by: Actor, at: datetime) -> Import:
    """Count what stays because it is on a route or was tried, and close."""
    row = _held(claim)
    row.kept = Order.objects.filter(source_id=row.id).exclude(state="cancelled").count()
    row.state, row.fence = "undone", None
    row.save()
    record(ImportUndone(row.id, row.withdrawn), by=by, at=at)
    return row


@action
def forget_import_file(import_id: UUID, *, by: Actor, at: datetime) -> str | None:
    """Drop what an import keeps of people: the values of its refusals, and its file. Returns the blob's name where no
    other import needs it. An import that has not come to its end keeps its file until then."""
    row = _locked(import_id)
    if row.state in ("checking", "running"):
        later("orders.forget_file", by.organization_id, at=at + ASK_AGAIN, key=str(row.id), import_id=row.id)
        return None
    ImportRefusal.objects.filter(source=row).update(value="")
    sha256 = bytes(row.sha256)
    row.sha256, row.filename = b"", ""
    row.save()
    return sha256.hex() if sha256 and not Import.objects.filter(sha256=sha256).exists() else None
