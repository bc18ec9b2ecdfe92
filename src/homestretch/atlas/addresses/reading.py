"""What an asked line says besides the street: noise dropped, towns, postcodes and countries found, numbers offered."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import count

from homestretch.atlas.addresses.fuzzy import Lexicon, Match, Window, digits
from homestretch.atlas.addresses.numbers import HouseNumber, covered, one, whole
from homestretch.atlas.addresses.text import Token, fold, key, tokens, variants
from homestretch.atlas.addresses.words import CARE_OF, COUNTRIES, EMPTY, ORDINAL_ENDS, UNITS

MAX_TEXT = 300
MAX_TOKENS = 32
MAX_WORDS = 6  # of a street's or a town's name
MAX_CODE_WORDS = 3
_ORDINAL = re.compile(r"\d+(" + "|".join(sorted(ORDINAL_ENDS)) + ")")
_CODE = re.compile(r"\d{4,7}")
_CARE_OF = re.compile(
    r"\s*(" + "|".join(re.escape(word) for word in sorted(CARE_OF, key=len, reverse=True)) + r")[\s.:]"
)
_COUNTRY_OF = {key(name): code for code, names in COUNTRIES.items() for name in names}


@dataclass(frozen=True, slots=True)
class Span:
    """Tokens `start` to `end` name the thing `what` (an id); -1: a thing of its kind that the map does not know."""

    start: int
    end: int
    what: int
    trust: float = 1.0

    def apart(self, start: int, end: int) -> bool:
        """Whether it shares no token with another span."""
        return self.end <= start or end <= self.start


@dataclass(frozen=True, slots=True)
class Asked:
    """A house number that may be meant: which tokens it takes, how far they stand from the street. `loose`: a letter
    stands apart from it, taken or left, and may be a staircase or a flat."""

    number: HouseNumber
    used: tuple[int, ...]
    away: int
    loose: bool = False
    whole: str = ""  # the list or range that it was a part of, as `numbers.whole` writes it


@dataclass(frozen=True, slots=True)
class Reading:
    """An asked line: its tokens without noise, all windows that may be names, and what is known in it."""

    tokens: tuple[Token, ...]
    windows: tuple[Window, ...]
    codes: tuple[Span, ...]
    towns: tuple[Span, ...]
    countries: tuple[tuple[Span, str], ...]


def read(text: str, codes: Mapping[str, int], towns: Lexicon, numbered: Collection[str] = ()) -> Reading:
    """Read a line. `codes` are the map's postcodes by `code_key`, `numbered` the digits that streets' names have."""
    words = tuple(_without_units(_without_people(text[:MAX_TEXT]))[:MAX_TOKENS])
    windows = _windows(words, numbered)
    found = _codes(words, codes)
    matches = towns.match([window for window in windows if not _numeric(words, window)], 12)
    return Reading(words, windows, found, _spans(matches), _countries(words, windows))


def code_key(code: str) -> str:
    """A postcode without blanks and hyphens."""
    return "".join(re.findall(r"\w+", fold(code)))


def _without_people(text: str) -> list[Token]:
    """Tokens of the text without parts that name a person (`c/o ...`), unless they hold a number too."""
    kept = []
    for segment in re.split(r"[,\n]+|;(?!\d)", text):
        match = _CARE_OF.match(fold(segment) + " ")
        if match:
            segment = segment[match.end() :] if any(map(str.isdigit, segment)) else ""
        kept.append(segment)
    return tokens(",".join(kept))


def _without_units(words: list[Token]) -> list[Token]:
    """Without `2. Stock`, `apt 5`, `Whg. 3`; a number is never dropped if it is the only one."""
    numeric = sum(word.numeric for word in words)
    dropped: set[int] = set()
    for at, word in enumerate(words):
        if word.text not in UNITS:
            continue
        before, after = words[at - 1] if at else None, words[at + 1] if at + 1 < len(words) else None
        if before is not None and before.numeric and (before.dotted or _ORDINAL.fullmatch(before.text)) and numeric > 1:
            dropped |= {at - 1, at}
            numeric -= 1
        elif after is not None and after.segment == word.segment and after.numeric and numeric > 1:
            dropped |= {at, at + 1}
            numeric -= 1
    return [word for at, word in enumerate(words) if at not in dropped]


def _windows(words: Sequence[Token], numbered: Collection[str]) -> tuple[Window, ...]:
    """Runs of words that may be a name; one comma may stand in it (Galleria Esplanad, Aleksanterinkatu)."""
    found = []
    for start in range(len(words)):
        for end in range(start + 1, min(len(words), start + MAX_WORDS) + 1):
            some = tuple(words[start:end])
            if some[-1].segment > some[0].segment + 1:
                break
            numerals = digits("".join(word.text for word in some))
            if not numerals or (numerals in numbered and any(not word.text.isdigit() for word in some)):
                found += [Window(start, end, form) for form in variants(some)]
    return tuple(found)


def _numeric(words: Sequence[Token], window: Window) -> bool:
    return any(word.numeric for word in words[window.start : window.end])


def _codes(words: Sequence[Token], codes: Mapping[str, int]) -> tuple[Span, ...]:
    """Postcodes, with the letters of a country before them (FL-9490). Unknown ones look like one: four to seven
    digits."""
    found = []
    for start in range(len(words)):
        for end in range(start + 1, min(len(words), start + MAX_CODE_WORDS) + 1):
            text = "".join(word.text for word in words[start:end])
            if (text in codes and digits(text)) or (end == start + 1 and _CODE.fullmatch(text)):
                found.append(Span(start - _is_prefixed(words, start), end, codes.get(text, -1)))
    return tuple(found)


def _is_prefixed(words: Sequence[Token], start: int) -> bool:
    """Whether one or two letters before a postcode are a country's, and not those of a house number."""
    if not start or not words[start - 1].text.isalpha() or len(words[start - 1].text) > 2:
        return False
    if words[start - 1].segment != words[start].segment:
        return False
    return start < 2 or not words[start - 2].numeric


