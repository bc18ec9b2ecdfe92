"""Windows between values and the JSON that is stored: `[{"start": instant, "end": instant}]`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from homestretch.kernel.units import iso
from homestretch.kernel.windows import Window


def windows_to_json(windows: Iterable[Window]) -> list[dict[str, str]]:
    """As stored."""
    return [{"start": iso(window.start), "end": iso(window.end)} for window in windows]


def windows_from_json(stored: Sequence[Mapping[str, str]]) -> tuple[Window, ...]:
    """As stored, read back."""
    return tuple(Window(datetime.fromisoformat(w["start"]), datetime.fromisoformat(w["end"])) for w in stored)
