"""API keys: shown once, stored as a hash."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from homestretch.accounts import queries, rules
from homestretch.accounts.events import KeyCreated, KeyRevoked
from homestretch.accounts.models import ApiKey
from homestretch.events.action import action
from homestretch.events.log import record
from homestretch.kernel.actor import Actor
from homestretch.kernel.ids import new_secret, secret_hash

PREFIX = 12


@action
def create_key(
    name: str,
    scopes: Collection[str],
    merchant_id: UUID | None = None,
    expires_at: datetime | None = None,
    *,
    by: Actor,
    at: datetime,
) -> tuple[ApiKey, str]:
    """Make a key; the secret is returned here and never again. Refuses `key.scope_unknown`, `key.expiry_passed`."""
    wanted, until = rules.read_scopes(scopes), rules.read_expiry(expires_at, at)
    merchant = queries.merchant(merchant_id) if merchant_id else None
    secret = new_secret("hsk")
    key: ApiKey = ApiKey.objects.create(
        name=name,
        prefix=secret[:PREFIX],
        hash=secret_hash(secret),
        scopes=list(wanted),
        merchant=merchant,
        created_at=at,
        expires_at=until,
    )
    record(KeyCreated(key.id, wanted), by=by, at=at)
    return key, secret


@action
def revoke_key(key_id: UUID, *, by: Actor, at: datetime) -> ApiKey:
    """Take a key back, at once and for good; a second time changes nothing."""
    key = queries.key(key_id, lock=True)
    if key.revoked_at is None:
        key.revoked_at = at
        key.version += 1
        key.save()
        record(KeyRevoked(key.id), by=by, at=at)
    return key


@action
def touch_key(*, by: Actor, at: datetime) -> None:
    """Note that the asking key is used."""
    ApiKey.objects.filter(id=by.id).update(last_used_at=at)