def _spans(matches: Sequence[Match]) -> tuple[Span, ...]:
    """Towns named, surest and longest first; of several that share a word only the equals of the first."""
    found: list[Span] = []
    for match in sorted(matches, key=lambda m: (-round(m.trust - (m.edits > 0) * 0.2, 2), -m.letters)):
        span = Span(match.start, match.end, match.owner, match.trust)
        if match.edits and match.letters < 5:
            continue
        if all(span.apart(known.start, known.end) or _same(span, known) for known in found):
            found.append(span)
    return tuple(found)


def _same(one_span: Span, other: Span) -> bool:
    return (one_span.start, one_span.end, one_span.trust) == (other.start, other.end, other.trust)


def _countries(words: Sequence[Token], windows: Sequence[Window]) -> tuple[tuple[Span, str], ...]:
    """Countries by name anywhere, by their two letters only at the end."""
    found = {(w.start, w.end): _COUNTRY_OF[w.joined] for w in windows if w.joined in _COUNTRY_OF}
    if words and words[-1].text.upper() in COUNTRIES:
        found[len(words) - 1, len(words)] = words[-1].text.upper()
    return tuple((Span(start, end, 0), code) for (start, end), code in found.items())


def numbers(reading: Reading, taken: Collection[int], start: int, end: int) -> list[Asked]:
    """House numbers that the free tokens offer, nearest to the street's name (tokens `start` to `end`) first."""
    found = []
    words = reading.tokens
    for at, word in enumerate(words):
        if at in taken or not word.numeric:
            continue
        away = start - at - 1 if at < start else at - end
        follows = words[at + 1] if at + 1 < len(words) else None
        if follows and at + 1 not in taken and follows.segment == word.segment and _is_suffix(follows.text):
            number = one(word.text + follows.text)
            found.append(Asked(number, (at, at + 1), away, loose=len(follows.text) == 1))
            found.append(Asked(one(word.text), (at,), away, loose=True))
            continue
        several = covered(word.text)
        found += [Asked(number, (at,), away, whole=whole(word.text) if len(several) > 1 else "") for number in several]
    return sorted(found, key=lambda asked: asked.away + (asked.used[0] < start) * 0.5)


def is_of_other_words(reading: Reading, explained: Collection[int], asked: Asked, start: int, end: int) -> bool:
    """Whether a number stands with words that nothing accounts for, and apart from the street's name (tokens `start` to
    `end`): then it is their number, and the street is another. `12` in `Xyz 12, Altdorf` is none of Altdorf's."""
    words, first, last = reading.tokens, asked.used[0], asked.used[-1]
    beside = [first - 1] if first else []
    if last + 1 < len(words) and words[first].segment != words[start].segment:
        beside.append(last + 1)
    return any(
        at not in explained
        and not start <= at < end
        and words[at].segment == words[first].segment
        and words[at].text.isalpha()
        and len(words[at].text) > 1
        and words[at].text not in EMPTY
        for at in beside
    )


def _is_suffix(text: str) -> bool:
    return (len(text) == 1 and text.isalpha()) or text in ("bis", "ter", "quater")


def unexplained(reading: Reading, explained: Collection[int], start: int, end: int) -> tuple[int, int, int]:
    """Words that nothing accounts for: beside the street's name; elsewhere (in front of it, in its part, or with a town
    that is known); in parts behind it, where another town may stand."""
    beside = elsewhere = behind = 0
    last = reading.tokens[end - 1].segment
    known = {reading.tokens[span.start].segment for span in (*reading.towns, *reading.codes) if span.what >= 0}
    for at, word in zip(count(), reading.tokens, strict=False):
        if at in explained or word.text in EMPTY or len(word.text) < 2 or word.numeric:
            continue
        if at in (start - 1, end) and word.segment == last:
            beside += 1
        elif word.segment > last and word.segment not in known:
            behind += 1
        else:
            elsewhere += 1
    return beside, elsewhere, behind
