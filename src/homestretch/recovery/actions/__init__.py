"""The verbs of recovery."""

from homestretch.recovery.actions.exceptions import assign, raise_, resolve, settle, settle_order, settle_placed
from homestretch.recovery.actions.offers import (
    accept_offer,
    decline_offer,
    lapse,
    left_open,
    offer,
    pass_on,
    put_on,
    retract,
    withdraw_offer,
)
from homestretch.recovery.actions.pickups import await_pickup, miss_pickup
from homestretch.recovery.actions.policies import set_policy
from homestretch.recovery.actions.proposals import accept, ask, begin, decline, expire, fail, finish, overtake, suggest

__all__ = [
    "accept",
    "accept_offer",
    "ask",
    "assign",
    "await_pickup",
    "begin",
    "decline",
    "decline_offer",
    "expire",
    "fail",
    "finish",
    "lapse",
    "left_open",
    "miss_pickup",
    "offer",
    "overtake",
    "pass_on",
    "put_on",
    "raise_",
    "resolve",
    "retract",
    "set_policy",
    "settle",
    "settle_order",
    "settle_placed",
    "suggest",
    "withdraw_offer",
]
