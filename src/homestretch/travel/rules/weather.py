"""Weather: what a person or a service says of a span, and what an hour of a forecast means for the road. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from homestretch.kernel.refusal import Refusal

Kind = Literal["clear", "rain", "snow", "storm"]
WEATHERS: tuple[Kind, ...] = ("clear", "rain", "snow", "storm")  # the graver for the road the later
FORECAST = "forecast:"  # what a service's spans name as their source begins so; a person's word beats them
HOUR = timedelta(hours=1)

# Codes of the WMO's table 4677, as forecasts use them.
_THUNDER = frozenset(range(95, 100))
_SLIPPERY = frozenset({56, 57, 66, 67, *range(71, 78), 85, 86})  # freezing drizzle and rain, snow, snow showers
STORM_MH = 75_000  # gusts, Beaufort 9: high vans and trucks slow down, branches fall
WET_UM = 500  # half a millimeter in the hour: wipers run, traffic slows
WHITE_UM = 2_000  # fresh snow in the hour that stays on the road


@dataclass(frozen=True, slots=True)
class Weather:
    """What the weather does to speeds, for a span."""

    kind: Kind
    starts_at: datetime
    ends_at: datetime


def weather_at(spans: Sequence[Weather], moment: datetime) -> Kind:
    """The weather that was said last of this moment; clear where nothing was."""
    return next((span.kind for span in reversed(spans) if span.starts_at <= moment < span.ends_at), "clear")


def check_weather(kind: str) -> None:
    """Refuses `weather.kind_unknown`."""
    if kind not in WEATHERS:
        raise Refusal(
            "weather.kind_unknown", f"{kind[:20]!r} is no weather", remedy=f"one of {', '.join(WEATHERS)}", field="kind"
        )


def kind_of(code: int, precipitation_um: int, snow_um: int, gust_mh: int) -> Kind:
    """What an hour means for the road: the WMO's code, what falls in the hour (micrometers), the strongest gust."""
    if code in _THUNDER or gust_mh >= STORM_MH:
        return "storm"
    if code in _SLIPPERY or snow_um >= WHITE_UM:
        return "snow"
    return "rain" if precipitation_um >= WET_UM else "clear"


def expected(hours: Iterable[tuple[datetime, Kind]]) -> list[Weather]:
    """Hours of one or several places as spans that follow each other: of an hour the gravest of its kinds holds, and
    where all is clear nothing is said."""
    gravest: dict[datetime, Kind] = {}
    for starts_at, kind in hours:
        gravest[starts_at] = max(kind, gravest.get(starts_at, kind), key=WEATHERS.index)
    spans: list[Weather] = []
    for starts_at, kind in sorted(gravest.items()):
        last = spans[-1] if spans else None
        if kind == "clear":
            continue
        if last and last.kind == kind and last.ends_at == starts_at:
            spans[-1] = Weather(kind, last.starts_at, starts_at + HOUR)
        else:
            spans.append(Weather(kind, starts_at, starts_at + HOUR))
    return spans
