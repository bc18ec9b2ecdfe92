"""The automata against a naive model, written out by hand from the vocabulary (the first half of I3)."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from homestretch.dispatch.rules import automata, intents, packages, reasons
from homestretch.kernel.refusal import Refusal
from tests.dispatch.phones import intent

TERMINAL = {"completed", "partial", "failed", "cancelled"}
STOP_TAPS = sorted(["en_route", "arrived", "skipped", *TERMINAL])
ROUTE_TAPS = ["accepted", "rejected", "recalled", "loading", "started", "finished"]
ORDER = ["released", "accepted", "loading", "started", "finished"]


def stop_may(state, to):
    """The vocabulary's sentence about stops, in plain words. A tap of setting out may be missing before an arrival."""
    if state in TERMINAL:
        return False
    if to in {"completed", "partial", "failed", "cancelled"}:
        return True
    if to == "skipped":
        return state != "skipped"
    if to == "en_route":
        return state in {"planned", "skipped"}
    return state in {"planned", "en_route", "skipped"}


def route_may(state, to):
    """The vocabulary's sentence about routes. Taps of accepting and loading may be missing."""
    if state not in ORDER[:4]:
        return False
    if to in {"rejected", "recalled"}:
        return state != "started"
    if to == "finished":
        return state == "started"
    return ORDER.index(to) > ORDER.index(state)


class Life(RuleBasedStateMachine):
    """A route with three stops, tapped in any order; history only grows, by steps of the automaton."""

    @initialize()
    def begin(self):
        self.route, self.stops = ["released"], [["planned"] for _ in range(3)]

    @rule(to=st.sampled_from(ROUTE_TAPS))
    def tap_route(self, to):
        self._tap("route", self.route, to, route_may(self.route[-1], to))

    @rule(number=st.integers(0, 2), to=st.sampled_from(STOP_TAPS))
    def tap_stop(self, number, to):
        history = self.stops[number]
        self._tap("stop", history, to, stop_may(history[-1], to))

    def _tap(self, kind, history, to, allowed):
        try:
            passed = automata.way(kind, history[-1], to)
        except Refusal:
            assert not allowed
            return
        assert allowed
        assert passed[-1] == to
        history.extend(passed)

    @invariant()
    def every_step_is_in_the_table(self):
        for kind, histories in (("route", [self.route]), ("stop", self.stops)):
            for history in histories:
                for state, after in pairwise(history):
                    assert after in automata.TABLES[kind][state]

    @invariant()
    def nothing_leaves_a_terminal_state(self):
        for history in self.stops:
            assert not TERMINAL & set(history[:-1])


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)


def test_only_the_named_taps_are_filled_in():
    assert automata.way("route", "released", "started") == ["accepted", "loading", "started"]
    assert automata.way("stop", "planned", "arrived") == ["en_route", "arrived"]
    assert automata.way("stop", "planned", "completed") == ["completed"]
    assert automata.way("package", "expected", "delivered") == ["on_board", "delivered"]


def test_every_state_that_a_table_leads_to_is_in_it():
    for table in automata.TABLES.values():
        assert {state for after in table.values() for state in after} <= set(table)


def test_reasons_carry_their_code_of_the_standard():
    assert reasons.REASONS["recipient_absent"] == "AQ"
    assert reasons.REASONS["out_of_time"] == "BH"
    assert reasons.REASONS["damaged"] is None
    assert len(reasons.REASONS) == 21
    with pytest.raises(Refusal, match=r"stop\.left_with_unknown"):
        reasons.read_left_with("the dog")


SCAN = st.sampled_from(sorted(intents.SCANS))


@given(st.lists(st.tuples(st.integers(0, 3), SCAN, st.booleans()), max_size=40))
def test_packages_balance_at_each_instant(scans):
    """I10, whatever is scanned: each word moves one package over, so both sides stay equal."""
    states, words = dict.fromkeys(range(4), "expected"), []
    for package, scan, collect in scans:
        state, word = intents.SCANS[scan]
        if states[package] == state:
            continue
        try:
            steps = automata.way("package", states[package], state)
        except Refusal:
            continue
        for step in steps:
            said = packages.word_of_missing(states[package]) if scan == "missing" else word
            came = "collected" if collect else "loaded"
            words.append((str(package), said if step == state else came))
            states[package] = step
        counts = packages.balance(words, sum(now == "on_board" for now in states.values()))
        assert packages.holds(counts), words


@given(st.permutations(range(6)))
def test_intents_are_taken_by_the_phones_counter(order):
    sent = [intent("note", counter) for counter in order]
    assert [one.counter for one in intents.in_order(sent)] == list(range(6))
