"""What the search core shows to Python: integers in, integers out. `search/problem.hpp` says what they are."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

NEVER: int
MOST_RESTS: int
RELOAD: int

Routes = Sequence[tuple[int, Sequence[int]]]

class Visit:
    windows: Sequence[tuple[int, int]]
    deliver: Sequence[int]
    collect: Sequence[int]
    ride: Sequence[int]
    prize: int
    required: bool
    release: int
    partner: int
    first: bool
    max_ride: int
    position: int
    due: int
    late: int
    home: int
    rank: int
    kept_start: int
    block: Sequence[int]
    leader: int
    group: int
    goods: int
    zone: int

class VehicleType:
    vehicles: int
    profile: int
    start: int
    end: int
    open: int
    close: int
    loading: int
    begun: bool
    capacity: Sequence[int]
    fixed: int
    per_meter: int
    per_second: int
    overtime: int
    regular: int
    waiting: int
    max_stops: int
    max_duration: int
    max_drive: int
    stretch: int
    max_distance: int
    reload: int
    reloading: int
    max_trips: int
    backhauls_last: bool
    lifo: bool
    service: Sequence[int]
    serves: Sequence[int]
    def add_rest(self, duration: int, earliest: int, latest: int, paid: bool) -> None: ...

class Problem:
    visits: int
    nodes: int
    dimensions: int
    vehicles_first: bool
    moved: int
    changed: int
    drifted: int
    split_zone: int
    zones: int
    incompatible: Sequence[tuple[int, int]]
    def add_slot(
        self,
        start: int,
        middle: int,
        durations: npt.NDArray[np.int32],
        distances: npt.NDArray[np.int32],
        places: Sequence[int],
        ways: Sequence[tuple[int, int, int]],
    ) -> None: ...
    def add_relation(self, visits: Sequence[int], in_order: bool) -> None: ...
    def set_balance(self, of: int, dimension: int, price: int) -> None: ...
    def add_visit(self, visit: Visit) -> None: ...
    def add_type(self, vehicles: VehicleType) -> None: ...
    def add_profile(
        self,
        durations: npt.NDArray[np.int32],
        distances: npt.NDArray[np.int32],
        places: Sequence[int],
        ways: Sequence[tuple[int, int, int]],
    ) -> None: ...
    def add_coordinates(
        self,
        axes: npt.NDArray[np.float64],
        places: Sequence[int],
        meters: tuple[float, int],
        seconds: tuple[float, int],
    ) -> None: ...
    def piece(self, visits: Sequence[int], vehicles: Sequence[int]) -> Problem: ...
    def saved(self, neighbors: int) -> list[tuple[int, list[int]]]: ...
    def divided(self, items: Sequence[Sequence[int]], pieces: int, seed: int) -> list[int]: ...

class Signal:
    def __init__(self) -> None: ...
    def stop(self) -> None: ...
    @property
    def stopped(self) -> bool: ...
    @property
    def steps(self) -> int: ...

class Tuning:
    removed: float
    longest_string: float
    split: float
    split_grows: float
    timely: float
    blink: float
    generous: float
    again: int
    whole: float
    compete: float
    moves: int
    candidates: int
    nearest: int
    overload: float
    dearer: float
    crammed: float
    hot: float
    cold: float

class Search:
    def __init__(self, problem: Problem, seed: int, tuning: Tuning = ...) -> None: ...
    def begin(self, start: Routes) -> None: ...
    def worth(self, start: Routes) -> tuple[int, int]: ...
    def cool(self, steps: int, from_: float, to: float, signal: Signal | None = None) -> None: ...
    def fewer(self, steps: int, signal: Signal | None = None) -> bool: ...
    def settle(self) -> None: ...
    def restore(self) -> None: ...
    def best(self) -> list[tuple[int, list[int]]]: ...
    def present(self) -> tuple[list[tuple[int, list[int]]], int, int]: ...
    @property
    def cost(self) -> int: ...
    @property
    def used(self) -> int: ...
    @property
    def missing(self) -> int: ...
    @property
    def plain(self) -> bool: ...

FOREVER: int
FULL: int

Tried = tuple[int, int, int, list[tuple[str, int, int]]]
Placed = tuple[int, int, int, int]

class Stop:
    place: int
    windows: Sequence[tuple[int, int]]
    kind: int
    service: Sequence[int]
    deliver: Sequence[int]
    collect: Sequence[int]
    ride: Sequence[int]
    release: int
    due: int
    late_per_hour: int
    partner: int
    first: bool
    position: int

class Van:
    profile: int
    pace: int
    start: int
    end: int
    open: int
    close: int
    loading: int
    capacity: Sequence[int]
    fixed: int
    per_km: int
    per_meter: int
    max_stops: int
    max_distance: int
    max_duration: int
    max_drive: int
    stretch: int
    def set_rates(self, per_hour: int, per_second: int, overtime: int, waiting: int, regular: int) -> None: ...
    def add_break(self, duration: int, earliest: int, latest: int, paid: bool) -> None: ...

class Begun:
    is_begun: bool
    at: int
    place: int
    leg: int
    leg_meters: int
    breaks_taken: int
    on_board: Sequence[int]

class Leave:
    close: int
    capacity: Sequence[int]
    max_stops: int
    max_distance: int
    max_duration: int
    max_drive: int
    stretch: int

class Board:
    def __init__(self, dimensions: int) -> None: ...
    def set_profile(self, number: int, seconds: npt.NDArray[np.int32], meters: npt.NDArray[np.int32]) -> None: ...
    def add_van(self, van: Van) -> None: ...
    def set_kind(self, kind: int, serves: Sequence[int]) -> None: ...
    def add_stop(self, stop: Stop) -> int: ...
    def set_stop(self, number: int, stop: Stop) -> None: ...
    def grant(self, leave: Leave) -> None: ...
    def set_route(self, van: int, stops: Sequence[int], held: int, begun: Begun) -> None: ...
    def ranked(self, stop: int, van: int, each: int, most: int, every: bool) -> list[Placed]: ...
    def nearest(self, stop: int, each: int) -> list[tuple[int, int, Tried]]: ...
    def elsewhere(self, van: int, index: int, most: int) -> Placed: ...
    def swaps(self, stops: Sequence[int], worth: Sequence[int], each: int) -> list[list[tuple[int, int, int, int]]]: ...
    def trial(self, van: int, stops: Sequence[int]) -> Tried: ...
    def cost(self, van: int) -> int: ...
