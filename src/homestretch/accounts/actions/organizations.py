"""Setting up an organization, its settings, its merchants."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from homestretch.accounts import queries, rules
from homestretch.accounts.actions.people import join, person
from homestretch.accounts.events import MerchantChanged, MerchantCreated, OrganizationCreated, OrganizationUpdated
from homestretch.accounts.models import Merchant, Organization
from homestretch.events.action import action
from homestretch.events.log import record
from homestretch.events.subscribe import introduce
from homestretch.kernel.actor import Actor, Role, system
from homestretch.kernel.ids import uuid7
from homestretch.kernel.refusal import Refusal, check_version


def create_organization(
    name: str,
    owner_email: str,
    owner_password: str | None,
    *,
    at: datetime,
    organization_id: UUID | None = None,
    **settings: Any,
) -> Organization:
    """Set up an organization with its first owner. The console script and the demo call it; no door does.

    `settings` are further ones, as in `update_organization`; `owner_name` and `staff` (may open the back office)
    describe the owner. A person whom another organization knows keeps the own password. Without a password the owner
    signs in after resetting it. Refuses `password.weak` and what `rules.read_settings` refuses.
    """
    ident = organization_id or uuid7()
    return _create(ident, name, (owner_email, owner_password), settings, by=system(ident), at=at)


@action
def _create(
    ident: UUID, name: str, owner: tuple[str, str | None], settings: dict[str, Any], *, by: Actor, at: datetime
) -> Organization:
    owner_name, staff = settings.pop("owner_name", ""), settings.pop("staff", False)
    values = rules.read_settings({"name": name, **settings})
    organization = Organization.objects.create(id=ident, slug=rules.slug_of(name), created_at=at, **values)
    introduce(ident)
    record(OrganizationCreated(ident), by=by, at=at)
    user = person(owner[0], owner[1], owner_name, at=at)
    if staff and not user.is_staff:
        user.is_staff = True
        user.save(update_fields=["is_staff"])
    join(user, Role.OWNER, None, by=by, at=at)
    return organization


@action
def update_organization(
    changes: Mapping[str, Any], *, version: int | None = None, by: Actor, at: datetime
) -> Organization:
    """Change settings of the organization. `version` is the one that was seen: refuses `organization.stale`."""
    values = rules.read_settings(changes)
    organization = queries.organization(lock=True)
    check_version("organization", version, organization.version)
    for name, value in values.items():
        setattr(organization, name, value)
    organization.version += 1
    organization.save()
    record(OrganizationUpdated(organization.id, tuple(sorted(values))), by=by, at=at)
    return organization


@action
def set_logo(sha256: str, media_type: str, *, by: Actor, at: datetime) -> Organization:
    """Name the picture in the store that recipients see beside the organization's name; '' takes it away."""
    organization = queries.organization(lock=True)
    organization.logo, organization.logo_type = sha256, media_type
    organization.version += 1
    organization.save()
    record(OrganizationUpdated(organization.id, ("logo",)), by=by, at=at)
    return organization


@action
def create_merchant(name: str, *, external_id: str | None = None, by: Actor, at: datetime) -> Merchant:
    """Enter a merchant. Refuses `merchant.external_id_taken`."""
    _free(external_id, None)
    merchant: Merchant = Merchant.objects.create(name=name, external_id=external_id, created_at=at)
    record(MerchantCreated(merchant.id), by=by, at=at)
    return merchant


@action
def change_merchant(
    merchant_id: UUID, changes: Mapping[str, Any], *, version: int | None = None, by: Actor, at: datetime
) -> Merchant:
    """Rename a merchant, change `external_id`, or switch it on or off (`active`): off, its people and keys are out."""
    queries.organization(lock=True)
    merchant = queries.merchant(merchant_id, lock=True)
    check_version("merchant", version, merchant.version)
    if "external_id" in changes:
        _free(changes["external_id"], merchant.id)
    for name in ("name", "external_id", "active"):
        if name in changes:
            setattr(merchant, name, changes[name])
    merchant.version += 1
    merchant.save()
    record(MerchantChanged(merchant.id, merchant.active), by=by, at=at)
    return merchant


def _free(external_id: str | None, but: UUID | None) -> None:
    queries.organization(lock=True)  # so that two at once can't both find it free
    if external_id is not None and Merchant.objects.filter(external_id=external_id).exclude(id=but).exists():
        raise Refusal(
            "merchant.external_id_taken",
            "another merchant has this external_id",
            remedy="use that merchant, or another external_id",
            field="external_id",
        )
