"""The verbs of plans: ask and solve, edit, release."""

from homestretch.plans.actions.asking import ask, begin, cancel, fail, finish, keep_question, report
from homestretch.plans.actions.editing import drop, edit, mark_released, move, redo, undo
from homestretch.plans.actions.searching import Again, again_of, finish_again, optimize
from homestretch.plans.presence import say_gone, say_present

__all__ = [
    "Again",
    "again_of",
    "ask",
    "begin",
    "cancel",
    "drop",
    "edit",
    "fail",
    "finish",
    "finish_again",
    "keep_question",
    "mark_released",
    "move",
    "optimize",
    "redo",
    "report",
    "say_gone",
    "say_present",
    "undo",
]
