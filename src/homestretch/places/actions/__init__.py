"""The verbs of places, by family."""

from homestretch.places.actions.blackouts import remove_blackout, save_blackout
from homestretch.places.actions.drawing import (
    import_service_areas,
    import_zones,
    remove_service_area,
    remove_zone,
    save_service_area,
    save_zone,
)
from homestretch.places.actions.finding import find_or_create, find_or_create_all, hold_unlocated, locked, point_of
from homestretch.places.actions.judging import judge_places
from homestretch.places.actions.lookups import (
    LOOKUP_LEASE,
    LOOKUP_PAGE,
    begin_lookups,
    finish_lookup,
    keep_lookup,
    postpone_lookup,
)
from homestretch.places.actions.memory import confirm, forget_halts, forget_notes, remember_service
from homestretch.places.actions.mending import correct
from homestretch.places.actions.merging import keep_apart, merge, unmerge

__all__ = [
    "LOOKUP_LEASE",
    "LOOKUP_PAGE",
    "begin_lookups",
    "confirm",
    "correct",
    "find_or_create",
    "find_or_create_all",
    "finish_lookup",
    "forget_halts",
    "forget_notes",
    "hold_unlocated",
    "import_service_areas",
    "import_zones",
    "judge_places",
    "keep_apart",
    "keep_lookup",
    "locked",
    "merge",
    "point_of",
    "postpone_lookup",
    "remember_service",
    "remove_blackout",
    "remove_service_area",
    "remove_zone",
    "save_blackout",
    "save_service_area",
    "save_zone",
    "unmerge",
]
