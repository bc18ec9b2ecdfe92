"""Chance by purpose: each decision has its own stream, so that one more decision here changes none elsewhere."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")


def chance(seed: int, *purpose: object) -> Random:
    """The stream of one purpose, the same for the same seed and words in every process and version of Python."""
    words = "/".join(str(word) for word in (seed, *purpose))
    return Random(int.from_bytes(hashlib.sha256(words.encode()).digest()[:16], "big"))


def dealt(random: Random, things: Sequence[T], shares: dict[str, float]) -> dict[str, list[T]]:
    """Hand out `things` by shares: each name gets its share, rounded, and at least one while there are any.

    What nobody got is left out. Used where each kind of trouble has to happen on every day.
    """
    left = list(things)
    random.shuffle(left)
    hands: dict[str, list[T]] = {}
    for name, share in shares.items():
        count = min(len(left), max(1, round(share * len(things)))) if share > 0 else 0
        hands[name], left = left[:count], left[count:]
    return hands
