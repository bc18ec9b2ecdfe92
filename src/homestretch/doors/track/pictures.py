"""Pictures of the page, by the link alone: the organization's mark, proof of the own order, the own door."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse

from homestretch.accounts.intake import logo_of
from homestretch.dispatch.jobs import picture_of
from homestretch.doors.track.views import by_link
from homestretch.events.clock import now
from homestretch.events.scope import scope
from homestretch.messaging import queries
from homestretch.orders.intake import door_photo
from homestretch.web.pictures import picture


@by_link("GET", "HEAD")
def logo(request: HttpRequest, token: str) -> HttpResponse:
    """The organization's mark."""
    return picture(*logo_of(by=request.auth))


@by_link("GET", "HEAD")
def proof(request: HttpRequest, token: str, proof_id: UUID) -> HttpResponse:
    """A photo or signature that the page shows; no other."""
    actor = request.auth
    with scope(actor):
        queries.require_shown_proof(actor.order_id, proof_id, now())
    return picture(*picture_of(proof_id, by=actor))


@by_link("GET", "HEAD")
def door(request: HttpRequest, token: str) -> HttpResponse:
    """The recipient's own photo of the door."""
    return picture(*door_photo(request.auth.order_id, by=request.auth))
