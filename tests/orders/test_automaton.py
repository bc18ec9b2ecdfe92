"""The automaton of an order: attempts, halves of a pair, and that nothing leaves a terminal state but a return."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from homestretch.kernel.refusal import Refusal
from homestretch.orders.rules import PLANNABLE, STATES, TERMINAL, Work, finish, step


def test_every_state_that_is_led_to_is_a_state_and_terminal_ones_lead_to_returned_alone() -> None:
    assert {to for following in STATES.values() for to in following} < set(STATES)
    assert all(STATES[state] <= {"returned"} for state in TERMINAL)
    assert all("cancelled" in STATES[state] for state in set(STATES) - TERMINAL)


@pytest.mark.parametrize(("state", "to"), [("completed", "ready"), ("cancelled", "staged"), ("staged", "scheduled")])
def test_a_step_that_the_automaton_lacks_is_refused(state: str, to: str) -> None:
    with pytest.raises(Refusal, match=r"order\.state_conflict"):
        step(state, to)


def work(kind: str = "deliver", state: str = "open", pair: str = "", *, on_route: bool = True) -> Work:
    """A task."""
    return Work(state, kind, pair, on_route)


@pytest.mark.parametrize(
    ("works", "end", "made", "expected"),
    [
        ([work()], ("completed", ""), 0, (("completed",), 0, "completed")),
        ([work()], ("partial", "damaged"), 0, (("partial",), 0, "partially_completed")),
        ([work()], ("failed", "refused"), 0, (("open",), 1, "ready")),
        ([work()], ("failed", "refused"), 1, (("failed",), 2, "failed")),
        ([work()], ("failed", "previous_stop"), 1, (("open",), 1, "ready")),
        ([work(), work()], ("failed", "refused"), 0, (("open", "open"), 1, "in_progress")),
        ([work(), work(on_route=False)], ("completed", ""), 0, (("completed", "open"), 0, "ready")),
        (
            [work(), work(state="completed")],
            ("failed", "refused"),
            1,
            (("failed", "completed"), 2, "partially_completed"),
        ),
        ([work(), work(state="cancelled")], ("completed", ""), 0, (("completed", "cancelled"), 0, "completed")),
        ([work("collect", pair="p"), work(pair="p")], ("failed", "x"), 1, (("failed", "failed"), 2, "failed")),
        ([work("collect", pair="p"), work(pair="q")], ("failed", "x"), 1, (("failed", "open"), 2, "in_progress")),
    ],
)
def test_how_an_attempt_ends(works: list[Work], end: tuple[str, str], made: int, expected: Any) -> None:
    ended = finish(works, 0, *end, (made, 2))
    assert (ended.tasks, ended.attempts, ended.state) == expected


class OneOrder(RuleBasedStateMachine):
    """An order of up to three tasks, driven in any order, against a naive account of what happened to each task."""

    def __init__(self) -> None:
        super().__init__()
        self.state, self.made, self.allowed = "ready", 0, 2
        self.tasks = ["open", "open", "open"]
        self.routed = [False, False, False]
        self.seen = ["ready"]

    def _move(self, to: str) -> None:
        if to != self.state:
            self.state = step(self.state, to)
            self.seen.append(to)

    @rule(index=st.integers(0, 2))
    def put_on_a_route(self, index: int) -> None:
        if self.state in PLANNABLE and self.tasks[index] == "open" and not self.routed[index]:
            self.routed[index] = True
            if self.state == "ready":
                self._move("scheduled")

    @rule(index=st.integers(0, 2), result=st.sampled_from(["completed", "partial", "failed"]))
    def attempt(self, index: int, result: str) -> None:
        if self.tasks[index] != "open" or not self.routed[index]:
            return
        self._move("in_progress")
        works = [Work(s, "deliver", "", on) for s, on in zip(self.tasks, self.routed, strict=True)]
        ended = finish(works, index, result, "refused", (self.made, self.allowed))
        self.tasks, self.made, self.routed[index] = list(ended.tasks), ended.attempts, False
        self._move(ended.state)

    @precondition(lambda self: self.state not in TERMINAL)
    @rule()
    def cancel(self) -> None:
        if self.made:  # rarely enough, or nothing else would be seen
            self._move("cancelled")
            self.tasks = ["cancelled" if t == "open" else t for t in self.tasks]
            self.routed = [False] * 3

    @invariant()
    def an_order_says_what_its_tasks_say(self) -> None:
        if self.state == "cancelled":
            assert "open" not in self.tasks
        elif "open" not in self.tasks:
            kinds = set(self.tasks)
            naive = {frozenset({"completed"}): "completed", frozenset({"failed"}): "failed"}
            assert self.state == naive.get(frozenset(kinds), "partially_completed")
        else:
            assert (self.state in ("scheduled", "in_progress")) == any(self.routed)

    @invariant()
    def nothing_leaves_a_terminal_state(self) -> None:
        assert not any(state in TERMINAL for state in self.seen[:-1])
        assert self.made <= self.allowed + 2


TestOneOrder = OneOrder.TestCase
TestOneOrder.settings = settings(max_examples=60, stateful_step_count=20, deadline=None)
