"""Tracking links: one per order, revocable, expiring; the token is rebuilt whenever it is shown."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.conf import settings

from homestretch.accounts import queries, rules
from homestretch.accounts.events import LinkCreated, LinkRevoked
from homestretch.accounts.models import TrackingLink
from homestretch.events.action import action
from homestretch.events.log import record
from homestretch.kernel.actor import Actor
from homestretch.kernel.ids import secret_hash, uuid7
from homestretch.kernel.refusal import not_found


@action
def link_for(order_id: UUID, *, by: Actor, at: datetime) -> tuple[TrackingLink, str]:
    """The order's link and its token; made if there is none, made anew if it was revoked or has expired."""
    ident = uuid7()
    link, created = TrackingLink.objects.select_for_update().get_or_create(
        order_id=order_id,
        defaults={
            "id": ident,
            "token_hash": secret_hash(_token(ident, 1)),
            "created_at": at,
            "expires_at": at + rules.LINKED_FOR,
        },
    )
    if link.revoked_at is not None or link.expires_at <= at:
        link.generation += 1
        link.token_hash = secret_hash(_token(link.id, link.generation))
        link.revoked_at, link.expires_at = None, at + rules.LINKED_FOR
        link.save()
        created = True
    if created:
        record(LinkCreated(link.id, order_id, link.generation), by=by, at=at)
    return link, _token(link.id, link.generation)


@action
def revoke_link(order_id: UUID, *, by: Actor, at: datetime) -> TrackingLink:
    """Close the order's link. Refuses `link.not_found`; a second time changes nothing."""
    link = queries.link_of(order_id, lock=True)
    if link is None:
        raise not_found("link")
    if link.revoked_at is None:
        link.revoked_at = at
        link.save(update_fields=["revoked_at"])
        record(LinkRevoked(link.id, order_id), by=by, at=at)
    return link


def link_url(token: str) -> str:
    """Where the recipient's page is. Whoever has it, sees it: it is shown and sent, never logged or kept."""
    return f"{settings.HOMESTRETCH_URL}/t/{token}"


def _token(link_id: UUID, generation: int) -> str:
    return rules.link_token(link_id, generation, settings.SECRET_KEY.encode())
