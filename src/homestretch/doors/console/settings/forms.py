"""Forms without JavaScript: fields with what was typed and what was refused, and reading what was sent."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict

from homestretch.doors.console.forms import maybe_ident
from homestretch.kernel.geo import Point, read_point
from homestretch.kernel.ids import new_secret
from homestretch.kernel.refusal import Refusal
from homestretch.kernel.windows import local_instant

Options = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Field:
    """One control. `kind`: text, email, number, time, date, datetime-local, textarea, select, check, checks, file,
    hidden. `values` are those ticked of `checks`; `value` of a file is the media types that it takes. `wrong`: what was
    refused about it."""

    name: str
    label: str = ""
    kind: str = "text"
    value: Any = ""
    hint: str = ""
    options: Options = ()
    values: tuple[str, ...] = ()
    needed: bool = False
    most: int | None = None  # characters, or the highest number
    least: int | None = None
    wide: bool = False
    wrong: Refusal | None = None

    @property
    def shown(self) -> str:
        """The value as a control writes it."""
        if self.value is None:
            return ""
        if isinstance(self.value, time):
            return f"{self.value:%H:%M}"
        return str(self.value)


@dataclass(frozen=True, slots=True)
class Form:
    """A form that does one act. `wrong`: a refusal that is about none of its fields."""

    act: str
    fields: tuple[Field, ...]
    button: str = "Save"
    title: str = ""
    danger: bool = False
    quiet: bool = False
    note: str = ""
    preview: str = ""  # the act that shows it without doing it
    wrong: Refusal | None = None
    nonce: str = field(default_factory=lambda: new_secret("form"))

    @property
    def sends_file(self) -> bool:
        """Whether a file goes with it."""
        return any(one.kind == "file" for one in self.fields)


class Given:
    """What a form sent. What can't be read is refused at its field."""

    def __init__(self, values: QueryDict, files: Mapping[str, UploadedFile] | None = None) -> None:
        self.values, self.files = values, files or {}

    def text(self, name: str) -> str:
        """Trimmed, line ends as ours; '' where nothing came."""
        return self.values.get(name, "").replace("\x00", "").replace("\r\n", "\n").strip()

    def maybe(self, name: str) -> str | None:
        """Text, or none."""
        return self.text(name) or None

    def all(self, name: str) -> list[str]:
        """All that were ticked."""
        return [value.strip() for value in self.values.getlist(name)]

    def ticked(self, name: str) -> bool:
        """Whether a box was ticked."""
        return bool(self.text(name))

    def words(self, name: str) -> tuple[str, ...]:
        """Words that commas stand between."""
        return tuple(word.strip() for word in self.text(name).split(",") if word.strip())

    def whole(self, name: str) -> int | None:
        """A whole number. Refuses `form.not_a_number`."""
        text = self.text(name)
        if not text:
            return None
        if not text.lstrip("-").isascii() or not text.lstrip("-").isdecimal() or len(text) > 12:
            raise _refused("form.not_a_number", f"{text[:20]!r} is no whole number", "write digits", name)
        return int(text)

    def needed(self, name: str) -> int:
        """A whole number that must be there. Refuses `form.missing` too."""
        number = self.whole(name)
        if number is None:
            raise _refused("form.missing", "a number is needed here", "write one", name)
        return number

    def scaled(self, name: str, factor: int) -> int | None:
        """A number with decimals, times `factor`, rounded: hours as seconds, money as its minor unit. Refuses
        `form.not_a_number`."""
        text = self.text(name).replace(",", ".")
        if not text:
            return None
        try:
            number = float(text)
            if abs(number) > 1e9 or number != number:
                raise ValueError(text)
        except ValueError as error:
            raise _refused("form.not_a_number", f"{text[:20]!r} is no number", "write digits", name) from error
        return round(number * factor)

    def file(self, name: str) -> bytes:
        """The bytes of a file. Refuses `form.missing`."""
        sent = self.files.get(name)
        if sent is None or not sent.size:
            raise _refused("form.missing", "no file was chosen", "choose one", name)
        return sent.read()

    def point(self) -> Point | None:
        """`lat` and `lon`, or neither. Refuses `form.not_a_number`, `place.coordinates_invalid`, and (0, 0)."""
        lat, lon = (self._degrees(name) for name in ("lat", "lon"))
        if (lat is None) != (lon is None):
            name = "lat" if lat is None else "lon"
            raise _refused("place.coordinates_invalid", f"no {name}", "give both or none", name)
        return None if lat is None or lon is None else read_point(lat, lon)

    def _degrees(self, name: str) -> float | None:
        text = self.text(name).replace(",", ".")
        try:
            return float(text) if text else None
        except ValueError as error:
            raise _refused(
                "form.not_a_number", f"{text[:20]!r} is no number", "write degrees, as 49.61", name
            ) from error

    def geometry(self, name: str) -> Any:
        """GeoJSON, or corners as `lat, lon`, a line each: then a polygon of them. Refuses `form.drawing_unreadable`."""
        text = self.text(name)
        if text.startswith("{"):
            try:
                found = json.loads(text)
            except ValueError as error:
                raise _refused(
                    "form.drawing_unreadable", "this is no JSON", "paste a GeoJSON geometry", name
                ) from error
            return _geometry_in(found)
        try:
            corners = [
                [float(part) for part in line.replace(";", ",").split(",")]
                for line in text.splitlines()
                if line.strip()
            ]
            ring = [[lon, lat] for lat, lon in corners]
        except ValueError as error:
            remedy = "write a corner a line, as 49.61, 6.13, or paste GeoJSON"
            raise _refused("form.drawing_unreadable", "the corners can't be read", remedy, name) from error
        if len(ring) < 3:
            raise _refused("form.drawing_unreadable", "an area has three corners or more", "add corners", name)
        return {"type": "Polygon", "coordinates": [ring if ring[0] == ring[-1] else [*ring, ring[0]]]}

    def clock(self, name: str) -> time:
        """A time of day. Refuses `form.not_a_time`."""
        try:
            return time.fromisoformat(self.text(name))
        except ValueError as error:
            raise _refused("form.not_a_time", "this is no time of day", "write 07:30", name) from error

    def day(self, name: str) -> date:
        """A day. Refuses `form.not_a_day`."""
        try:
            return date.fromisoformat(self.text(name))
        except ValueError as error:
            raise _refused("form.not_a_day", "this is no day", "write 2026-11-22", name) from error

    def moment(self, name: str, zone: ZoneInfo) -> datetime | None:
        """A day and time of the zone as an instant. Refuses `form.not_a_time`, and times that the day skips."""
        text = self.text(name)
        if not text:
            return None
        try:
            naive = datetime.fromisoformat(text).replace(tzinfo=None)
        except ValueError as error:
            raise _refused("form.not_a_time", "this is no day and time", "write 2026-11-22T07:30", name) from error
        return local_instant(naive.date(), naive.time(), zone, field=name)

    def ident(self, name: str) -> UUID:
        """An id. Refuses `form.missing`."""
        found = self.maybe_ident(name)
        if found is None:
            raise _refused("form.missing", "nothing was chosen", "choose one", name)
        return found

    def maybe_ident(self, name: str) -> UUID | None:
        """An id, or none."""
        return maybe_ident(self.text(name))


