"""An organization's mark comes in, and goes out: kept in the store, then noted."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.conf import settings

from homestretch.accounts import queries
from homestretch.accounts.actions import set_logo
from homestretch.accounts.models import Organization
from homestretch.events.idempotency import Once
from homestretch.events.scope import scope
from homestretch.kernel.actor import Actor
from homestretch.kernel.refusal import Refusal, not_found
from homestretch.providers.errors import ProviderError
from homestretch.providers.storage import Storage
from homestretch.providers.storage.own import store_of
from homestretch.providers.storage.renditions import render

MOST_BYTES, MOST_PIXELS, SIDE = 4_000_000, 20_000_000, 480


def keep_logo(data: bytes, *, by: Actor, at: datetime, once: Once | None = None) -> Organization:
    """Keep a picture as the organization's mark, drawn anew and small; no bytes take it away. Refuses what `render`
    refuses, and `storage.unavailable`."""
    extra = {"once": once} if once else {}
    if not data:
        return set_logo("", "", by=by, at=at, **extra)
    drawn = render(data, max_pixels=MOST_PIXELS, max_bytes=MOST_BYTES, max_side=SIDE, mark="logo")
    try:
        sha256 = _store(by.organization_id).put(drawn.data)
    except ProviderError as error:
        raise Refusal("storage.unavailable", "the picture could not be kept", remedy="try again later") from error
    return set_logo(sha256, drawn.media_type, by=by, at=at, **extra)


def logo_of(*, by: Actor) -> tuple[bytes, str]:
    """(bytes, media type) of the organization's mark. Refuses `logo.not_found`, `storage.unavailable`."""
    with scope(by):
        organization = queries.organization()
    if not organization.logo:
        raise not_found("logo")
    try:
        return _store(by.organization_id).get(organization.logo), organization.logo_type
    except ProviderError as error:
        raise Refusal("storage.unavailable", "the picture can't be read now", remedy="try again later") from error


def _store(organization_id: UUID) -> Storage:
    return store_of(organization_id, settings.HOMESTRETCH_PROVIDERS["storage"])
