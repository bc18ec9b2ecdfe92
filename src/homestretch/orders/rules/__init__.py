"""Decisions about orders: their automaton, their promises, and how raw input is read."""

from homestretch.orders.rules.order import (
    ADDRESSES,
    CHANNELS,
    KINDS,
    read_changes,
    read_order,
    read_pin,
    read_recipient,
    read_tasks,
)
from homestretch.orders.rules.promises import Link, Verdict, cancelling_breaks, is_their_wish, settle_chain
from homestretch.orders.rules.states import (
    NOT_AN_ATTEMPT,
    ON_ROUTE,
    PLANNABLE,
    RESULTS,
    STATES,
    TERMINAL,
    Ended,
    Work,
    finish,
    settle,
    step,
)

__all__ = [
    "ADDRESSES",
    "CHANNELS",
    "KINDS",
    "NOT_AN_ATTEMPT",
    "ON_ROUTE",
    "PLANNABLE",
    "RESULTS",
    "STATES",
    "TERMINAL",
    "Ended",
    "Link",
    "Verdict",
    "Work",
    "cancelling_breaks",
    "finish",
    "is_their_wish",
    "read_changes",
    "read_order",
    "read_pin",
    "read_recipient",
    "read_tasks",
    "settle",
    "settle_chain",
    "step",
]
