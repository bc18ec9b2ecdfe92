"""API keys."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema, Status
from pydantic import AwareDatetime, Field

from homestretch.accounts import actions, queries
from homestretch.accounts.rules import SCOPES
from homestretch.events.clock import now
from homestretch.events.scope import scope
from homestretch.web.entry import OWN
from homestretch.web.etags import check_version
from homestretch.web.once import once_of
from homestretch.web.pages import Page, PageQuery, page

router = Router(tags=["keys"])


class KeyIn(Schema):
    """A key to be made."""

    name: str = Field(min_length=1, max_length=120, examples=["Shop"])
    scopes: list[Annotated[str, Field(max_length=40)]] = Field(
        min_length=1, max_length=len(SCOPES), examples=[["orders:write", "orders:read"]]
    )
    merchant_id: UUID | None = Field(None, description="The key sees this merchant's orders alone.")
    expires_at: AwareDatetime | None = Field(None, description="When it stops to open; null: when it is revoked.")


class KeyOut(Schema):
    """A key, without its secret."""

    id: UUID
    name: str
    prefix: str = Field(description="How the secret begins, to tell keys apart.")
    scopes: list[str]
    merchant_id: UUID | None
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None
    version: int


class KeyMade(KeyOut):
    """A key as it is made. The secret is shown in this answer alone: a repetition of the request shows null."""

    secret: str | None


def _key(row: Any) -> KeyOut:
    return KeyOut.from_orm(row)


def _made(row: Any, secret: str | None) -> KeyMade:
    return KeyMade(**_key(row).dict(), secret=secret)


@router.get("", auth=OWN("organization"), response=Page[KeyOut])
def list_keys(request: HttpRequest, part: Query[PageQuery]) -> Any:
    """Keys, newest first, revoked ones too."""
    with scope(request.auth):
        return page(queries.keys(), part.cursor, part.limit, descending=True, show=_key)


@router.post("", auth=OWN("organization"), response={201: KeyMade})
def create_key(request: HttpRequest, data: KeyIn) -> Any:
    """Make a key; its secret is in this answer alone. Refuses `key.scope_unknown` and `key.expiry_passed`."""
    once = once_of(request, "create_key", lambda made: _made(made[0], None))  # what is kept holds no secret
    by = request.auth
    key, secret = actions.create_key(
        data.name,
        data.scopes,
        data.merchant_id,
        data.expires_at,
        by=by,
        at=now(),
        once=once,
    )
    return Status(201, _made(key, secret))


@router.get("/{key_id}", auth=OWN("organization"), response=KeyOut)
def get_key(request: HttpRequest, key_id: UUID) -> Any:
    """One key."""
    with scope(request.auth):
        return _key(queries.key(key_id))


@router.delete("/{key_id}", auth=OWN("organization"), response=KeyOut)
def revoke_key(request: HttpRequest, key_id: UUID) -> Any:
    """Take a key back, at once and for good."""
    by = request.auth
    with scope(by):
        check_version(request, queries.key(key_id).version)
    return _key(actions.revoke_key(key_id, by=by, at=now()))
