"""The verbs of plans: ask and solve, edit, release."""

from homestretch.plans.actions.asking import ask, begin, cancel, fail, finish, keep_question, report
from homestretch.plans.actions.editing import drop, mark_released, move, redo, undo

__all__ = [
    "ask",
    "begin",
    "cancel",
    "drop",
    "fail",
    "finish",
    "keep_question",
    "mark_released",
    "move",
    "redo",
    "report",
    "undo",
]
