"""The store of one organization: equal bytes of two are two blobs, and what one deletes the other keeps."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from homestretch.providers.registry import make
from homestretch.providers.storage import Storage


def store_of(organization_id: UUID, chosen: tuple[str, Mapping[str, object]]) -> Storage:
    """An organization's part of the store that the settings name: `chosen` is (adapter, options)."""
    name, options = chosen
    return make("storage", name, {**options, "folder": str(organization_id)})
