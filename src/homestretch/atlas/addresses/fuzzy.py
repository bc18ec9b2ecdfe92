"""Names found however they are spelled: bigrams gather the likely ones, edit distance judges them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA
from rapidfuzz.process import cdist

from homestretch.atlas.addresses.store import Ints
from homestretch.atlas.addresses.text import weight

GATHERED = 360  # names that are measured letter by letter
SHARE = 0.42  # of a name's bigrams, weighted by rarity, that must be there
MAX_EDITS = 4
SHORT_NAME = 6
EDIT_COST = 0.75  # of trust, for an edit in every telling letter
EDITS_COST = 0.05  # of trust, for each edit after the first
SURE = 0.9  # a name trusted so much is not looked for with its words in another order
MORE_WORDS = 0.03  # of trust, that a word more outweighs
MORE_EDITS = 0.88  # of trust, for each edit more than another name needs for the same words
REORDERED = 0.97  # trust in a name whose words stand in another order
KINDS_OF_NAME = (1.0, 0.93, 0.985)  # trust in a name itself; without its word for street; in another name of it
_EDGE = "\x01"
_BUCKETS = 65_536


@dataclass(frozen=True, slots=True)
class Window:
    """Tokens `start` to `end` of a text, spelled out; words apart by blanks."""

    start: int
    end: int
    form: str

    @property
    def joined(self) -> str:
        """Without blanks."""
        return self.form.replace(" ", "")


@dataclass(frozen=True, slots=True)
class Match:
    """Whose name stands in a window, and how surely (`trust` 0 to 1). `letters` that tell the
    name from others."""

    owner: int
    start: int
    end: int
    trust: float
    edits: int
    letters: float


class Lexicon:
    """Names with owners; `kinds` as in `KINDS_OF_NAME`, by default names themselves."""

    def __init__(self, forms: Sequence[str], owners: Ints, kinds: Ints | None = None) -> None:
        self._forms = forms
        self._joined = [form.replace(" ", "") for form in forms]
        self._sorted = ["".join(sorted(form.split())) for form in forms]
        self._owners = owners
        self._kinds = np.zeros(len(forms), dtype=np.int32) if kinds is None else kinds
        self._digits = [digits(form) for form in forms]
        self._letters = np.array([weight(form) for form in forms])
        self._allowed = np.array([allowance(letters) for letters in self._letters.tolist()], dtype=np.uint8)
        self.numbered = frozenset(self._digits) - {""}
        self._exact: defaultdict[str, list[int]] = defaultdict(list)
        for at, form in enumerate(self._joined):
            self._exact[form].append(at)
        self._index()

    def _index(self) -> None:
        """Postings by bucket, and each name's weight: rare bigrams count more."""
        codes, owners = _bigrams(self._joined)
        pairs = np.unique(codes.astype(np.int64) * max(1, len(self._joined)) + owners)
        codes, self._postings = pairs // max(1, len(self._joined)), (pairs % max(1, len(self._joined))).astype(np.int32)
        self._starts = np.searchsorted(codes, np.arange(_BUCKETS + 1))
        often = np.diff(self._starts)
        self._weights = np.sqrt(np.log1p(max(1, len(self._joined)) / np.maximum(1, often)))
        self._norms = np.bincount(self._postings, self._weights[codes], minlength=len(self._joined))

    def exact(self, window: Window) -> list[int]:
        """Owners of a name that is spelled just so."""
        return [int(self._owners[at]) for at in self._exact.get(window.joined, ())]

    def match(self, windows: Sequence[Window], limit: int) -> list[Match]:
        """The best match of each owner whose name may stand in one of the windows, best first."""
        if not windows or not self._forms:
            return []
        names = self._gather(windows)
        best: dict[int, Match] = {}
        for match in self._measure(windows, names):
            known = best.get(match.owner)
            if known is None or _explains(match) > _explains(known):
                best[match.owner] = match
        found = sorted(best.values(), key=lambda match: (-match.trust, -match.letters, match.owner))[: 2 * limit]
        found = [_beside(match, found[0]) for match in found]
        return sorted(found, key=lambda match: (-match.trust, -match.letters, match.owner))[:limit]

    def _gather(self, windows: Sequence[Window]) -> NDArray[np.int64]:
        """Names worth measuring: all that are there exactly, then those with most of their bigrams in the text. Two
        letters swapped leave a short name hardly a bigram, so that is tried."""
        codes = np.unique(_bigrams([window.joined for window in windows])[0])
        hits = np.zeros(len(self._joined), dtype=np.float32)
        for code in codes.tolist():
            hits[self._postings[self._starts[code] : self._starts[code + 1]]] += self._weights[code]
        share = hits / np.maximum(self._norms, 1e-9)
        likely = np.flatnonzero(share >= SHARE)
        gain = 2 * hits[likely] - self._norms[likely]
        by_gain = likely[np.argsort(-gain, kind="stable")[:GATHERED]]
        by_share = likely[np.lexsort((-hits[likely], -share[likely]))[: GATHERED // 2]]
        exact = [at for window in windows for form in _swapped(window.joined) for at in self._exact.get(form, ())]
        return np.unique(np.concatenate((by_gain, by_share, np.array(exact, dtype=np.int64))))

    def _measure(self, windows: Sequence[Window], names: NDArray[np.int64]) -> list[Match]:
        """Matches letter by letter; if none is sure, also with the words of both in alphabetical order."""
        found = self._distances(windows, names, [w.joined for w in windows], [self._joined[n] for n in names])
        several = [w for w in windows if " " in w.form]
        if several and not any(match.trust >= SURE for match in found):
            multi = np.array([n for n in names if " " in self._forms[n]], dtype=np.int64)
            words = ["".join(sorted(w.form.split())) for w in several]
            for match in self._distances(several, multi, words, [self._sorted[n] for n in multi]):
                found.append(replace(match, trust=match.trust * REORDERED))
        return found

    def _distances(
        self, windows: Sequence[Window], names: NDArray[np.int64], asked: Sequence[str], known: Sequence[str]
    ) -> list[Match]:
        if not len(names):
            return []
        edits = cdist(asked, known, scorer=OSA.distance, score_cutoff=MAX_EDITS, dtype=np.uint8, workers=1)
        numerals = [digits(window.form) for window in windows]
        found = []
        for at, which in zip(*(some.tolist() for some in np.nonzero(edits <= self._allowed[names])), strict=True):
            name = int(names[which])
            if self._digits[name] == numerals[at]:
                window, count, letters = windows[at], int(edits[at, which]), float(self._letters[name])
                trust = trust_of(count, letters) * KINDS_OF_NAME[self._kinds[name]]
                found.append(Match(int(self._owners[name]), window.start, window.end, trust, count, letters))
        return found


def _swapped(text: str) -> list[str]:
    """The text, and if it is short, each with two neighbors swapped."""
    if not 3 <= len(text) <= SHORT_NAME:
        return [text]
    return [text, *(text[:at] + text[at + 1] + text[at] + text[at + 2 :] for at in range(len(text) - 1))]


def _explains(match: Match) -> float:
    """Of two windows for one name the surer one, unless the other accounts for a word more."""
    return match.trust + MORE_WORDS * (match.end - match.start)


def _beside(match: Match, best: Match) -> Match:
    """A match that needs more edits than the best of the same words is the less likely by each of them."""
    more = match.edits - best.edits
    if more <= 0 or match.end <= best.start or best.end <= match.start:
        return match
    return replace(match, trust=match.trust * MORE_EDITS**more)


def allowance(letters: float) -> int:
    """Edits that a name of so many telling letters may have had and still be meant."""
    return 0 if letters < 3 else min(MAX_EDITS, int((letters + 2) // 4))


def trust_of(edits: int, letters: float) -> float:
    """How surely a name of so many telling letters is meant that was written with so many edits."""
    return 1 - EDIT_COST * edits / letters - (EDITS_COST * (edits - 1) if edits else 0)


def digits(text: str) -> str:
    """The digits of a text: a number in a name is never a slip for another."""
    return "" if text.isalpha() else "".join(letter for letter in text if letter.isdigit())


def _bigrams(texts: Sequence[str]) -> tuple[Ints, Ints]:
    """Hashed pairs of neighboring letters, edges included, and the number of the text of each."""
    joined = np.frombuffer((_EDGE + _EDGE.join(texts) + _EDGE).encode("utf-32-le"), dtype=np.uint32).astype(np.int64)
    codes = (joined[:-1] * 257 + joined[1:]) % _BUCKETS
    owners = np.cumsum(joined[:-1] == ord(_EDGE)) - 1
    return codes.astype(np.int32), owners.astype(np.int32)
