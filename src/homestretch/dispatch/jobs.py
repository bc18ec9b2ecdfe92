"""What dispatch does beside its transactions: pictures into the store and out of it; what it hears from below."""

from __future__ import annotations

import hashlib
from datetime import datetime
from uuid import UUID

from django.conf import settings

from homestretch.dispatch import actions, queries
from homestretch.dispatch.actions.proofs import check_wanted
from homestretch.dispatch.models import Blob
from homestretch.dispatch.rules.blobs import MAX_BYTES, check_bytes, media_type
from homestretch.dispatch.values import BlobData
from homestretch.events.clock import now
from homestretch.events.later import job
from homestretch.events.models import Event
from homestretch.events.scope import scope
from homestretch.events.subscribe import consumer
from homestretch.kernel.actor import Actor, system
from homestretch.kernel.refusal import Refusal
from homestretch.places.actions import remember_service
from homestretch.providers.errors import ProviderError
from homestretch.providers.storage import Storage
from homestretch.providers.storage.own import store_of
from homestretch.providers.storage.renditions import render

MAX_PIXELS = 50_000_000  # a phone's camera, and not a bomb: decoded, it takes 200 MB


@consumer("dispatch.order_cancelled")
def take_off(event: Event) -> None:
    """Take a cancelled order's tasks off the live routes."""
    actions.take_off_cancelled(event.subject_id, by=system(event.organization_id), at=now())


@consumer("dispatch.order_updated")
def order_updated(event: Event) -> None:
    """An order was changed: the driver who has it on the route is to see it."""
    actions.order_changed(event.subject_id, by=system(event.organization_id), at=now())


@consumer("dispatch.remember_place")
def remember_place(event: Event) -> None:
    """A stop was served, or left: its place remembers how long it took, and where the phone was."""
    halt = queries.halt(event.data["stop_id"])
    if halt is not None:
        remember_service(*halt, by=system(event.organization_id), at=event.at)


@consumer("dispatch.forget")
def forget(event: Event) -> None:
    """A person was erased."""
    actions.forget(event.subject_id, by=system(event.organization_id), at=now())


@job("dispatch.drop_pictures")
def drop_pictures(organization_id: UUID, names: list[str]) -> None:
    """Take pictures out of the store that no blob names any more."""
    by = system(organization_id)
    with scope(by):
        known = queries.known_blobs(names)
    store = _store(by)
    for name in sorted(set(names) - known):
        store.delete(name)


def keep_picture(sha256: str, data: bytes, *, by: Actor, at: datetime) -> Blob:
    """Keep the bytes that a phone declared as `sha256`, and a rendition drawn anew, which alone is ever shown.

    Nothing is stored of what is refused; the same bytes again change nothing. Refuses `blob.too_large`,
    `blob.hash_mismatch`, `proof.not_an_image`, `proof.too_many_pixels`, `blob.erased`, `blob.store_unavailable`.
    """
    check_bytes(sha256, hashlib.sha256(data).hexdigest(), len(data), MAX_BYTES)
    rendition = render(data, max_pixels=MAX_PIXELS, max_bytes=MAX_BYTES)
    with scope(by):
        check_wanted(sha256)
    try:
        store = _store(by)
        store.put(data)
        drawn = store.put(rendition.data)
    except ProviderError as error:
        raise _unavailable() from error
    about = BlobData(sha256, len(data), media_type(data), drawn, len(rendition.data), rendition.media_type)
    try:
        return actions.keep_blob(about, by=by, at=at)
    except Refusal:  # erased between our look and our note
        drop_pictures(by.organization_id, [sha256, drawn])
        raise


def keep_piece(sha256: str, start: int, data: bytes, total: int, *, by: Actor, at: datetime) -> tuple[int, Blob | None]:
    """Keep a piece of a picture; with its last one the picture is kept as `keep_picture` does. Returns how many bytes
    are there, and the blob once it is whole. Refuses what `keep_part` and `keep_picture` do; after those of the whole
    its pieces are gone, for they will never fit."""
    if known := _whole(sha256, by):
        return known.size, known
    there = actions.keep_part(sha256, start, data, total, by=by, at=at)
    if there < total:
        return there, None
    with scope(by):
        whole = queries.pieces(sha256)
    try:
        blob = keep_picture(sha256, whole, by=by, at=at)
    except Refusal as refusal:
        if refusal.code != "blob.store_unavailable":
            actions.drop_parts(sha256, by=by, at=at)
        raise
    actions.drop_parts(sha256, by=by, at=at)
    return there, blob


def standing(sha256: str, *, by: Actor) -> tuple[int, Blob | None]:
    """How many bytes of a picture are there, and the blob if it is whole: where a phone goes on."""
    if known := _whole(sha256, by):
        return known.size, known
    with scope(by):
        return queries.received(sha256), None


def _whole(sha256: str, by: Actor) -> Blob | None:
    with scope(by):
        known = queries.blob(sha256)
    return known if known is not None and known.rendition_id is not None else None


def picture_of(proof_id: UUID, *, by: Actor) -> tuple[bytes, str]:
    """(bytes, media type) of a proof's rendition. Refuses `proof.not_found`, `proof.image_not_found` (not uploaded
    yet, or no picture), `blob.store_unavailable`."""
    with scope(by):
        rendition = queries.proof(proof_id).rendition
    if rendition is None:
        raise Refusal("proof.image_not_found", "there is no picture", remedy="the phone may not have sent it yet")
    try:
        return _store(by).get(rendition.sha256), rendition.media_type
    except ProviderError as error:
        raise _unavailable() from error


def _store(by: Actor) -> Storage:
    return store_of(by.organization_id, settings.HOMESTRETCH_PROVIDERS["storage"])


def _unavailable() -> Refusal:
    return Refusal("blob.store_unavailable", "the store of pictures does not answer", remedy="try again")
