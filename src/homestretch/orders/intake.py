"""A file of orders comes in: read to its end, kept in the store, then noted. In this order, and in no transaction."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.conf import settings

from homestretch.events.idempotency import Once
from homestretch.kernel.actor import Actor
from homestretch.kernel.refusal import Refusal
from homestretch.orders.actions.imports import receive_import
from homestretch.orders.models import Import
from homestretch.orders.rules.columns import guess
from homestretch.orders.rules.sheets import open_sheet
from homestretch.orders.values import ImportFile
from homestretch.providers.errors import ProviderError
from homestretch.providers.storage import Storage
from homestretch.providers.storage.own import store_of


def store(organization_id: UUID) -> Storage:
    """An organization's store."""
    return store_of(organization_id, settings.HOMESTRETCH_PROVIDERS["storage"])


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
