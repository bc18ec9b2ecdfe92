"""The organization's settings and its merchants."""

from __future__ import annotations

from datetime import datetime, time
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema, Status
from pydantic import Field

from homestretch.accounts import actions, queries
from homestretch.accounts.intake import keep_logo, logo_of
from homestretch.events.clock import now
from homestretch.events.scope import scope
from homestretch.web.entry import OWN, READ, WRITE
from homestretch.web.etags import check_version
from homestretch.web.once import once_of
from homestretch.web.pages import Page, PageQuery, page
from homestretch.web.pictures import picture
from homestretch.web.schemas import Word

router = Router(tags=["organization"])
merchants = Router(tags=["organization"])
Span = Annotated[list[Annotated[str, Field(max_length=5)]], Field(min_length=2, max_length=2)]  # 08:00 to 12:00
LOGO_BODY = {
    "requestBody": {
        "description": "The bytes of a JPEG, PNG or WebP of at most 4 MB.",
        "content": {"image/*": {"schema": {"type": "string", "format": "binary"}}},
    }
}


class OrganizationOut(Schema):
    """The organization and its settings."""

    id: UUID
    name: str
    slug: str
    zone: str = Field(description="IANA zone in which days begin and quiet hours are read.")
    language: str
    currency: str
    country: str = Field(description="ISO 3166-1, for phone numbers that are written nationally.")
    phone: str
    email: str
    promise_early_s: int = Field(description="A promise begins this long before the planned arrival, seconds.")
    promise_late_s: int = Field(description="And ends this long after it, seconds.")
    attempts: int = Field(description="Tries before an order has failed.")
    quiet_from: time = Field(description="No message from here, in the organization's local time.")
    quiet_to: time
    silent_after_s: int = Field(description="A vehicle on the road that says nothing so long is silent, seconds.")
    message_cap: int = Field(description="Most messages in a day.")
    muted: list[str] = Field(max_length=40, description="Messages that are not sent, as `survey:sms`.")
    positions_days: int = Field(description="How long positions are kept, days.")
    accent: str = Field(description="#rrggbb, on what recipients see; empty: ours.")
    logo: str = Field(description="SHA-256 of the mark that recipients see, or empty.")
    choice_days: int = Field(description="How many days ahead recipients may choose another time; 0: not at all.")
    choice_cutoff_s: int = Field(description="They may until so long before, seconds.")
    choice_windows: list[list[str]] = Field(description="What they may choose, local times of a day.")
    choice_places: list[str] = Field(description="Where they may have goods left: neighbor, safe_place, mailbox.")
    pickup_windows: list[list[str]] = Field(
        description="When they may take their goods at a depot instead, local times of its days; none: not at all."
    )
    booking: bool = Field(description="Whether they are asked for a time before their order is planned.")
    version: int
    created_at: datetime


class OrganizationChange(Schema):
    """What is to be changed; what is not named stays."""

    name: str | None = Field(None, min_length=1, max_length=120, examples=["Greengrocer Vans"])
    zone: str | None = Field(None, max_length=60, examples=["Europe/Berlin"])
    language: str | None = Field(None, max_length=12, examples=["de"])
    currency: str | None = Field(None, min_length=3, max_length=3, examples=["EUR"])
    country: str | None = Field(None, min_length=2, max_length=2, examples=["DE"])
    phone: str | None = Field(None, max_length=20, examples=["+493012345678"])
    email: str | None = Field(None, max_length=254, examples=["vans@greengrocer.example"])
    promise_early_s: int | None = Field(None, ge=0, le=43200)
    promise_late_s: int | None = Field(None, ge=0, le=43200)
    attempts: int | None = Field(None, ge=1, le=10)
    quiet_from: time | None = Field(None, examples=["21:00:00"])
    quiet_to: time | None = Field(None, examples=["07:00:00"])
    silent_after_s: int | None = Field(None, ge=60, le=86400)
    message_cap: int | None = Field(None, ge=0, le=10_000_000)
    muted: list[Word] | None = Field(None, max_length=40, examples=[["survey:sms"]])
    positions_days: int | None = Field(None, ge=1, le=3650)
    accent: str | None = Field(None, max_length=7, examples=["#0b6b53"])
    choice_days: int | None = Field(None, ge=0, le=60)
    choice_cutoff_s: int | None = Field(None, ge=0, le=604800)
    choice_windows: list[Span] | None = Field(None, max_length=12, examples=[[["08:00", "12:00"]]])
    choice_places: list[Word] | None = Field(None, max_length=10, examples=[["neighbor"]])
    pickup_windows: list[Span] | None = Field(None, max_length=12, examples=[[["16:00", "20:00"]]])
    booking: bool | None = None


