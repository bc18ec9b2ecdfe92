"""What people write into cells: numbers, days, times, spans, yes and no. Each refusal is about one cell."""

from __future__ import annotations

import re
from datetime import date, time

from homestretch.kernel.refusal import Refusal

_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?")
_CLOCK = re.compile(r"(\d{1,2})(?:[:.hH]([0-5]\d))?(?::[0-5]\d)?\s*(uhr|h|am|pm|a\.m\.|p\.m\.)?", re.IGNORECASE)
_BARE = re.compile(r"([01]\d|2[0-3])([0-5]\d)")  # 0830
_SPAN = re.compile(r"\s*(?:-|–|—|\bto\b|\bbis\b|\ba\b|\bà\b|\band\b|\bund\b|\bet\b)\s*", re.IGNORECASE)
_BEFORE = re.compile(r"^(?:between|from|zwischen|von|entre|de)\s+", re.IGNORECASE)
_YES = {"yes", "y", "true", "1", "x", "ja", "j", "oui", "o", "wahr", "vrai", "ok"}
_NO = {"no", "n", "false", "0", "", "nein", "non", "falsch", "faux", "-"}
KIND_WORDS = {
    "deliver": {"deliver", "delivery", "drop", "dropoff", "drop off", "d", "lieferung", "zustellung", "livraison"},
    "collect": {"collect", "collection", "pickup", "pick up", "p", "abholung", "collecte", "enlevement", "ramassage"},
    "service": {"service", "visit", "installation", "montage", "einsatz", "intervention", "s"},
}


def number(text: str, *, fractional: bool = False) -> float:
    """A number with a decimal point or comma. Refuses `cell.not_number`, and `cell.number_ambiguous` for `1,500`, which
    is one and a half here and fifteen hundred there (`fractional` says that it cannot be thousands, as in degrees)."""
    plain = text.replace("\u00a0", "").replace("'", "").replace(" ", "")
    if not _NUMBER.fullmatch(plain):
        raise Refusal("cell.not_number", f"{text[:20]!r}", remedy="write digits, with one point for fractions")
    if not fractional and re.fullmatch(r"[+-]?[1-9]\d{0,2},\d{3}", plain):
        raise Refusal(
            "cell.number_ambiguous", f"{text[:20]!r}", remedy="write 1500 or 1.5: with no comma before three digits"
        )
    return float(plain.replace(",", "."))


def whole(text: str) -> int:
    """A whole number; 3.0 is one. Refuses `cell.not_whole`."""
    value = number(text)
    if not value.is_integer():
        raise Refusal("cell.not_whole", f"{text[:20]!r}", remedy="write a whole number")
    return int(value)


def day(text: str, *, month_first: bool) -> date:
    """A day: 2026-11-23, 23.11.2026, 23/11/26; with slashes the month comes first where the country writes so, unless
    it cannot. Refuses `cell.not_day`."""
    match = re.fullmatch(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?", text)
    if match:
        return _date(text, int(match[1]), int(match[2]), int(match[3]))
    match = re.fullmatch(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})(?:[T ].*)?", text)
    if match:
        one, other, year = int(match[1]), int(match[3]), int(match[4])
        american = other > 12 or (month_first and match[2] == "/" and one <= 12)
        month, of_month = (one, other) if american else (other, one)
        return _date(text, year if year > 99 else 2000 + year, month, of_month)
    raise Refusal("cell.not_day", f"{text[:20]!r}", remedy="write 2026-11-23")


def _date(text: str, year: int, month: int, of_month: int) -> date:
    try:
        return date(year, month, of_month)
    except ValueError as error:
        raise Refusal("cell.not_day", f"{text[:20]!r} is in no calendar", remedy="write 2026-11-23") from error


def clock(text: str) -> str:
    """A time of day as HH:MM: 8, 8:30, 08.30, 8h30, 0830, 8 Uhr, 8:30 pm, or the time of an instant without a zone.
    Refuses `cell.not_time`."""
    text = text.strip()
    moment = re.fullmatch(r"\d{4}-\d\d-\d\d[T ](\d\d:\d\d)(?::\d\d)?", text)
    bare = _BARE.fullmatch(text)
    match = _CLOCK.fullmatch(f"{bare[1]}:{bare[2]}" if bare else moment[1] if moment else text)
    if match:
        hour, minute, half = int(match[1]), int(match[2] or 0), (match[3] or "").lower().replace(".", "")
        if half in ("am", "pm") and 1 <= hour <= 12:
            hour = hour % 12 + 12 * (half == "pm")
        if hour < 24:
            return f"{time(hour, minute):%H:%M}"
    raise Refusal("cell.not_time", f"{text[:20]!r}", remedy="write 08:30")


def is_instant(text: str) -> bool:
    """Whether a cell names an instant with its zone."""
    return bool(re.fullmatch(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?(\.\d+)?(Z|[+-]\d\d:?\d\d)", text))


def spans(text: str) -> list[tuple[str, str]]:
    """Windows in one cell, `08:00-12:00; 14-18`, as pairs of HH:MM. Refuses `cell.not_window`."""
    found = []
    for part in re.split(r"[;,\n]|\s/\s", text):
        if not part.strip():
            continue
        ends = [end for end in _SPAN.split(_BEFORE.sub("", part.strip())) if end.strip()]
        if len(ends) != 2:
            raise Refusal("cell.not_window", f"{part.strip()[:20]!r}", remedy="write 08:00-12:00; 14:00-18:00")
        found.append((clock(ends[0]), clock(ends[1])))
    return found


def yes(text: str) -> bool:
    """Yes or no, in three languages. Refuses `cell.not_yes_or_no`."""
    word = text.strip().casefold()
    if word in _YES or word in _NO:
        return word in _YES
    raise Refusal("cell.not_yes_or_no", f"{text[:20]!r}", remedy="write yes or no")


def kind(text: str) -> str:
    """The kind of a task. Refuses `task.kind_unknown`."""
    word = " ".join(re.findall(r"\w+", text.casefold()))
    for name, words in KIND_WORDS.items():
        if word in words:
            return name
    raise Refusal("task.kind_unknown", f"{text[:20]!r}", remedy="deliver, collect or service")
