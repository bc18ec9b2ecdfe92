"""What can be taken back. Everybody takes back the own steps, however many others came between.

A revision is never gone: an undo is one more, that puts back what one revision changed; a redo is one more, that puts
back what an undo did.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

MADE = ("moved", "edited")


@dataclass(frozen=True, slots=True)
class Step:
    """A revision: `of` is the one that it takes back, or the undo that it does again."""

    number: int
    why: str
    of: int
    who: str
    parent: int

    @property
    def is_made(self) -> bool:
        """Whether somebody did it anew: an edit, or a search from a revision that stood."""
        return self.why in MADE or (self.why == "solved" and self.parent > 0)


def consumed(steps: Sequence[Step]) -> set[int]:
    """Numbers of steps that were taken back, or done again, since."""
    of = {step.number: step.of for step in steps}
    gone = {step.of for step in steps if step.why == "undone"}
    redone = {step.of for step in steps if step.why == "redone"}
    return gone | redone | {of.get(undo, 0) for undo in redone}


def next_undo(steps: Sequence[Step], who: str) -> int:
    """The newest step of somebody that can be taken back, 0: none. `steps` are the newest first."""
    gone = consumed(steps)
    mine = (step for step in steps if step.who == who and step.number not in gone)
    return next((step.number for step in mine if step.is_made or step.why == "redone"), 0)


def next_redo(steps: Sequence[Step], who: str) -> int:
    """The newest undo of somebody that can be done again, 0: none. What was made anew since ends that."""
    gone = consumed(steps)
    for step in steps:
        if step.who == who and step.why == "undone" and step.number not in gone:
            return step.number
        if step.who == who and step.is_made:
            return 0
    return 0
