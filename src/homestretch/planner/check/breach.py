"""What is wrong with an answer."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Breach:
    """One thing that a plan must not do. `amount` is by how much, in the unit of what is breached (seconds, meters,
    stops, a dimension's own), 0 where there is no measure. `shift` and `visit` are ids, or empty.

    Codes: `visit_unknown`, `visit_twice`, `visit_missing`, `visit_required`, `shift_unknown`, `shift_twice`,
    `time_window`, `shift_start`, `shift_end`, `release`, `load:<dimension>`, `skill`, `crew`, `barred`, `pair`, `lock`,
    `lock_window`, `break`, `longest_stretch`, `max_ride`, `max_stops`, `max_distance`, `max_duration`, `max_drive`,
    `max_trips`, `reload`, `backhauls_last`, `lifo`, `incompatible`, `group`, `group_required`, `together`, `in_order`,
    `adjacent`, `unreachable`, `not_located`, `times` (stated times contradict the problem or each other).
    """

    code: str
    shift: str
    visit: str
    amount: int
    text: str
