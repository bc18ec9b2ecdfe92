"""What a route misses, in words, with what would let the visit in."""

from collections.abc import Mapping

from homestretch.planner.explain.relaxing import Relaxation
from homestretch.planner.kept.routes import Miss
from homestretch.planner.problem import Problem, Shift, Visit

MISSED: Mapping[str, tuple[str, str, str]] = {
    "shift_end": ("shift_end", "The route would end {span} after the shift.", "A shift {span} longer."),
    "max_duration": ("shift_end", "The route would be {span} too long.", "A longest route {span} longer."),
    "break": ("time_window", "The shift's break would begin {span} late.", "A break up to {span} later."),
    "max_stops": ("max_stops", "The shift has all the stops it may.", "{amount} more allowed stops."),
    "max_distance": ("max_distance", "The route would be {amount} m too far.", "{amount} m more allowed distance."),
    "max_drive": ("max_drive", "The route would be {span} too long on the road.", "{span} more allowed driving."),
    "max_ride": ("max_ride", "The goods for {visit} would ride {span} too long.", "A ride {span} longer."),
    "max_trips": ("max_trips", "The shift has all the trips it may.", "One more trip."),
    "longest_stretch": (
        "longest_stretch",
        "The driver would be {span} too long without a break.",
        "A stretch {span} longer.",
    ),
    "unreachable": ("unreachable", "There is no way there and back for this shift.", "Move its pin to a road."),
    "release": ("release", "Its goods were released {span} after the van had left.", "A van that leaves later."),
    "service_longer_than_window": (
        "service_longer_than_window",
        "Its service takes {span} longer than the whole shift.",
        "A shift {span} longer, or a shorter service.",
    ),
    "lock_window": (
        "lock_window",
        "The window of its lock is in none of its own.",
        "Drop the lock, or move its window.",
    ),
    "crew": ("crew", "The shift has a crew of {crew}.", "A crew of {persons}."),
    "barred": ("barred", "{visit} must not ride on this shift.", "Drop the bar."),
    "backhauls_last": (
        "backhauls_last",
        "{visit} would be delivered after goods were collected.",
        "A vehicle that may collect before it delivers.",
    ),
    "lifo": ("lifo", "Other goods would lie on those for {visit}.", "A vehicle that is unloaded in any order."),
    "incompatible": (
        "incompatible",
        "Goods that must not meet would be on board together.",
        "A shift without such goods.",
    ),
    "group": ("group", "Another visit of its group is served.", "Leave the other one out."),
    "together": ("together", "What is to ride together with it is on another shift.", "Drop the relation."),
    "in_order": ("in_order", "It would not be served in the order that is asked.", "Drop the relation."),
    "adjacent": ("adjacent", "What is to follow it directly would not.", "Drop the relation."),
}
"""What is missed: the reason's code, the text, and what would let the visit in."""

OTHER = "A rule of the route would be broken.", "Free the order of the route."


def words_of(problem: Problem, shift: Shift, visit: Visit, miss: Miss) -> tuple[str, str, str]:
    """(code, text, what would let it in)."""
    if miss.code == "time_window":
        span = minutes(miss.amount)
        whose = "its own last window" if miss.visit == visit.id else f"the last window of {miss.visit}"
        return miss.code, f"Service would begin {span} after {whose}.", f"A window {span} longer at {miss.visit}."
    if miss.code.startswith("load:"):
        dimension, amount = miss.code.removeprefix("load:"), miss.amount
        return miss.code, f"There is no room for {amount} {dimension}.", f"{amount} {dimension} more capacity."
    if miss.code == "skill":
        lacking = ", ".join(sorted(problem.visit[miss.visit].skills - shift.skills))
        return miss.code, f"The shift lacks: {lacking}.", f"A shift with: {lacking}."
    if miss.code == "locked_elsewhere":
        return miss.code, f"{miss.visit} is locked to shift {problem.lock_of[miss.visit].shift}.", "Drop the lock."
    code, text, remedy = MISSED.get(miss.code) or (miss.code, *OTHER)
    known = {
        "span": minutes(miss.amount),
        "amount": miss.amount,
        "visit": miss.visit,
        "crew": shift.crew,
        "persons": shift.crew + miss.amount,
    }
    return code, text.format(**known), remedy.format(**known)


def minutes(seconds: int) -> str:
    """Whole minutes, rounded up."""
    return f"{-(-seconds // 60)} min"


def given_up_words(problem: Problem, visit: Visit, given_up: Relaxation) -> str:
    """What would let the visit in, in one sentence without its price."""
    span = minutes(given_up.amount)
    whose = "its window" if given_up.visit == visit.id else f"the window of {given_up.visit}"
    plain = {
        "window_later": f"Let {whose} end {span} later.",
        "window_earlier": f"Let {whose} begin {span} sooner.",
        "overtime": f"Let the shift end {span} later.",
        "duration": f"Let the route last {span} longer.",
        "drive": f"Allow {span} more on the road.",
        "distance": f"Allow {given_up.amount} m more.",
        "stops": f"Allow {given_up.amount} more stops.",
        "crew": f"Give the shift a crew of {visit.crew}.",
        "barred": "Let this shift serve it.",
        "lock": "Drop its lock.",
        "van": "Send one more van like this one.",
        "without": f"Leave out {given_up.visit} instead.",
    }
    if given_up.code.startswith("load:"):
        return f"Make room for {given_up.amount} more {given_up.code.removeprefix('load:')}."
    if given_up.code == "skill":
        lacking = sorted(visit.skills - problem.shift[given_up.shift].skills)
        return f"Give the shift: {', '.join(lacking)}."
    return plain[given_up.code]
