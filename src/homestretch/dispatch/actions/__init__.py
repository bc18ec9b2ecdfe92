"""The verbs of dispatch."""

from homestretch.dispatch.actions.amending import amend
from homestretch.dispatch.actions.changes import add_task, reassign, remove_task, resequence, take_off_cancelled
from homestretch.dispatch.actions.forgetting import forget
from homestretch.dispatch.actions.moving import move_stop, return_to_depot
from homestretch.dispatch.actions.proofs import capture_proof, keep_blob
from homestretch.dispatch.actions.reading import read_route
from homestretch.dispatch.actions.release import release
from homestretch.dispatch.actions.routes import (
    accept_route,
    acknowledge,
    end_break,
    finish_route,
    note_driven,
    recall,
    reject_route,
    start_break,
    start_loading,
    start_route,
)
from homestretch.dispatch.actions.scans import scan
from homestretch.dispatch.actions.stops import (
    arrive_stop,
    begin_stop,
    complete_stop,
    depart_stop,
    fail_stop,
    partial_stop,
    skip_stop,
)
from homestretch.dispatch.actions.sync import apply_intents
from homestretch.dispatch.actions.telling import order_changed, tell_driver
from homestretch.dispatch.actions.uploads import drop_parts, keep_part

__all__ = [
    "accept_route",
    "acknowledge",
    "add_task",
    "amend",
    "apply_intents",
    "arrive_stop",
    "begin_stop",
    "capture_proof",
    "complete_stop",
    "depart_stop",
    "drop_parts",
    "end_break",
    "fail_stop",
    "finish_route",
    "forget",
    "keep_blob",
    "keep_part",
    "move_stop",
    "note_driven",
    "order_changed",
    "partial_stop",
    "read_route",
    "reassign",
    "recall",
    "reject_route",
    "release",
    "remove_task",
    "resequence",
    "return_to_depot",
    "scan",
    "skip_stop",
    "start_break",
    "start_loading",
    "start_route",
    "take_off_cancelled",
    "tell_driver",
]
