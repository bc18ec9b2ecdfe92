"""What the weather will be, hour by hour, from a service outside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from homestretch.kernel.geo import Point


@dataclass(frozen=True, slots=True)
class Hour:
    """The weather of one hour at one place.

    `code` is the WMO's code of present weather (table 4677), precipitation and fresh snow are micrometers that fall in
    the hour, the strongest gust is meters in an hour.
    """

    starts_at: datetime
    code: int
    precipitation_um: int
    snow_um: int
    gust_mh: int


class Weather(Protocol):
    def hours(self, where: Sequence[Point], *, at: datetime) -> list[list[Hour]]:
        """For each point the hours from that of `at` on, in order, two days of them; an hour that the service does not
        know is left out.

        `at` is now, an instant with a zone. Raises `ProviderError`, never `unknown`: `permanent` `too_large` over its
        options' limit of points.
        """
        ...
