"""What values of OpenStreetMap's tags mean: speeds, durations, lengths, weights. None: not said or not understood."""

from __future__ import annotations

import re

_NUMBER = re.compile(r"^\s*(\d+(?:[.,]\d+)?)\s*([a-z/]*)")
_FEET = re.compile(r"^\s*(\d+)\s*'(?:\s*(\d+)\s*\"?)?")
_CLOCK = re.compile(r"^\s*(\d+):(\d\d)(?::(\d\d))?\s*$")
_ISO = re.compile(r"^P(?:(\d+)D)?T?(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?$", re.IGNORECASE)
_ZONE = re.compile(r"zone:?(\d+)")
_KMH = {"": 1.0, "km/h": 1.0, "kmh": 1.0, "kph": 1.0, "mph": 1.609344, "knots": 1.852}
_KG = {
    "": 1000.0,
    "t": 1000.0,
    "kg": 1.0,
    "st": 907.185,
    "lt": 1016.05,
    "lbs": 0.453592,
    "lb": 0.453592,
    "cwt": 50.8023,
}
_METERS = {"": 1.0, "m": 1.0, "cm": 0.01, "ft": 0.3048, "km": 1000.0}

# Where a limit is named and not counted; https://wiki.openstreetmap.org/wiki/Key:source:maxspeed
_NAMED_KMH = {
    "none": 140.0,
    "walk": 7.0,
    "living_street": 10.0,
    "urban": 50.0,
    "rural": 90.0,
    "trunk": 110.0,
    "motorway": 130.0,
    "bicycle_road": 30.0,
    "school": 30.0,
    "nsl_single": 96.6,
    "nsl_dual": 112.7,
    "nsl_restricted": 48.3,
}
_NATIONAL_KMH = {
    "at:rural": 100.0,
    "be:motorway": 120.0,
    "bg:motorway": 140.0,
    "by:urban": 60.0,
    "by:motorway": 110.0,
    "ca-on:rural": 80.0,
    "ch:rural": 80.0,
    "ch:trunk": 100.0,
    "ch:motorway": 120.0,
    "cy:motorway": 100.0,
    "de:living_street": 7.0,
    "de:rural": 100.0,
    "de:motorway": 140.0,
    "dk:rural": 80.0,
    "es:motorway": 120.0,
    "fi:rural": 80.0,
    "fi:motorway": 120.0,
    "fr:rural": 80.0,
    "gb:motorway": 112.7,
    "gr:motorway": 120.0,
    "hu:rural": 90.0,
    "ie:motorway": 120.0,
    "li:rural": 80.0,
    "lt:motorway": 120.0,
    "mt:rural": 80.0,
    "nl:rural": 80.0,
    "nl:trunk": 100.0,
    "nl:motorway": 100.0,
    "no:rural": 80.0,
    "no:motorway": 110.0,
    "pl:rural": 90.0,
    "pl:motorway": 140.0,
    "pt:motorway": 120.0,
    "ro:trunk": 100.0,
    "ru:living_street": 20.0,
    "ru:urban": 60.0,
    "ru:motorway": 110.0,
    "se:rural": 70.0,
    "ua:motorway": 130.0,
    "za:urban": 60.0,
    "za:rural": 100.0,
    "za:motorway": 120.0,
    "uk:motorway": 112.7,
}


def speed_kmh(text: str | None) -> float | None:
    """`50`, `30 mph`, `DE:urban`, `DE:zone:30`, `walk`, `none`; the first of several."""
    if not text:
        return None
    word = text.split(";")[0].split("|")[0].strip().lower()
    if word in _NATIONAL_KMH:
        return _NATIONAL_KMH[word]
    zone = _ZONE.search(word)
    if zone:
        return float(zone[1])
    named = word.rpartition(":")[2]
    if named in _NAMED_KMH:
        return _NAMED_KMH[named]
    return _in(_NUMBER.match(word), _KMH)


def duration_s(text: str | None) -> int | None:
    """`00:25`, `1:45:00`, `PT25M`, and bare minutes, of a ferry."""
    if not text:
        return None
    clock, iso = _CLOCK.match(text), _ISO.match(text.strip())
    if clock:
        return int(clock[1]) * 3600 + int(clock[2]) * 60 + int(clock[3] or 0)
    if iso and any(iso.groups()):
        days, hours, minutes, seconds = (int(group or 0) for group in iso.groups())
        return ((days * 24 + hours) * 60 + minutes) * 60 + seconds
    return int(text) * 60 if text.strip().isdigit() else None


def length_m(text: str | None) -> float | None:
    """`3.5`, `3,5 m`, `11'6"`."""
    feet = _FEET.match(text or "")
    if feet:
        return int(feet[1]) * 0.3048 + int(feet[2] or 0) * 0.0254
    return _in(_NUMBER.match((text or "").lower()), _METERS)


def weight_kg(text: str | None) -> float | None:
    """`3.5` (tonnes), `7.5 t`, `12000 lbs`."""
    return _in(_NUMBER.match((text or "").lower()), _KG)


def _in(found: re.Match[str] | None, units: dict[str, float]) -> float | None:
    factor = units.get(found[2]) if found else None
    return float(found[1].replace(",", ".")) * factor if found and factor else None
