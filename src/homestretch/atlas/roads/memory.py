"""Restrictions that go by way of other ways: copies of arcs that remember what was driven before them.

A forbidden sequence of arcs is a word over arcs; the copies are the states of the automaton that finds words in a text
(Aho and Corasick, "Efficient String Matching", 1975), and a turn that would complete a word does not exist.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from homestretch.atlas.roads.values import Longs

if TYPE_CHECKING:
    from homestretch.atlas.roads.topology import Turns

Word = tuple[int, ...]


def remember(made: Turns, arcs: Longs, state: Longs, words: Sequence[Word]) -> tuple[Turns, Longs]:
    """The turns without those that complete one of the `words` (three arcs and more), and the copies' arcs appended."""
    words = [word for word in words if all(state[arc] >= 0 for arc in word)]
    if not words:
        return made, arcs
    prefixes = sorted({word[:size] for word in words for size in range(2, len(word))})
    copies = {prefix: len(arcs) + number for number, prefix in enumerate(prefixes)}
    onward = _Onward(made, arcs)
    turns = list(_turns(copies, frozenset(words), onward, state))
    redirected = {
        (int(state[prefix[0]]), int(state[prefix[1]])): copies[prefix] for prefix in prefixes if len(prefix) == 2
    }
    end = made.end.copy()
    for (one, other), copy in redirected.items():
        low, high = onward.span(one)
        places = onward.order[low:high]
        end[places[made.end[places] == other]] = copy
    more = np.array(turns, np.int64).reshape(-1, 3)
    grown = type(made)(
        np.concatenate([made.start, more[:, 0]]),
        np.concatenate([end, more[:, 1]]),
        np.concatenate([made.ms, more[:, 2]]),
    )
    return grown, np.concatenate([arcs, np.array([prefix[-1] for prefix in prefixes], np.int64)])


class _Onward:
    """The turns that leave a state."""

    def __init__(self, made: Turns, arcs: Longs) -> None:
        self.order = np.argsort(made.start, kind="stable")
        self._sorted = made.start[self.order]
        self._made, self._arcs = made, arcs

    def span(self, state: int) -> tuple[int, int]:
        return int(np.searchsorted(self._sorted, state)), int(np.searchsorted(self._sorted, state, "right"))

    def of(self, state: int) -> Iterator[tuple[int, int, int]]:
        """The state and the arc that a turn leads to, and its cost."""
        low, high = self.span(state)
        for place in self.order[low:high]:
            end = int(self._made.end[place])
            yield end, int(self._arcs[end]), int(self._made.ms[place])


def _turns(
    copies: dict[Word, int], words: frozenset[Word], onward: _Onward, state: Longs
) -> Iterator[tuple[int, int, int]]:
    for prefix, copy in copies.items():
        for end, arc, ms in onward.of(int(state[prefix[-1]])):
            said = (*prefix, arc)
            tails = [said[from_:] for from_ in range(len(said) - 1)]
            if not any(tail in words for tail in tails):
                yield copy, next((copies[tail] for tail in tails if tail in copies), end), ms
