"""Our own words, one text per kind, channel and language. An organization's templates go before them."""

from __future__ import annotations

from collections.abc import Mapping

from homestretch.messaging.texts import de, en, fr
from homestretch.messaging.values import Text

OURS: Mapping[str, Mapping[tuple[str, str], Text]] = {"en": en.TEXTS, "fr": fr.TEXTS, "de": de.TEXTS}
# Under every e-mail, whatever its template: who wrote, and how it ends.
FOOTERS: Mapping[str, str] = {"en": en.FOOTER, "fr": fr.FOOTER, "de": de.FOOTER}
