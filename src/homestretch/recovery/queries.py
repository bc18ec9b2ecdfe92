"""Reads of recovery, inside a scope."""

from __future__ import annotations

from dataclasses import asdict
from uuid import UUID

from django.db.models import QuerySet

from homestretch.kernel.refusal import not_found
from homestretch.recovery.gather import prices
from homestretch.recovery.models import DeliveryException, Policy, Proposal
from homestretch.recovery.rules.proposing import Prices
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


def proposal(proposal_id: UUID) -> Proposal:
    """One proposal. Refuses `proposal.not_found`."""
    row = Proposal.objects.filter(id=proposal_id).prefetch_related("hunks").first()
    if row is None:
        raise not_found("proposal", proposal_id)
    return row


def proposals(
    state: str | None = None, route_id: UUID | None = None, exception_id: UUID | None = None
) -> QuerySet[Proposal]:
    """Proposals that match all that is given, with their hunks; the newest have the greatest (asked_at, id)."""
    asked = {"state": state, "versions__has_key": str(route_id) if route_id else None, "exception_id": exception_id}
    rows = Proposal.objects.filter(**{name: value for name, value in asked.items() if value is not None})
    return rows.prefetch_related("hunks")


def policy() -> tuple[Prices, int]:
    """What changing a running day is worth, and the version of that; 0: it was never changed."""
    version = Policy.objects.values_list("version", flat=True).first()
    return prices(), version or 0
