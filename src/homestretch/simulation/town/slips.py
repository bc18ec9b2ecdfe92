"""What a hurried hand makes of an address."""

from __future__ import annotations

import re
from random import Random

LEAST = 5  # letters that a word has, for a slip in it to leave it readable


def misspelled(random: Random, address: str) -> str:
    """The address with one slip in a word of its street: two letters swapped, one left out, one said twice."""
    words = [match for match in re.finditer(r"[^\W\d_]+", address.split(",")[0]) if len(match.group()) >= LEAST]
    if not words:
        return address
    word = max(words, key=lambda match: len(match.group()))
    at = random.randrange(word.start() + 1, word.end() - 1)
    here, following = address[at], address[at + 1]
    slip = random.choice((following + here, following, here + here + following))
    return address[:at] + slip + address[at + 2 :]
