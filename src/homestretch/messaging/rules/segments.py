"""How many parts an SMS has, which is what it costs: GSM 03.38 septets, else UCS-2 (3GPP TS 23.038, 23.040)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = frozenset("^{}\\[~]|€\f")  # an escape and a character: two septets


@dataclass(frozen=True, slots=True)
class Count:
    """Parts of a text, its encoding (GSM-7 or UCS-2), and the characters that forced the latter."""

    segments: int
    encoding: str
    costly: str = ""


def count(text: str) -> Count:
    """How `text` is cut: 160 septets alone or 153 a part; 70 UTF-16 units alone or 67 a part."""
    costly = "".join(dict.fromkeys(char for char in text if char not in BASIC and char not in EXTENDED))
    if not costly:
        return Count(_parts((2 if char in EXTENDED else 1 for char in text), 160, 153), "GSM-7")
    return Count(_parts((2 if ord(char) > 0xFFFF else 1 for char in text), 70, 67), "UCS-2", costly[:20])


def _parts(sizes: Iterable[int], alone: int, each: int) -> int:
    """Parts needed when no character may be cut in two."""
    sizes = list(sizes)
    if sum(sizes) <= alone:
        return 1
    parts, used = 1, 0
    for size in sizes:
        if used + size > each:
            parts, used = parts + 1, 0
        used += size
    return parts
