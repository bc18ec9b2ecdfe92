"""Reads of webhooks."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from homestretch.kernel.refusal import not_found
from homestretch.webhooks.models import Delivery, Endpoint


def endpoints() -> QuerySet[Any]:
    """All endpoints."""
    return Endpoint.objects.all()


def endpoint(endpoint_id: UUID) -> Endpoint:
    """One endpoint. Refuses `endpoint.not_found`."""
    row = Endpoint.objects.filter(id=endpoint_id).first()
    if row is None:
        raise not_found("endpoint", endpoint_id)
    return row


def deliveries(endpoint_id: UUID, state: str | None = None) -> QuerySet[Any]:
    """The delivery log of one endpoint. Refuses `endpoint.not_found`."""
    rows = Delivery.objects.filter(endpoint_id=endpoint(endpoint_id).id)
    return rows.filter(state=state) if state else rows
