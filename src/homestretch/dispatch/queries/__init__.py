"""Reads of dispatch, inside a scope."""

from homestretch.dispatch.queries.routes import (
    blob,
    halt,
    known_blobs,
    live_route_of_driver,
    package_balance,
    proof,
    proofs_of,
    route,
    routes,
    routes_on,
    stop,
    stops_by_route,
    stops_for_order,
    stops_of,
)
from homestretch.dispatch.queries.running import drives, in_turn, next_stop, open_stops, running
from homestretch.dispatch.queries.sheet import route_sheet

__all__ = [
    "blob",
    "drives",
    "halt",
    "in_turn",
    "known_blobs",
    "live_route_of_driver",
    "next_stop",
    "open_stops",
    "package_balance",
    "proof",
    "proofs_of",
    "route",
    "route_sheet",
    "routes",
    "routes_on",
    "running",
    "stop",
    "stops_by_route",
    "stops_for_order",
    "stops_of",
]
