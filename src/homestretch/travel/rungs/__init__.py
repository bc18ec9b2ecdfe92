"""The rungs of the ladder: each answers whole or says why it cannot (`NoAnswer`)."""

from __future__ import annotations


class NoAnswer(Exception):
    """A rung cannot answer this question; the next lower one is asked."""

    def __init__(self, code: str, cause: str) -> None:
        super().__init__(f"{code}: {cause}")
        self.code = code
        self.cause = cause
