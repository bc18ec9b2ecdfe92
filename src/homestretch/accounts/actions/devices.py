"""Devices: a driver's phone, a vehicle's tracker. A one-time code becomes a token."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.db.models.functions import Now

from homestretch.accounts import queries, rules
from homestretch.accounts.events import DeviceAdded, DevicePaired, DeviceRevoked
from homestretch.accounts.models import Device
from homestretch.accounts.principals import waiting_device
from homestretch.events.action import action
from homestretch.events.log import record
from homestretch.kernel.actor import Actor, system
from homestretch.kernel.ids import new_secret, pairing_code, read_pairing_code, secret_hash
from homestretch.kernel.refusal import Refusal


@action
def pair_device(
    kind: str,
    *,
    driver_id: UUID | None = None,
    vehicle_id: UUID | None = None,
    name: str = "",
    by: Actor,
    at: datetime,
) -> tuple[Device, str]:
    """Give a device that is to come a one-time code, good for 15 real minutes.

    A phone belongs to a driver, a tracker to a vehicle: refuses `device.owner_mismatch`. Whether they exist is for
    the caller to say: both stand above this slice.
    """
    if (kind, driver_id is None, vehicle_id is None) not in {("phone", False, True), ("tracker", True, False)}:
        raise Refusal(
            "device.owner_mismatch",
            "a phone belongs to a driver, a tracker to a vehicle",
            remedy="give driver_id with kind phone, vehicle_id with kind tracker",
            field="kind",
        )
    code = pairing_code()
    device: Device = Device.objects.create(
        kind=kind,
        name=name,
        driver_id=driver_id,
        vehicle_id=vehicle_id,
        pairing_hash=secret_hash(code),
        pairing_expires_at=Now() + rules.PAIRED_WITHIN,
        created_at=at,
    )
    device.refresh_from_db(fields=["pairing_expires_at"])
    record(DeviceAdded(device.id, kind, driver_id, vehicle_id), by=by, at=at)
    return device, code


def claim_device(code: str, *, at: datetime) -> tuple[Device, str]:
    """Turn a one-time code into the device's token, once. Refuses `device.code_invalid`: wrong, used or too old."""
    typed = read_pairing_code(code)
    found = waiting_device(typed)
    if found is None:
        raise _code_invalid()
    return _claim(found[1], secret_hash(typed), by=system(found[0]), at=at)


@action
def _claim(device_id: UUID, code_hash: bytes, *, by: Actor, at: datetime) -> tuple[Device, str]:
    device = queries.device(device_id, lock=True)
    if device.pairing_hash is None or bytes(device.pairing_hash) != code_hash or device.revoked_at is not None:
        raise _code_invalid()  # somebody was faster
    token = new_secret("hsd")
    device.token_hash, device.pairing_hash, device.pairing_expires_at = secret_hash(token), None, None
    device.paired_at = at
    device.version += 1
    device.save()
    record(DevicePaired(device.id, device.driver_id), by=by, at=at)
    return device, token


@action
def revoke_device(device_id: UUID, *, by: Actor, at: datetime) -> Device:
    """Shut a device out, at once and for good; a second time changes nothing."""
    device = queries.device(device_id, lock=True)
    if device.revoked_at is None:
        _shut_out(device, by=by, at=at)
    return device


@action
def revoke_devices_of(owner_id: UUID, *, by: Actor, at: datetime) -> list[Device]:
    """Shut out the phones of a driver, or the trackers of a vehicle; those too that still wait for their code."""
    owned = queries.devices().filter(Q(driver_id=owner_id) | Q(vehicle_id=owner_id), revoked_at=None)
    devices = list(owned.select_for_update(of=("self",)).order_by("id"))
    for device in devices:
        _shut_out(device, by=by, at=at)
    return devices


def _shut_out(device: Device, *, by: Actor, at: datetime) -> None:
    device.revoked_at, device.pairing_hash = at, None
    device.version += 1
    device.save()
    record(DeviceRevoked(device.id), by=by, at=at)


def _code_invalid() -> Refusal:
    return Refusal(
        "device.code_invalid",
        "the code is wrong, used or older than 15 minutes",
        remedy="ask the dispatcher for a new one",
        field="code",
    )
