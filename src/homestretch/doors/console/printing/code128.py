"""Code 128 (ISO/IEC 15417): text as bars that every scanner reads. Pairs of digits are packed two to a symbol."""

from __future__ import annotations

from collections.abc import Iterator

# Widths of bar and space in turn of the symbols 0 to 105, then of the stop symbol, as the standard lists them.
_WIDTHS = """
212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132 122231
113222 123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 321221 312212 322112 322211
212123 212321 232121 111323 131123 131321 112313 132113 132311 211313 231113 231311 112133 112331 132131
113123 113321 133121 313121 211331 231131 213113 213311 213131 311123 311321 331121 312113 312311 332111
314111 221411 431111 111224 111422 121124 121421 141122 141221 112214 112412 122114 122411 142112 142211
241211 221114 413111 241112 134111 111242 121142 121241 114212 124112 124211 411212 421112 421211 212141
214121 412121 111143 111341 131141 114113 114311 411113 411311 113141 114131 311141 411131 211412 211214
211232 2331112
"""
WIDTHS = tuple(_WIDTHS.split())
START_B, START_C, TO_B, TO_C, STOP = 104, 105, 100, 99, 106
LEAST_PACKED = 4  # digits in a row from which packing is shorter than the change that it needs
MOST = 60  # characters; a longer code is not read well from paper


def can_write(text: str) -> bool:
    """Whether the text has only printable ASCII, and is not too long to be read."""
    return 0 < len(text) <= MOST and all(32 <= ord(char) < 127 for char in text)


def widths(text: str) -> list[int]:
    """Widths in modules of bar and space in turn, beginning and ending with a bar, without the white at both ends."""
    symbols = list(_symbols(text))
    check = (symbols[0] + sum(place * symbol for place, symbol in enumerate(symbols))) % 103
    return [int(width) for symbol in (*symbols, check, STOP) for width in WIDTHS[symbol]]


def _symbols(text: str) -> Iterator[int]:
    packed: bool | None = None
    place = 0
    while place < len(text):
        digits = _digits(text, place)
        wanted = digits >= LEAST_PACKED or (packed is True and digits >= 2)
        if packed is None:
            yield START_C if wanted else START_B
        elif wanted is not packed:
            yield TO_C if wanted else TO_B
        packed = wanted
        if packed:
            yield int(text[place : place + 2])
            place += 2
        else:
            yield ord(text[place]) - 32
            place += 1


def _digits(text: str, place: int) -> int:
    """How many digits begin here, an even number of them."""
    end = place
    while end < len(text) and text[end] in "0123456789":
        end += 1
    return (end - place) // 2 * 2
