"""How names are compared: folded, cut into tokens, spelled out."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, product

from homestretch.atlas.addresses.words import ENDINGS, KINDS, SAME, SHORT, SHORT_END, SHORT_END_DOTTED

MAX_VARIANTS = 6
KIND_SHARE = 0.4  # of a letter, for one in a word like street
_LETTERS = str.maketrans(
    {
        "æ": "ae",
        "œ": "oe",
        "ø": "o",
        "đ": "d",
        "ð": "d",
        "ħ": "h",
        "ł": "l",
        "ı": "i",
        "þ": "th",
        "ŧ": "t",
        "ŋ": "n",
        "ĸ": "k",
        "’": "'",
        "‘": "'",
        "`": "'",
        "´": "'",
        "ʼ": "'",
        "–": "-",
        "—": "-",
        "‑": "-",
        "−": "-",
    }
)
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})
_JOINED = re.compile(r"(?<=\d)\s*([-/+])\s*(?=\d)")
_TOKEN = re.compile(r"\d+[^\W\d_]{0,3}(?![^\W_])(?:[-/+]\d+[^\W\d_]{0,2}(?![^\W_]))*|[^\W_]+")
_LISTED = re.compile(r"(?<=\d);(?=\d{1,3}[^\W\d_]?(?!\w))")  # 36;38 is one number, 12; 9490 are two
_SEGMENT = re.compile(r"[,;\n\r\t|]+")


@dataclass(frozen=True, slots=True)
class Token:
    """A word or number of an address, folded. `segment` counts the commas before it, `dotted` says a point follows."""

    text: str
    segment: int = 0
    dotted: bool = False

    @property
    def numeric(self) -> bool:
        """Whether it has a digit."""
        return any(map(str.isdigit, self.text))


@lru_cache(maxsize=65_536)
def fold(text: str) -> str:
    """Without case, accents and typographic variety; `ß` is `ss`, `ħ` is `h`."""
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    return "".join(letter for letter in plain if not unicodedata.combining(letter)).translate(_LETTERS)


def tokens(text: str) -> list[Token]:
    """The words and numbers of a text in their order. `12a`, `12-14` and `12/3` are one each; others end at a blank,
    hyphen or apostrophe."""
    found = []
    for number, segment in enumerate(_SEGMENT.split(_LISTED.sub("-", text))):
        plain = _JOINED.sub(r"\1", fold(segment))
        for match in _TOKEN.finditer(plain):
            found.append(Token(match.group(), number, plain[match.end() : match.end() + 1] == "."))
    return found


def variants(words: tuple[Token, ...]) -> list[str]:
    """What the words may stand for when they are spelled out, words apart by a blank; the likeliest first. Nothing is
    abbreviated that stands alone."""
    if len(words) == 1 and words[0].text in SHORT:
        return [words[0].text]
    choices = [_spelled(word, first=at == 0) for at, word in enumerate(words)]
    return [" ".join(choice) for choice in islice(product(*choices), MAX_VARIANTS)]


@lru_cache(maxsize=65_536)
def _spelled(word: Token, *, first: bool) -> tuple[str, ...]:
    text = SAME.get(word.text, word.text)
    if text in SHORT:
        found = SHORT[text]
        kept = () if text in found else (text,)
        return ("st",) if text == "st" and first else (*found, *kept)
    if len(text) >= 5:
        for ends in (SHORT_END, SHORT_END_DOTTED) if word.dotted else (SHORT_END,):
            for end, longer in ends.items():
                if text.endswith(end):
                    return tuple(text[: -len(end)] + full for full in longer) + ((text,) if word.dotted else ())
    return (text,)


@lru_cache(maxsize=65_536)
def spellings(name: str) -> tuple[str, ...]:
    """All spelled out forms of a name on the map: plain, and with `ue` for `ü` where it has such letters."""
    forms = variants(tuple(tokens(name)))
    plain = name.casefold()
    written = plain.translate(_UMLAUTS)
    if written != plain:
        forms += variants(tuple(tokens(written)))
    return tuple(dict.fromkeys(form for form in forms if form))


@lru_cache(maxsize=65_536)
def key(name: str) -> str:
    """What two spellings of one name share: the likeliest spelled out form, without blanks."""
    forms = variants(tuple(tokens(name)))
    return forms[0].replace(" ", "") if forms else ""


def core(form: str) -> str:
    """A spelled out name without the words that only say `street`; empty where nothing is left to go by."""
    words = form.split()
    kept = [word for word in words if word not in KINDS]
    short = " ".join(kept)
    return short if len(kept) < len(words) and len(short) >= 4 else ""


def weight(form: str) -> float:
    """How many letters of a spelled out name tell it from others: those that only say `street` count less."""
    words = form.split()
    said = sum(len(word) if word in KINDS else len(_ending(word)) for word in words)
    return sum(map(len, words)) - (1 - KIND_SHARE) * said


def _ending(word: str) -> str:
    return next((end for end in ENDINGS if word.endswith(end) and len(word) > len(end) + 1), "")
