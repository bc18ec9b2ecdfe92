"""Background work of orders: places that were settled, and files that are read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from uuid import UUID

from homestretch.events.clock import now
from homestretch.events.later import Interrupted, gives_up, job, stopping
from homestretch.events.models import Event
from homestretch.events.scope import scope
from homestretch.events.subscribe import consumer
from homestretch.kernel.actor import Actor, system
from homestretch.orders import queries
from homestretch.orders.actions import bulk, imports
from homestretch.orders.actions.create import settle_place
from homestretch.orders.actions.imports import CHUNK, FenceLostError
from homestretch.orders.intake import store
from homestretch.orders.models import Import
from homestretch.orders.rules.sheets import Row, rows_of
from homestretch.orders.values import Claim, Seen
from homestretch.providers.errors import ProviderError


@consumer("orders.place_settled")
def place_settled(event: Event) -> None:
    """A place was located or corrected: orders that waited for it are ready. Or it lies outside: they wait."""
    settle_place(event.subject_id, by=system(event.organization_id), at=event.at)


@job("orders.check_import", queue="imports")
def check_file(organization_id: UUID, import_id: UUID) -> None:
    """Dry run of a file."""
    work_through(organization_id, import_id, "checking")


@job("orders.run_import", queue="imports")
def run_file(organization_id: UUID, import_id: UUID) -> None:
    """Run of a file, from where it stopped."""
    work_through(organization_id, import_id, "running")


def work_through(
    organization_id: UUID, import_id: UUID, state: str, *, watch: Callable[[Import], None] = lambda _: None
) -> None:
    """Check or run a file to its end, telling `watch` after each chunk. Nothing happens if it is in another state."""
    claim = imports.begin_import(import_id, state, by=system(organization_id), at=now())
    if claim is None:
        return
    by = _as_owner(organization_id, claim)
    try:
        data = store(organization_id).get(claim.sha256)
    except ProviderError as error:
        if error.kind != "permanent":
            raise
        imports.fail_import(claim, f"import.{error.code}", by=by, at=now())
        return
    seen = Seen()
    try:
        for chunk in _chunks(rows_of(claim.format, data, skip=claim.skip)):
            watch(imports.take_rows(claim, chunk, seen, by=by, at=now()))
        imports.finish_import(claim, by=by, at=now())
    except FenceLostError:
        return  # another job has it: whatever was not committed is undone, and theirs


def _as_owner(organization_id: UUID, claim: Claim) -> Actor:
    """Ourselves, but narrowed to the merchant whose file it is."""
    return replace(system(organization_id), merchant_id=claim.merchant_id)


def _chunks(rows: Iterator[Row]) -> Iterator[Sequence[Row]]:
    while chunk := list(islice(rows, CHUNK)):
        yield chunk


@gives_up("orders.check_import")
def give_up_check(organization_id: UUID, import_id: UUID) -> None:
    """The file can't be read: it says so, and may be uploaded again."""
    _fail(organization_id, import_id, "checking")


@gives_up("orders.run_import")
def give_up_run(organization_id: UUID, import_id: UUID) -> None:
    """What came in stays; a run may be asked for again and goes on where it stopped."""
    _fail(organization_id, import_id, "running")


def _fail(organization_id: UUID, import_id: UUID, state: str) -> None:
    by = system(organization_id)
    claim = imports.begin_import(import_id, state, by=by, at=now())
    if claim is not None:
        imports.fail_import(claim, "import.broke_off", by=by, at=now())


@job("orders.undo_import", queue="imports")
def undo_file(organization_id: UUID, import_id: UUID) -> None:
    """Call off what an import brought, chunk by chunk."""
    claim = imports.begin_import(import_id, "undoing", by=system(organization_id), at=now())
    if claim is None:
        return
    by = _as_owner(organization_id, claim)
    try:
        _repeat(lambda: imports.withdraw_orders(claim, by=by, at=now()))
        imports.finish_undoing(claim, by=by, at=now())
    except FenceLostError:
        return


def _repeat(step: Callable[[], bool]) -> None:
    while step():
        pass


@job("orders.forget_file")
def forget_file(organization_id: UUID, import_id: UUID) -> None:
    """Drop an import's file from the store when a person in it was erased."""
    sha256 = imports.forget_import_file(import_id, by=system(organization_id), at=now())
    if sha256:
        store(organization_id).delete(sha256)


@job("orders.drop_photos")
def drop_photos(organization_id: UUID, names: list[str]) -> None:
    """Take pictures of doors out of the store that no order names any more."""
    with scope(system(organization_id)):
        known = queries.known_photos(names)
    for name in sorted(set(names) - known):
        store(organization_id).delete(name)


@job(bulk.JOB, queue="imports")
def do_in_bulk(organization_id: UUID, bulk_id: UUID) -> None:
    """Do one act to many orders, from where it stopped."""
    claim = bulk.begin_bulk(bulk_id, by=system(organization_id), at=now())
    if claim is None:
        return
    fence, by = claim
    while bulk.take_some(bulk_id, fence, by=by, at=now()):
        if stopping.is_set():
            raise Interrupted("the worker stops; the act goes on in another")


@gives_up(bulk.JOB)
def give_up_bulk(organization_id: UUID, bulk_id: UUID) -> None:
    """What was done stays, and its page says so."""
    bulk.stop_bulk(bulk_id, by=system(organization_id), at=now())
