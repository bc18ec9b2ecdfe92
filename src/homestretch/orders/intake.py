"""A file of orders, or a picture of a door, comes in: read to its end, kept in the store, then noted. In this order,
and in no transaction."""

from __future__ import annotations

from datetime import datetime
from itertools import islice
from uuid import UUID

from django.conf import settings

from homestretch.events.idempotency import Once, Replayed
from homestretch.events.scope import scope
from homestretch.kernel.actor import Actor
from homestretch.kernel.ids import uuid7
from homestretch.kernel.refusal import Refusal, not_found
from homestretch.orders import queries
from homestretch.orders.actions.doors import set_door_photo
from homestretch.orders.actions.imports import layout_of, receive_import
from homestretch.orders.models import Door, Import
from homestretch.orders.rules.columns import guess
from homestretch.orders.rules.rows import RowRefusal, read_row
from homestretch.orders.rules.sheets import Row, open_sheet, rows_of
from homestretch.orders.values import ImportFile, OrderData
from homestretch.providers.errors import ProviderError
from homestretch.providers.storage import Storage
from homestretch.providers.storage.own import store_of
from homestretch.providers.storage.renditions import render

PHOTO_BYTES, PHOTO_PIXELS, PHOTO_SIDE = 15_000_000, 50_000_000, 1280


def store(organization_id: UUID) -> Storage:
    """An organization's store."""
    return store_of(organization_id, settings.HOMESTRETCH_PROVIDERS["storage"])


def keep_door_photo(order_id: UUID, data: bytes, *, by: Actor, at: datetime, once: Once | None = None) -> Door:
    """Keep a picture of a recipient's door: drawn anew, small, without what the phone wrote into it; the bytes that
    came are not kept. Refuses what `render` and `set_door_photo` refuse, and `storage.unavailable`."""
    drawn = render(data, max_pixels=PHOTO_PIXELS, max_bytes=PHOTO_BYTES, max_side=PHOTO_SIDE, mark=str(uuid7()))
    with scope(by):
        queries.get_order(order_id)
    try:
        sha256 = store(by.organization_id).put(drawn.data)
    except ProviderError as error:
        raise Refusal("storage.unavailable", "the picture could not be kept", remedy="try again later") from error
    extra = {"once": once} if once else {}
    try:
        return set_door_photo(order_id, sha256, drawn.media_type, by=by, at=at, **extra)
    except (Refusal, Replayed):
        store(by.organization_id).delete(sha256)
        raise


def door_photo(order_id: UUID, *, by: Actor) -> tuple[bytes, str]:
    """(bytes, media type) of an order's picture of the door. Refuses `door.not_found`, `storage.unavailable`."""
    with scope(by):
        door = queries.door_of(order_id)
    if door is None or not door.photo:
        raise not_found("door", order_id)
    try:
        return store(by.organization_id).get(door.photo), door.photo_type
    except ProviderError as error:
        raise Refusal("storage.unavailable", "the picture can't be read now", remedy="try again later") from error


def receive_file(filename: str, data: bytes, *, by: Actor, at: datetime, once: Once | None = None) -> Import:
    """Take a file of orders in, with a guess of what its columns mean. Refuses what `open_sheet` refuses, and
    `storage.unavailable`."""
    sheet = open_sheet(filename, data)
    guesses = guess(sheet.columns, [row.cells for row in sheet.sample])
    try:
        sha256 = store(by.organization_id).put(data)
    except ProviderError as error:
        raise Refusal("storage.unavailable", "the file could not be kept", remedy="try again later") from error
    file = ImportFile(
        filename=filename,
        sha256=sha256,
        format=sheet.format,
        columns=sheet.columns,
        rows=sheet.rows,
        guess=tuple({"field": g.field, "column": g.column, "confidence": g.confidence} for g in guesses),
    )
    extra = {"once": once} if once else {}
    return receive_import(file, by=by, at=at, **extra)


def first_rows(received: Import, count: int) -> list[Row]:
    """The first rows of goods of a file that was taken in: nothing where it is not kept any more.

    Asks the store: call it outside of the scope.
    """
    sha256 = bytes(received.sha256).hex()
    if not sha256:
        return []
    try:
        data = store(received.organization_id).get(sha256)
    except ProviderError:
        return []
    return list(islice(rows_of(received.format, data), count))


def as_read(received: Import, rows: list[Row]) -> list[OrderData | RowRefusal]:
    """What rows become by the import's mapping and defaults as they stand on the value; call it inside the scope."""
    layout = layout_of(received)
    return [read_row(row, layout) for row in rows]
