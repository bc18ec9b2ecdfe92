"""Drivers' phones and vehicles' trackers."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema, Status
from pydantic import Field

from homestretch.accounts import actions, queries
from homestretch.events.clock import now
from homestretch.events.scope import scope
from homestretch.fleet import queries as fleet
from homestretch.kernel.refusal import Refusal
from homestretch.web.entry import PUBLIC, READ, WRITE
from homestretch.web.etags import check_version
from homestretch.web.limits import PAIRING, address_of, failures
from homestretch.web.once import once_of
from homestretch.web.pages import Page, PageQuery, page

router = Router(tags=["devices"])


class DeviceIn(Schema):
    """A phone for a driver, or a tracker for a vehicle."""

    kind: Literal["phone", "tracker"]
    name: str = Field("", max_length=120, examples=["Sam's phone"])
    driver_id: UUID | None = Field(None, description="With kind phone.")
    vehicle_id: UUID | None = Field(None, description="With kind tracker.")


class DeviceOut(Schema):
    """A phone or a tracker."""

    id: UUID
    kind: str
    name: str
    driver_id: UUID | None
    vehicle_id: UUID | None
    created_at: datetime
    paired_at: datetime | None
    revoked_at: datetime | None
    version: int


class DeviceWaiting(DeviceOut):
    """A device that is to come. The code is shown in this answer alone: a repetition of the request shows null."""

    code: str | None = Field(examples=["7KQ2M-XH4TD"])
    code_expires_at: datetime | None = Field(description="Real time, 15 minutes ahead.")


class CodeIn(Schema):
    """What the driver typed."""

    code: str = Field(min_length=10, max_length=20, examples=["7KQ2M-XH4TD"])


class DevicePaired(DeviceOut):
    """The device with its token: to be kept on the device, and shown nowhere else."""

    token: str


def _device(row: Any) -> DeviceOut:
    return DeviceOut.from_orm(row)


def _waiting(row: Any, code: str | None) -> DeviceWaiting:
    return DeviceWaiting(**_device(row).dict(), code=code, code_expires_at=row.pairing_expires_at)


@router.get("", auth=READ("fleet"), response=Page[DeviceOut])
def list_devices(request: HttpRequest, part: Query[PageQuery]) -> Any:
    """Phones and trackers, newest first, revoked ones too."""
    with scope(request.auth):
        return page(queries.devices(), part.cursor, part.limit, descending=True, show=_device)


@router.post("", auth=WRITE("fleet"), response={201: DeviceWaiting})
def pair_device(request: HttpRequest, data: DeviceIn) -> Any:
    """Give a device that is to come a one-time code. Refuses `device.owner_mismatch`, `driver.not_found`, and
    `device.owner_inactive` for a driver or vehicle that is no longer in service."""
    once = once_of(request, "pair_device", lambda made: _waiting(made[0], None))  # what is kept holds no code
    by = request.auth
    with scope(by):
        if data.driver_id:
            _check_active(fleet.driver(data.driver_id), "driver_id")
        if data.vehicle_id:
            _check_active(fleet.vehicle(data.vehicle_id), "vehicle_id")
    device, code = actions.pair_device(
        data.kind,
        driver_id=data.driver_id,
        vehicle_id=data.vehicle_id,
        name=data.name,
        by=by,
        at=now(),
        once=once,
    )
    return Status(201, _waiting(device, code))


def _check_active(owner: Any, field: str) -> None:
    if not owner.active:
        cause = f"{owner.name} is no longer in service"
        raise Refusal("device.owner_inactive", cause, remedy="take it into service first, or name another", field=field)


@router.post("/claim", auth=PUBLIC, response={201: DevicePaired})
def claim_device(request: HttpRequest, data: CodeIn) -> Any:
    """Turn a one-time code into the device's token. The code is its own key: it works once."""
    with failures(PAIRING, address_of(request)):
        device, token = actions.claim_device(data.code, at=now())
    return Status(201, DevicePaired(**_device(device).dict(), token=token))


@router.get("/{device_id}", auth=READ("fleet"), response=DeviceOut)
def get_device(request: HttpRequest, device_id: UUID) -> Any:
    """One device."""
    with scope(request.auth):
        return _device(queries.device(device_id))


@router.delete("/{device_id}", auth=WRITE("fleet"), response=DeviceOut)
def revoke_device(request: HttpRequest, device_id: UUID) -> Any:
    """Shut a device out, at once and for good."""
    by = request.auth
    with scope(by):
        check_version(request, queries.device(device_id).version)
    return _device(actions.revoke_device(device_id, by=by, at=now()))
