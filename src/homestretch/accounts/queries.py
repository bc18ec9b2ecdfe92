"""Reads of the slice, inside a scope. What is missing and what is somebody else's are refused alike."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet

from homestretch.accounts.models import (
    ApiKey,
    Device,
    Invitation,
    Membership,
    Merchant,
    Organization,
    SavedView,
    TrackingLink,
)
from homestretch.events.scope import current_organization
from homestretch.kernel.refusal import not_found

M = TypeVar("M", bound=Model)


def organization(*, lock: bool = False) -> Organization:
    """The organization of the open scope."""
    rows = Organization.objects.select_for_update() if lock else Organization.objects
    return rows.get(id=current_organization())


def merchants() -> QuerySet[Any]:
    """Merchants: all, or the asker's own."""
    return Merchant.objects.all()


def merchant(ident: UUID, *, lock: bool = False) -> Merchant:
    """One merchant. Refuses `merchant.not_found`."""
    return _one(merchants(), "merchant", ident, lock=lock)


def members() -> QuerySet[Any]:
    """Memberships with their people."""
    return Membership.objects.select_related("user")


def member(ident: UUID, *, lock: bool = False) -> Membership:
    """One membership. Refuses `member.not_found`."""
    return _one(members(), "member", ident, lock=lock)


def invitations() -> QuerySet[Any]:
    """Invitations, open or not."""
    return Invitation.objects.all()


def invitation(ident: UUID, *, lock: bool = False) -> Invitation:
    """One invitation. Refuses `invitation.not_found`."""
    return _one(invitations(), "invitation", ident, lock=lock)


def keys() -> QuerySet[Any]:
    """API keys, revoked ones too."""
    return ApiKey.objects.all()


def key(ident: UUID, *, lock: bool = False) -> ApiKey:
    """One API key. Refuses `key.not_found`."""
    return _one(keys(), "key", ident, lock=lock)


def devices() -> QuerySet[Any]:
    """Phones and trackers, revoked ones too."""
    return Device.objects.all()


def device(ident: UUID, *, lock: bool = False) -> Device:
    """One device. Refuses `device.not_found`."""
    return _one(devices(), "device", ident, lock=lock)


def link_of(order_id: UUID, *, lock: bool = False) -> TrackingLink | None:
    """The order's tracking link, if it has one."""
    rows = TrackingLink.objects.filter(order_id=order_id)
    return (rows.select_for_update() if lock else rows).first()


def names_of(actors: Iterable[str]) -> dict[str, str]:
    """What people call those who act, by how the log writes them (`person:...`): two reads, however many they are.
    Whom nobody calls anything here, a driver or our own work, is left out."""
    ids: dict[str, set[str]] = {}
    for actor in actors:
        kind, _, ident = actor.partition(":")
        ids.setdefault(kind, set()).add(ident)
    people = Membership.objects.filter(id__in=ids["person"]).select_related("user") if "person" in ids else ()
    found = {f"person:{row.id}": row.user.name or row.user.email for row in people}
    keys = ApiKey.objects.filter(id__in=ids["key"]) if "key" in ids else ()
    return found | {f"key:{row.id}": row.name for row in keys}


def views(membership_id: UUID, area: str) -> list[SavedView]:
    """What a person keeps of a list of the console, by name."""
    return list(SavedView.objects.filter(membership_id=membership_id, area=area).order_by("name"))


def _one(rows: QuerySet[Any], kind: str, ident: UUID, *, lock: bool) -> Any:
    row = (rows.select_for_update(of=("self",)) if lock else rows).filter(id=ident).first()
    if row is None:
        raise not_found(kind, ident)
    return row
