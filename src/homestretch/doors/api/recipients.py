"""Recipients by API: what is known of a person, and its erasure."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from homestretch.doors.api.ordering import RecipientOut, recipient_out
from homestretch.events.clock import now
from homestretch.events.scope import scope
from homestretch.orders import actions, queries
from homestretch.web.entry import OWN, READ
from homestretch.web.once import once_of

router = Router(tags=["recipients"])


@router.get("/{recipient_id}", auth=READ("orders", merchant=True), response=RecipientOut)
def get_recipient(request: HttpRequest, recipient_id: UUID) -> Any:
    """One recipient; a merchant's own."""
    with scope(request.auth):
        return recipient_out(queries.recipient(recipient_id))


@router.post("/{recipient_id}/erase", auth=OWN("orders"), response=RecipientOut)
def erase_recipient(request: HttpRequest, recipient_id: UUID) -> Any:
    """Replace a person's data by a tombstone, for good. Refuses `recipient.has_open_orders`."""
    once = once_of(request, "erase_recipient", recipient_out, status=200)
    erased = actions.erase_recipient(recipient_id, by=request.auth, at=now(), once=once)
    return recipient_out(erased)
