"""Exceptions: raise, assign, resolve."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from homestretch.accounts import queries as accounts
from homestretch.dispatch import queries as dispatch
from homestretch.events.action import action
from homestretch.events.log import record
from homestretch.kernel.actor import Actor
from homestretch.kernel.refusal import Refusal, check_version, not_found
from homestretch.orders import queries as orders
from homestretch.recovery import rules
from homestretch.recovery.events import ExceptionAssigned, ExceptionRaised, ExceptionResolved
from homestretch.recovery.models import DeliveryException
from homestretch.recovery.values import Cause


@action
def raise_(cause: Cause, *, by: Actor, at: datetime) -> DeliveryException:
    """Raise an exception. While one is open for the cause it is that one, brought up to date; it only gets graver. Some
    kinds have an owner from the first moment."""
    row = DeliveryException(
        kind=cause.kind,
        key=cause.key,
        severity=cause.severity,
        reason=cause.reason[:60],
        order_id=cause.order_id,
        route_id=cause.route_id,
        stop_id=cause.stop_id,
        details=cause.details,
        raised_at=at,
        assigned_to=_owner(cause.decided_by) if cause.kind in rules.OWNED else None,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:  # one is open for the cause: the index has the last word, also between two of us
        return _bring_up_to_date(cause)
    record(ExceptionRaised(row.id, row.kind, row.severity, row.order_id, row.route_id), by=by, at=at)
    if row.assigned_to_id is not None:
        record(ExceptionAssigned(row.id, row.assigned_to_id), by=by, at=at)
    return row


def _owner(decided_by: UUID | None) -> Any:
    """Who has it in charge until somebody else takes it on: whoever decided it, else the organization's first owner."""
    staff = accounts.members().filter(active=True).exclude(role__in=("merchant", "driver", "viewer")).order_by("id")
    return staff.filter(id=decided_by).first() or staff.filter(role="owner").first()


def _bring_up_to_date(cause: Cause) -> DeliveryException:
    row: DeliveryException = DeliveryException.objects.select_for_update().get(key=cause.key, state="open")
    row.severity = rules.graver(row.severity, cause.severity)
    row.details = {**row.details, **cause.details}
    row.reason = cause.reason[:60]
    row.version += 1
    row.save()
    return row


@action
def assign(
    exception_id: UUID, membership_id: UUID, *, version: int | None = None, by: Actor, at: datetime
) -> DeliveryException:
    """Give an exception to a member. Refuses `exception.not_found`, `exception.stale`, `exception.resolved`,
    `member.not_found`, `exception.member_unfit` (no longer active, or a merchant's)."""
    row = _locked(exception_id, version)
    member = accounts.member(membership_id)
    if not member.active or member.role == "merchant":
        raise Refusal(
            "exception.member_unfit",
            "this member can't take exceptions on",
            remedy="choose an active member of the organization's own staff",
            field="assigned_to",
        )
    if row.assigned_to_id != membership_id:
        row.assigned_to = member
        row.version += 1
        row.save()
        record(ExceptionAssigned(row.id, membership_id), by=by, at=at)
    return row


@action
def resolve(
    exception_id: UUID, resolution: str, *, version: int | None = None, by: Actor, at: datetime
) -> DeliveryException:
    """Settle an exception by hand, and say how. Refuses `exception.not_found`, `exception.stale`,
    `exception.resolved`, `exception.resolution_missing`."""
    row = _locked(exception_id, version)
    if not resolution.strip():
        raise Refusal(
            "exception.resolution_missing", "say how it was settled", remedy="a few words", field="resolution"
        )
    _settle(row, resolution.strip(), by=by, at=at)
    return row


@action
def settle(keys: Iterable[str], resolution: str, *, by: Actor, at: datetime) -> int:
    """The causes ended: settle what is open for them. Returns how many."""
    return _settle_all(DeliveryException.objects.filter(key__in=list(keys)), resolution, by=by, at=at)


@action
def settle_order(order_id: UUID, kinds: Iterable[str], resolution: str, *, by: Actor, at: datetime) -> int:
    """The order went on: settle its open exceptions of these kinds. Returns how many."""
    rows = DeliveryException.objects.filter(order_id=order_id, kind__in=list(kinds))
    return _settle_all(rows, resolution, by=by, at=at)


@action
def settle_placed(resolution: str, *, by: Actor, at: datetime) -> int:
    """Routes got stops: settle what was on no route and is on one now, with all that is owed. Returns how many."""
    rows = DeliveryException.objects.filter(kind="unassigned", state="open")
    standing = set(dispatch.standing(rows.values_list("order_id", flat=True)))
    return _settle_all(rows.filter(order_id__in=standing - orders.off_route(standing)), resolution, by=by, at=at)


def _settle_all(rows: QuerySet[DeliveryException], resolution: str, *, by: Actor, at: datetime) -> int:
    waiting = list(rows.filter(state="open").select_for_update(of=("self",)).order_by("id"))
    for row in waiting:
        _settle(row, resolution, by=by, at=at)
    return len(waiting)


def _settle(row: DeliveryException, resolution: str, *, by: Actor, at: datetime) -> None:
    row.state, row.resolution, row.resolved_at = "resolved", resolution[:200], at
    row.version += 1
    row.save()
    record(ExceptionResolved(row.id, row.resolution), by=by, at=at)


def _locked(exception_id: UUID, version: int | None) -> DeliveryException:
    row = DeliveryException.objects.select_for_update(of=("self",)).filter(id=exception_id).first()
    if row is None:
        raise not_found("exception", exception_id)
    check_version("exception", version, row.version)
    if row.state != "open":
        raise Refusal("exception.resolved", "it is settled already", remedy="nothing is to be done")
    return row
