"""Map matching: from a vehicle's positions to the roads that it took, and how fast it was on each.

matched = match(network, lats, lons, times)
for arc, meters, seconds in zip(*speeds_of(matched), strict=True): ...
"""

from __future__ import annotations

from threading import Lock
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import ArrayLike

from homestretch.atlas.roads.driven import Matched, Part, speeds_of, told
from homestretch.atlas.roads.fixes import Spots, errors, spots
from homestretch.atlas.roads.graph import meters_between
from homestretch.atlas.roads.network import Network
from homestretch.atlas.roads.trellis import NEVER, Ground, Places, Trellis, cheapest
from homestretch.atlas.roads.values import PROFILES, Floats, Longs
from homestretch.kernel.refusal import Refusal

__all__ = ["Matched", "match", "speeds_of"]

LOST_S, LOST_M = 300.0, 4_000.0  # over either, what was driven between is unknown
DROP_COST, SUSPICIOUS_COST, BREAK_COST = 8.0, 12.0, 30.0
AROUND = 3  # fixes on either side that a doubted one is judged with
JUMP_MS = 60.0  # meters in a second: a fix that only such a speed reaches is none
MOST_FIXES = 20_000
_grounds: WeakKeyDictionary[Network, dict[str, Ground]] = WeakKeyDictionary()
_lock = Lock()


def match(
    network: Network,
    lats: ArrayLike,
    lons: ArrayLike,
    times: ArrayLike,
    accuracy_m: ArrayLike | None = None,
    profile: str = "van",
) -> Matched:
    """The likeliest way along all fixes. `times` are UTC seconds, not falling; `accuracy_m` is each fix's own word of
    its error (68 % are nearer), None or nan where it has none. Refuses `trace.malformed` and `profile.unknown`."""
    lat, lon, time = (np.asarray(values, np.float64) for values in (lats, lons, times))
    _check(lat, lon, time)
    ground = ground_of(network, profile)
    seen = spots(lat, lon, time, errors(ground.nearby, lat, lon, accuracy_m))
    return told(ground, time, seen, *_Matching(ground, seen).run())


def ground_of(network: Network, profile: str) -> Ground:
    """A network's roads for a profile, made ready once and kept as long as the network is."""
    if profile not in PROFILES:
        remedy = f"one of {', '.join(PROFILES)}"
        raise Refusal("profile.unknown", f"there is no profile {profile[:40]}", remedy=remedy)
    with _lock:
        kept = _grounds.setdefault(network, {})
        if profile not in kept:
            kept[profile] = Ground(network.graph, profile)
        return kept[profile]


def _check(lat: Floats, lon: Floats, time: Floats) -> None:
    said = "as many times as positions" if not lat.shape == lon.shape == time.shape else ""
    said = said or ("one list of each" if lat.ndim != 1 else "")
    said = said or (f"at most {MOST_FIXES} fixes" if len(lat) > MOST_FIXES else "")
    said = said or ("" if np.isfinite([lat, lon, time]).all() else "numbers")
    said = said or ("times that do not fall" if (np.diff(time) < 0).any() else "")
    said = said or ("degrees" if (np.abs(lat) > 90).any() or (np.abs(lon) > 180).any() else "")
    if said:
        raise Refusal("trace.malformed", "the trace is none that can be matched", remedy=f"give {said}", field="trace")


