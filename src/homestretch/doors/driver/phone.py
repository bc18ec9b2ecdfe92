"""The phone itself: whose it is, signing out, and a tracker app that goes on when its screen is off."""

from __future__ import annotations

import base64
import hmac
import json
from hashlib import sha256
from typing import Any, Literal
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from ninja import Field, Router, Schema, Status

from homestretch.accounts import actions as accounts
from homestretch.accounts import queries as known
from homestretch.dispatch import queries as dispatch
from homestretch.events.clock import now
from homestretch.events.scope import scope
from homestretch.fleet import queries as fleet
from homestretch.kernel.actor import Actor, system
from homestretch.kernel.refusal import Refusal
from homestretch.web.entry import DRIVER
from homestretch.web.qr import qr_svg

router = Router(tags=["driver"])
EVERY_S = 15  # seconds between two positions of a tracker app


class PhoneOut(Schema):
    """Whose phone this is, and of whom."""

    driver_id: UUID
    driver: str = Field(max_length=200, examples=["Mira Hoffmann"])
    device_id: UUID
    organization: str = Field(max_length=200)
    dispatcher_phone: str = Field(max_length=20, description="E.164; '' where none is set.")
    zone: str = Field(max_length=60, description="IANA.", examples=["Europe/Luxembourg"])
    share: str = Field(
        max_length=64,
        description="The driver's share of the key that seals what waits on a phone: the same for each of the"
        " driver's sign-ins, and another one for each driver. To be kept nowhere.",
    )


class TrackerIn(Schema):
    """Which app."""

    app: Literal["traccar", "owntracks"]


class TrackerOut(Schema):
    """How the app is set up: a tap on the link on this phone, or the QR code for another one."""

    device_id: UUID
    address: str = Field(max_length=400, description="Where the app sends positions to.")
    identifier: str = Field(max_length=120, description="What Traccar Client calls its device identifier.")
    link: str = Field(max_length=2000)
    qr: str = Field(max_length=200_000, description="The link as SVG.")


@router.get("/phone", auth=DRIVER, response=PhoneOut)
def get_phone(request: HttpRequest) -> dict[str, Any]:
    """Who is signed in on this phone."""
    actor: Actor = request.auth
    with scope(actor):
        driver, organization = fleet.driver(_driver(actor)), known.organization()
    return {
        "driver_id": driver.id,
        "driver": driver.name,
        "device_id": actor.device_id,
        "organization": organization.name,
        "dispatcher_phone": organization.phone,
        "zone": organization.zone,
        "share": share_of(actor.organization_id, driver.id),
    }


@router.delete("/phone", auth=DRIVER, response={204: None})
def sign_out_phone(request: HttpRequest) -> Any:
    """Shut this phone out: its token opens nothing from now on."""
    actor: Actor = request.auth
    if actor.device_id is not None:
        accounts.revoke_device(actor.device_id, by=actor, at=now())
    return Status(204, None)


@router.post("/tracker", auth=DRIVER, response={201: TrackerOut}, openapi_extra={"x-no-key": True})
def pair_tracker(request: HttpRequest, data: TrackerIn) -> Any:
    """Let Traccar Client or OwnTracks send the positions of the route's vehicle, with an id of its own. Asked again,
    the former one of this driver is shut out. Refuses `route.not_found` where the driver has no live route."""
    actor: Actor = request.auth
    with scope(actor):
        route = dispatch.live_route_of_driver(_driver(actor))
        driver = fleet.driver(_driver(actor))
    if route is None:
        raise Refusal("route.not_found", "there is no route today", remedy="a tracker belongs to a route's vehicle")
    name = f"{driver.name} · {data.app}"[:120]
    by, at = system(actor.organization_id), now()
    with scope(by):
        former = known.devices().filter(kind="tracker", vehicle_id=route.vehicle_id, name=name, revoked_at=None)
        stale = list(former.values_list("id", flat=True))
    for device_id in stale:
        accounts.revoke_device(device_id, by=by, at=at)
    _, code = accounts.pair_device("tracker", vehicle_id=route.vehicle_id, name=name, by=by, at=at)
    device, token = accounts.claim_device(code, at=at)
    set_up = traccar(token) if data.app == "traccar" else owntracks(token, driver.name)
    return Status(201, {"device_id": device.id, "identifier": token, **set_up, "qr": qr_svg(set_up["link"])})


def share_of(organization_id: UUID, driver_id: UUID) -> str:
    """32 bytes in hex, of the server's key, the organization and the driver."""
    what = f"driver's outbox {organization_id} {driver_id}"
    return hmac.new(settings.SECRET_KEY.encode(), what.encode(), sha256).hexdigest()


def traccar(token: str) -> dict[str, str]:
    """Traccar Client reads its settings from a link of its own scheme, tapped or scanned, and starts at once."""
    address = f"{_site()}/live/osmand/"
    wanted = {"url": address, "id": token, "interval": EVERY_S, "accuracy": "high", "service": "true"}
    return {"address": address, "link": f"org.traccar.client://config?{urlencode(wanted)}"}


def owntracks(token: str, name: str) -> dict[str, str]:
    """OwnTracks reads its configuration, as base64, from a link of its own scheme; mode 3 is HTTP."""
    address = f"{_site()}/live/owntracks/{token}"
    initials = "".join(word[0] for word in name.split()[:2]).upper() or "DR"
    wanted = {
        "_type": "configuration",
        "mode": 3,
        "url": address,
        "tid": initials[:2],
        "monitoring": 2,
        "moveModeLocatorInterval": EVERY_S,
        "auth": False,
    }
    inline = base64.urlsafe_b64encode(json.dumps(wanted, separators=(",", ":")).encode()).decode()
    return {"address": address, "link": f"owntracks:///config?inline={inline}"}


def _site() -> str:
    return str(settings.HOMESTRETCH_URL)


def _driver(actor: Actor) -> UUID:
    if actor.driver_id is None:
        raise TypeError("the entry lets drivers in alone")
    return actor.driver_id