def _geometry_in(found: Any) -> Any:
    """The geometry of a feature, or of a collection's only one."""
    if isinstance(found, dict) and found.get("type") == "FeatureCollection" and len(found.get("features", [])) == 1:
        found = found["features"][0]
    return found.get("geometry") if isinstance(found, dict) and found.get("type") == "Feature" else found


def _refused(code: str, cause: str, remedy: str, name: str) -> Refusal:
    return Refusal(code, cause, remedy=remedy, field=name)


def filled(form: Form, given: Given | None, refusal: Refusal | None) -> Form:
    """The form as it came back: what was typed stands in it, and the refusal at its field, else above all."""
    if given is None:
        return form
    names = [one.name for one in form.fields]
    at = _field_of(refusal, names)
    fields = tuple(_typed(one, given, refusal if one.name == at else None) for one in form.fields)
    return replace(form, fields=fields, wrong=refusal if at is None else None)


def _typed(one: Field, given: Given, wrong: Refusal | None) -> Field:
    if one.kind == "checks":
        return replace(one, values=tuple(given.all(one.name)), wrong=wrong)
    if one.kind == "check":
        return replace(one, value=given.ticked(one.name), wrong=wrong)
    typed = one.name in given.values and one.kind != "file"
    return replace(one, value=given.text(one.name) if typed else one.value, wrong=wrong)


def _field_of(refusal: Refusal | None, names: Iterable[str]) -> str | None:
    """Which field a refusal is about: `geometry.coordinates[0]` is about `geometry`."""
    told = (refusal.field or "") if refusal else ""
    head = told.replace("[", ".").split(".", 1)[0]
    return next((name for name in names if name in (told, head)), None)


def options(rows: Iterable[Any], *, none: str | None = None) -> Options:
    """Rows with a name as what can be chosen; `none` is what stands for no choice."""
    made = [(str(row.id), str(row.name)) for row in rows]
    return made if none is None else [("", none), *made]


def hidden(values: Mapping[str, Any]) -> tuple[Field, ...]:
    """What goes with a form unseen."""
    return tuple(Field(name, kind="hidden", value=value) for name, value in values.items())
