"""The verbs of orders, by family."""

from homestretch.orders.actions.bulk import act_on, ask_bulk
from homestretch.orders.actions.change import cancel_order, set_instructions, update_order
from homestretch.orders.actions.create import confirm_order, create_order, settle_place
from homestretch.orders.actions.days import reschedule
from homestretch.orders.actions.doors import set_door, set_door_photo
from homestretch.orders.actions.holding import free_order, hold_order
from homestretch.orders.actions.imports import check_import, receive_import, run_import, undo_import
from homestretch.orders.actions.people import erase_recipient, opt_in, opt_out
from homestretch.orders.actions.pickups import deliver_after_all, hand_over, set_aside
from homestretch.orders.actions.promises import (
    make_promises,
    promise_told,
    settle_promise,
    supersede_promise,
)
from homestretch.orders.actions.rebooking import rebook
from homestretch.orders.actions.work import finish_task, mark_returned, scan_package, schedule, start, unschedule

__all__ = [
    "act_on",
    "ask_bulk",
    "cancel_order",
    "check_import",
    "confirm_order",
    "create_order",
    "deliver_after_all",
    "erase_recipient",
    "finish_task",
    "free_order",
    "hand_over",
    "hold_order",
    "make_promises",
    "mark_returned",
    "opt_in",
    "opt_out",
    "promise_told",
    "rebook",
    "receive_import",
    "reschedule",
    "run_import",
    "scan_package",
    "schedule",
    "set_aside",
    "set_door",
    "set_door_photo",
    "set_instructions",
    "settle_place",
    "settle_promise",
    "start",
    "supersede_promise",
    "undo_import",
    "unschedule",
    "update_order",
]
