"""Our own words, one text per kind, channel and language. An organization's templates go before them."""

from __future__ import annotations

from collections.abc import Mapping

from homestretch.messaging.texts import ar, de, en, fr
from homestretch.messaging.values import Text

_ALL = {"en": en, "fr": fr, "de": de, "ar": ar}
OURS: Mapping[str, Mapping[tuple[str, str], Text]] = {name: words.TEXTS for name, words in _ALL.items()}
# Under every e-mail, whatever its template: who wrote, and how it ends.
FOOTERS: Mapping[str, str] = {name: words.FOOTER for name, words in _ALL.items()}
# Of an e-mail that a person of the organization writes.
SUBJECTS: Mapping[str, str] = {name: words.SUBJECT for name, words in _ALL.items()}
