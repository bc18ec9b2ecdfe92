"""Where each area's operations are, and under which address: the API's routers, of several doors, on one screen."""

from __future__ import annotations

from ninja import Router

from homestretch.doors.api import (
    auth,
    blackouts,
    board,
    conversations,
    devices,
    driver_messages,
    editing,
    exceptions,
    fleet,
    geocoding,
    imports,
    keys,
    measures,
    members,
    messages,
    offers,
    orders,
    organization,
    places,
    plans,
    recipients,
    recovery,
    routes,
    stops,
    track,
    tracking,
    travel,
    webhooks,
    zones,
)
from homestretch.doors.api.api import api
from homestretch.doors.api.board import foreseen
from homestretch.doors.driver import api as driver
from homestretch.doors.driver import phone

__all__ = ["ROUTERS", "api"]

ROUTERS: list[tuple[str, Router]] = [
    ("/auth", auth.router),
    ("/organization", organization.router),
    ("/merchants", organization.merchants),
    ("/members", members.router),
    ("/keys", keys.router),
    ("/devices", devices.router),
    ("/orders", orders.router),
    ("/recipients", recipients.router),
    ("/imports", imports.router),
    ("/places", geocoding.router),  # before the places: `search` is no id of one
    ("/places", places.router),
    ("/zones", zones.router),
    ("/service-areas", zones.areas),
    ("/blackouts", blackouts.router),
    ("/depots", fleet.depots),
    ("/vehicles", fleet.vehicles),
    ("/drivers", fleet.drivers),
    ("/shift-rules", fleet.shift_rules),
    ("/shifts", fleet.shifts),
    ("/plans", plans.router),
    ("/plans", editing.router),
    ("/board", board.router),
    ("/board", foreseen.router),
    ("/messages", messages.router),
    ("/conversations", conversations.router),
    ("/track", track.router),
    ("/webhooks", webhooks.router),
    ("/measures", measures.router),
    ("/routes", routes.router),
    ("/routes", driver_messages.router),
    ("/tracking", tracking.router),
    ("/travel", travel.router),
    ("/stops", stops.router),
    ("/proofs", stops.proofs),
    ("/exceptions", exceptions.router),
    ("/recovery", recovery.router),
    ("/recovery", offers.router),
    ("/driver", driver.router),
    ("/driver", phone.router),
]

for _prefix, _router in ROUTERS:
    api.add_router(_prefix, _router)
