"""Reads of recovery, inside a scope."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet

from homestretch.dispatch import queries as dispatch
from homestretch.kernel.refusal import not_found
from homestretch.recovery.gather import prices
from homestretch.recovery.models import DeliveryException, Offer, Policy, Proposal
from homestretch.recovery.rules import proposing, suggesting
from homestretch.recovery.rules.proposing import Prices
from homestretch.recovery.values import Wanted, Wish


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


def open_proposals() -> QuerySet[Proposal]:
    """Those that are searched for or wait for a yes."""
    return proposals().filter(state__in=proposing.OPEN)


def settled_proposals() -> QuerySet[Proposal]:
    """Those that became something, or came to nothing; the newest have the greatest (asked_at, id)."""
    return proposals().exclude(state__in=proposing.OPEN)


def waiting_count() -> int:
    """How many wait for a yes."""
    return Proposal.objects.filter(state="made").count()


def offer(offer_id: UUID) -> Offer:
    """One offer, with route, vehicle and driver. Refuses `offer.not_found`."""
    row = offers().filter(id=offer_id).first()
    if row is None:
        raise not_found("offer", offer_id)
    return row


def offers(
    state: str | None = None, order_id: UUID | None = None, route_id: UUID | None = None, driver_id: UUID | None = None
) -> QuerySet[Offer]:
    """Offers that match all that is given; the newest have the greatest (asked_at, id)."""
    asked = {"state": state, "order_id": order_id, "route_id": route_id, "driver_id": driver_id}
    rows = Offer.objects.filter(**{name: value for name, value in asked.items() if value is not None})
    return rows.select_related("driver", "route__vehicle", "order")


def offered_to(driver_id: UUID, at: datetime) -> list[Offer]:
    """What a driver may still answer, the most urgent first."""
    return list(offers("open", driver_id=driver_id).filter(deadline__gt=at).order_by("deadline", "id"))


def wishes(rows: Iterable[DeliveryException], today: date) -> dict[UUID, Wish]:
    """What can be asked about each of these exceptions, unless an open proposal answers it already."""
    rows = list(rows)
    answered = set(
        open_proposals().filter(exception_id__in=[row.id for row in rows]).values_list("exception_id", flat=True)
    )
    standing = dispatch.standing(row.order_id for row in rows if row.order_id and not row.route_id)
    found = {row.id: _wish(row, standing) for row in rows if row.id not in answered and not _to_come(row, today)}
    return {ident: wish for ident, wish in found.items() if wish is not None}


def _to_come(row: DeliveryException, today: date) -> bool:
    """Whether it is about an order of another day than the one whose routes run."""
    return row.order is not None and row.order.day is not None and row.order.day > today


def _wish(row: DeliveryException, standing: Mapping[UUID, UUID]) -> Wish | None:
    route_id = row.route_id or (standing.get(row.order_id) if row.order_id else None)
    return suggesting.wish_about(
        row.kind, row.reason, row.severity, suggesting.About(row.id, route_id, row.stop_id, row.order_id)
    )


def policy() -> tuple[Prices, int]:
    """What changing a running day is worth, and the version of that; 0: it was never changed."""
    version = Policy.objects.values_list("version", flat=True).first()
    return prices(), version or 0
