"""The balance of packages (invariant I10): all that came on board went somewhere or is there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

CAME = ("loaded", "collected", "received")
WENT = ("delivered", "returned", "handed_over", "missing")
NOT_LOADED = "not_loaded"  # missing before it ever came on board: on neither side


def word_of_missing(state: str) -> str:
    """How the log names a package that is not there: `missing` from on board, else it never came on board."""
    return "missing" if state == "on_board" else NOT_LOADED


def balance(words: Iterable[tuple[str, str]], on_board: int) -> dict[str, int]:
    """Counts by name, of (package, word) pairs as the log has them."""
    counted = Counter(word for _, word in words)
    return {name: counted[name] for name in (*CAME, *WENT)} | {"on_board": on_board}


def holds(counts: dict[str, int]) -> bool:
    """Whether both sides are equal."""
    return sum(counts[name] for name in CAME) == sum(counts[name] for name in WENT) + counts["on_board"]
