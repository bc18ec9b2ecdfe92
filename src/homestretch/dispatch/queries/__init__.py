"""Reads of dispatch, inside a scope."""

from homestretch.dispatch.queries.board import RouteLine, StopLine, route_lines, stop_lines
from homestretch.dispatch.queries.driven import pace
from homestretch.dispatch.queries.effort import Effort, efforts
from homestretch.dispatch.queries.foresee import foresee
from homestretch.dispatch.queries.loading import Cargo, Load, load_of, loads_at
from homestretch.dispatch.queries.places import LivePlace, places_for
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
    serves,
    standing,
    stop,
    stops_by_route,
    stops_for_order,
    stops_of,
)
from homestretch.dispatch.queries.running import (
    ahead_of,
    drives,
    in_turn,
    last_served,
    lines,
    next_stop,
    next_to_reach,
    open_stops,
    running,
    windows_of,
)
from homestretch.dispatch.queries.sheet import driver_messages, route_sheet, sheet_stops
from homestretch.dispatch.queries.uploads import pieces, received

__all__ = [
    "Cargo",
    "Effort",
    "LivePlace",
    "Load",
    "RouteLine",
    "StopLine",
    "ahead_of",
    "blob",
    "driver_messages",
    "drives",
    "efforts",
    "foresee",
    "halt",
    "in_turn",
    "known_blobs",
    "last_served",
    "lines",
    "live_route_of_driver",
    "load_of",
    "loads_at",
    "next_stop",
    "next_to_reach",
    "open_stops",
    "pace",
    "package_balance",
    "pieces",
    "places_for",
    "proof",
    "proofs_of",
    "received",
    "route",
    "route_lines",
    "route_sheet",
    "routes",
    "routes_on",
    "running",
    "serves",
    "sheet_stops",
    "standing",
    "stop",
    "stop_lines",
    "stops_by_route",
    "stops_for_order",
    "stops_of",
    "windows_of",
]
