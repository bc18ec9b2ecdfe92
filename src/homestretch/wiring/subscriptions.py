"""Who hears of what: the whole nervous system, on one screen. Names as text; a test proves that each exists."""

from __future__ import annotations

from homestretch.accounts.events import DevicePaired, DeviceRevoked
from homestretch.dispatch.events import (
    BreakEnded,
    BreakStarted,
    ReportRefused,
    RouteFinished,
    RouteRecalled,
    RouteRejected,
    RouteReleased,
    RouteStarted,
    RouteUpdated,
    StopCancelled,
    StopCompleted,
    StopDeparted,
    StopEnRoute,
    StopFailed,
    StopPartial,
    StopReportedLate,
    StopSkipped,
)
from homestretch.events.subscribe import Every, Subscription, bulk, drain, each
from homestretch.kernel.facts import Fact
from homestretch.orders.events import (
    OrderCancelled,
    OrderCompleted,
    OrderFailed,
    OrderHeld,
    OrderPartiallyCompleted,
    OrderReady,
    OrderReturned,
    OrderScheduled,
    OrderUpdated,
    PromiseAtRisk,
    PromiseBroken,
    PromiseKept,
    PromiseSuperseded,
    RecipientErased,
)
from homestretch.places.events import PlaceCorrected, PlaceLocated, PlaceMerged, PlaceOutside, PlaceUnmerged
from homestretch.plans.events import PlanSolved
from homestretch.recovery.events import ProposalAccepted
from homestretch.tracking.events import EtaShifted, StopApproaching, VehicleHeard, VehicleSilent
from homestretch.travel.events import ClosureEnded, ClosureMade, SpeedsReplaced, WeatherSet

SUBSCRIPTIONS: dict[type[Fact] | type[Every], list[Subscription]] = {
    PlaceLocated: [bulk("orders.place_settled")],
    PlaceCorrected: [each("orders.place_settled")],
    PlaceOutside: [bulk("orders.place_settled")],
    PlaceMerged: [each("orders.place_settled")],
    PlaceUnmerged: [each("orders.place_settled")],
    DevicePaired: [each("tracking.device")],
    DeviceRevoked: [each("tracking.device")],
    OrderUpdated: [each("dispatch.order_updated")],
    OrderReady: [drain("messaging.invite"), drain("recovery.place")],
    OrderScheduled: [bulk("messaging.notify"), bulk("recovery.settle")],
    OrderCompleted: [each("messaging.notify"), each("recovery.settle")],
    OrderPartiallyCompleted: [each("recovery.settle")],
    OrderFailed: [each("recovery.settle")],
    OrderReturned: [each("recovery.settle")],
    RecipientErased: [each("messaging.forget"), each("dispatch.forget")],
    OrderHeld: [each("recovery.settle")],
    OrderCancelled: [each("dispatch.order_cancelled"), each("recovery.settle"), bulk("messaging.notify")],
    PromiseAtRisk: [each("recovery.consider")],
    PromiseKept: [each("recovery.settle")],
    PromiseBroken: [each("recovery.settle")],
    PromiseSuperseded: [each("recovery.settle")],
    PlanSolved: [each("recovery.consider")],
    RouteReleased: [each("tracking.begin"), each("recovery.settle")],
    RouteStarted: [each("tracking.duty")],
    RouteUpdated: [
        *(each("tracking.duty"), each("tracking.reforecast")),
        *(each("recovery.expire"), each("recovery.consider"), each("recovery.settle")),
    ],
    RouteFinished: [each("tracking.duty"), each("recovery.settle"), each("recovery.expire"), each("insights.heed")],
    RouteRecalled: [each("tracking.duty"), each("recovery.settle"), each("recovery.expire")],
    RouteRejected: [each("tracking.duty"), each("recovery.expire"), each("recovery.hand_over")],
    BreakStarted: [each("tracking.reforecast")],
    BreakEnded: [each("tracking.reforecast")],
    StopEnRoute: [each("messaging.notify")],
    StopApproaching: [each("messaging.notify")],
    StopCompleted: [each("tracking.reforecast"), each("messaging.notify"), each("dispatch.remember_place")],
    StopPartial: [each("tracking.reforecast"), each("messaging.notify"), each("dispatch.remember_place")],
    StopFailed: [each("tracking.reforecast"), each("messaging.notify"), each("recovery.consider")],
    StopDeparted: [each("dispatch.remember_place")],
    StopSkipped: [each("tracking.reforecast")],
    StopCancelled: [each("tracking.reforecast"), each("recovery.consider"), each("recovery.reconsider")],
    EtaShifted: [each("recovery.consider")],
    ClosureMade: [each("tracking.roads_changed")],
    ClosureEnded: [each("tracking.roads_changed")],
    WeatherSet: [each("tracking.roads_changed")],
    SpeedsReplaced: [each("tracking.roads_changed")],
    ProposalAccepted: [each("messaging.notify")],
    StopReportedLate: [each("recovery.consider")],
    ReportRefused: [each("recovery.consider")],
    VehicleSilent: [each("recovery.consider")],
    VehicleHeard: [each("recovery.settle")],
    Every: [drain("webhooks.relay"), drain("insights.digest")],
}
