"""The verbs of the fleet, by family."""

from homestretch.fleet.actions.assets import save_depot, save_driver, save_vehicle
from homestretch.fleet.actions.shifts import (
    change_shift,
    name_driver,
    open_ahead,
    open_day,
    remove_shift_rule,
    save_shift_rule,
    save_shift_rules,
)

__all__ = [
    "change_shift",
    "name_driver",
    "open_ahead",
    "open_day",
    "remove_shift_rule",
    "save_depot",
    "save_driver",
    "save_shift_rule",
    "save_shift_rules",
    "save_vehicle",
]
