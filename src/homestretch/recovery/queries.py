"""Reads of recovery, inside a scope."""

from __future__ import annotations

from dataclasses import asdict
from uuid import UUID

from django.db.models import QuerySet

from homestretch.kernel.refusal import not_found
from homestretch.recovery.models import DeliveryException
from homestretch.recovery.values import Wanted


def exception(exception_id: UUID) -> DeliveryException:
    """One exception. Refuses `exception.not_found`."""
    row = DeliveryException.objects.filter(id=exception_id).first()
    if row is None:
        raise not_found("exception", exception_id)
    return row


def exceptions(wanted: Wanted | None = None) -> QuerySet[DeliveryException]:
    """Exceptions that match all that is given; the newest have the greatest (raised_at, id)."""
    asked = {name: value for name, value in asdict(wanted or Wanted()).items() if value is not None}
    return DeliveryException.objects.filter(**asked)


def open_count() -> dict[str, int]:
    """How many are open, by severity."""
    rows = DeliveryException.objects.filter(state="open").values_list("severity", flat=True)
    found = list(rows)
    return {severity: found.count(severity) for severity in ("low", "medium", "high")}
