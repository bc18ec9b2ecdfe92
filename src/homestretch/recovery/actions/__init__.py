"""The verbs of recovery."""

from homestretch.recovery.actions.exceptions import assign, raise_, resolve, settle, settle_order, settle_placed
from homestretch.recovery.actions.pickups import await_pickup, miss_pickup
from homestretch.recovery.actions.policies import set_policy
from homestretch.recovery.actions.proposals import accept, ask, begin, decline, expire, fail, finish, overtake, suggest

__all__ = [
    "accept",
    "ask",
    "assign",
    "await_pickup",
    "begin",
    "decline",
    "expire",
    "fail",
    "finish",
    "miss_pickup",
    "overtake",
    "raise_",
    "resolve",
    "set_policy",
    "settle",
    "settle_order",
    "settle_placed",
    "suggest",
]