class MerchantIn(Schema):
    """Whose goods are moved."""

    name: str = Field(min_length=1, max_length=120, examples=["Bloom & Co"])
    external_id: str | None = Field(None, min_length=1, max_length=120, examples=["M-17"])


class MerchantChange(Schema):
    """What is to be changed; what is not named stays."""

    name: str | None = Field(None, min_length=1, max_length=120, examples=["Bloom & Daughters"])
    external_id: str | None = Field(None, min_length=1, max_length=120)
    active: bool | None = Field(None, description="Off: the merchant's people and keys are shut out.")


class MerchantOut(Schema):
    """A merchant."""

    id: UUID
    name: str
    external_id: str | None
    active: bool
    version: int
    created_at: datetime


def given(change: Schema) -> dict[str, Any]:
    """The fields that were sent, without nulls: null means what is left out means."""
    return {name: value for name, value in change.dict(exclude_unset=True).items() if value is not None}


def _merchant(row: Any) -> MerchantOut:
    return MerchantOut.from_orm(row)


@router.get("", auth=READ("organization"), response=OrganizationOut)
def get_organization(request: HttpRequest) -> Any:
    """The organization that asks."""
    with scope(request.auth):
        return OrganizationOut.from_orm(queries.organization())


@router.patch("", auth=OWN("organization"), response=OrganizationOut)
def change_organization(request: HttpRequest, change: OrganizationChange) -> Any:
    """Change settings. Refuses `organization.setting_invalid` and `zone.unknown`."""
    by = request.auth
    with scope(by):
        version = queries.organization().version
        check_version(request, version)
    return OrganizationOut.from_orm(actions.update_organization(given(change), version=version, by=by, at=now()))


@router.put("/logo", auth=OWN("organization"), response=OrganizationOut, openapi_extra=LOGO_BODY)
def put_logo(request: HttpRequest) -> Any:
    """The mark that recipients see beside the name; no bytes take it away. Refuses `proof.not_an_image`."""
    return OrganizationOut.from_orm(keep_logo(request.body, by=request.auth, at=now()))


@router.get("/logo", auth=READ("organization"))
def get_logo(request: HttpRequest) -> HttpResponse:
    """The mark. Refuses `logo.not_found`."""
    return picture(*logo_of(by=request.auth))


@merchants.get("", auth=READ("organization", merchant=True), response=Page[MerchantOut])
def list_merchants(request: HttpRequest, part: Query[PageQuery]) -> Any:
    """Merchants, oldest first. A merchant sees itself alone."""
    with scope(request.auth):
        return page(queries.merchants(), part.cursor, part.limit, show=_merchant)


@merchants.post("", auth=WRITE("organization"), response={201: MerchantOut})
def create_merchant(request: HttpRequest, data: MerchantIn) -> Any:
    """Enter a merchant. Refuses `merchant.external_id_taken`."""
    once = once_of(request, "create_merchant", _merchant)
    by = request.auth
    made = actions.create_merchant(data.name, external_id=data.external_id, by=by, at=now(), once=once)
    return Status(201, _merchant(made))


@merchants.get("/{merchant_id}", auth=READ("organization", merchant=True), response=MerchantOut)
def get_merchant(request: HttpRequest, merchant_id: UUID) -> Any:
    """One merchant."""
    with scope(request.auth):
        return _merchant(queries.merchant(merchant_id))


@merchants.patch("/{merchant_id}", auth=WRITE("organization"), response=MerchantOut)
def change_merchant(request: HttpRequest, merchant_id: UUID, change: MerchantChange) -> Any:
    """Rename a merchant, change its external_id, or switch it on or off."""
    by = request.auth
    with scope(by):
        version = queries.merchant(merchant_id).version
        check_version(request, version)
    return _merchant(actions.change_merchant(merchant_id, given(change), version=version, by=by, at=now()))