class _Matching:
    """One trace's work. A transition is weighed once, however often fixes between are dropped."""

    def __init__(self, ground: Ground, seen: Spots) -> None:
        self.seen = seen
        self.places = ground.places(seen.lats, seen.lons, seen.sigma_m)
        self._trellis = Trellis(ground, self.places)
        self._rows: dict[tuple[int, int], int] = {}
        most = int(self.places.counts.max(initial=1))
        self._costs = np.zeros((0, most, most))

    def run(self) -> tuple[Places, list[Part]]:
        """Match, drop what is dearer to explain than to leave out, and match again."""
        parts = self._parts(self._plausible(np.flatnonzero(self.places.counts > 0)))
        for _ in range(3):
            wrong = self._wrong(parts)
            if not wrong:
                break
            fixes = np.concatenate([part[0] for part in parts])
            parts = self._parts(fixes[~np.isin(fixes, wrong)])
        return self.places, parts

    def _plausible(self, fixes: Longs) -> Longs:
        """Without those that jump away and back: no road explains them."""
        for _ in range(3):
            if len(fixes) < 3:
                return fixes
            before, here, after = fixes[:-2], fixes[1:-1], fixes[2:]
            fast = self._speed(before, here) > JUMP_MS
            fast &= (self._speed(here, after) > JUMP_MS) & (self._speed(before, after) <= JUMP_MS)
            if not fast.any():
                return fixes
            fixes = np.concatenate([fixes[:1], here[~fast], fixes[-1:]])
        return fixes

    def _speed(self, here: Longs, there: Longs) -> Floats:
        return np.maximum(0.0, self._apart(here, there) - 100) / np.maximum(1.0, self._seconds(here, there))

    def _apart(self, here: Longs, there: Longs) -> Floats:
        lats, lons = self.seen.lats, self.seen.lons
        return meters_between(lats[here], lons[here], lats[there], lons[there])

    def _seconds(self, here: Longs, there: Longs) -> Floats:
        return self.seen.since[there] - self.seen.until[here]

    def _parts(self, fixes: Longs) -> list[Part]:
        """The cheapest sequence, cut where nothing leads on."""
        if not len(fixes):
            return []
        costs = self._costs_of(fixes)
        _, chosen = cheapest(self.places, fixes, costs)
        slot = chosen - self.places.begin[fixes]
        cut = np.flatnonzero(costs[np.arange(len(costs)), slot[1:], slot[:-1]] >= NEVER) + 1
        return list(zip(np.split(fixes, cut), np.split(chosen, cut), strict=True))

    def _costs_of(self, fixes: Longs) -> Floats:
        rows = self._weighed(fixes[:-1], fixes[1:])
        return self._costs[rows]

    def _weighed(self, here: Longs, there: Longs) -> Longs:
        """Rows of the transitions between these fixes."""
        pairs = list(zip(here.tolist(), there.tolist(), strict=True))
        new = [pair for pair in pairs if pair not in self._rows]
        if new:
            self._rows.update((pair, len(self._costs) + number) for number, pair in enumerate(new))
            self._costs = np.concatenate([self._costs, self._weigh(np.array(new, np.int64))])
        return np.array([self._rows[pair] for pair in pairs], np.int64)

    def _weigh(self, pairs: Longs) -> Floats:
        here, there = pairs[:, 0], pairs[:, 1]
        straight, seconds = self._apart(here, there), self._seconds(here, there)
        costs = self._trellis.transitions(pairs, straight, seconds)
        costs[(seconds > LOST_S) | (straight > LOST_M)] = NEVER
        return costs

    def _wrong(self, parts: list[Part]) -> list[int]:
        """Fixes to drop: those alone between breaks, and the worst of each neighborhood where dropping pays."""
        lonely = [part[0] for part in parts if len(part[0]) < 3 and len(parts) > 1]
        fixes = np.concatenate([part[0] for part in parts]) if parts else np.zeros(0, np.int64)
        chosen = np.concatenate([part[1] for part in parts]) if parts else fixes
        if len(fixes) < 3:
            return []
        rows = self._weighed(fixes[:-1], fixes[1:])
        slot = chosen - self.places.begin[fixes]
        steps = np.minimum(self._costs[rows, slot[1:], slot[:-1]], BREAK_COST)
        local = self.places.cost[chosen] + np.append(0.0, steps) + np.append(steps, 0.0)
        worst = local > SUSPICIOUS_COST
        worst[1:] &= local[1:] > local[:-1]
        worst[:-1] &= local[:-1] >= local[1:]
        numbers = np.flatnonzero(worst)
        inner = numbers[(numbers > 0) & (numbers < len(fixes) - 1)]
        self._weighed(fixes[inner - 1], fixes[inner + 1])  # all at once
        found = [int(fixes[number]) for number in numbers if self._pays(fixes, int(number))]
        return found + [int(fix) for few in lonely for fix in few]

    def _pays(self, fixes: Longs, number: int) -> bool:
        """Whether the fixes around one are much cheaper to explain without it."""
        around = fixes[max(0, number - AROUND) : number + AROUND + 1]
        return self._cost(around) - self._cost(around[around != fixes[number]]) > DROP_COST

    def _cost(self, fixes: Longs) -> float:
        return cheapest(self.places, fixes, np.minimum(self._costs_of(fixes), BREAK_COST))[0]
