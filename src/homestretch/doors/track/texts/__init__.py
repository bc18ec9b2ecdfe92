"""The page's words in the languages that we ship: the same names in each."""

from __future__ import annotations

from collections.abc import Mapping

from homestretch.doors.track.texts import ar, de, en, fr

Words = Mapping[str, str | tuple[str, ...]]
TEXTS: Mapping[str, Words] = {"en": en.WORDS, "fr": fr.WORDS, "de": de.WORDS, "ar": ar.WORDS}
