"""What dispatch does beside its transactions: pictures into the store and out of it; what it hears from below."""

from __future__ import annotations

import hashlib
from datetime import datetime
from uuid import UUID

from django.conf import settings

from homestretch.dispatch import actions, queries
from homestretch.dispatch.actions.proofs import check_wanted
from homestretch.dispatch.models import Blob
from homestretch.dispatch.rules.blobs import check_bytes, media_type
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

MAX_BYTES = 15_000_000
MAX_PIXELS = 50_000_000  # a phone's camera, and not a bomb: decoded, it takes 200 MB


@consumer("dispatch.order_cancelled")
def take_off(event: Event) -> None:
    """Take a cancelled order's tasks off the live routes."""
    actions.take_off_cancelled(event.subject_id, by=system(event.organization_id), at=now())


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
