"""What is fixed by hand. A lock is JSON: {"kind", "shift", "visit", "by", "at"}; `by` is the actor who set it.

- `driver`: the visits of a shift's route stay on that shift (others may join them);
- `route`: its sequence stays as it is;
- `position`: a visit stays at its place of its route.

A lock holds the next search, and everybody's edits but those of who set it. Whoever may edit may unlock.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from homestretch.kernel.refusal import Refusal
from homestretch.planner import problem as planner
from homestretch.plans.rules.draft import Draft, Routes
from homestretch.plans.rules.edits import Edit

KINDS = ("driver", "route", "position")
Lock = Mapping[str, Any]


def relocked(locks: Sequence[Lock], edits: Iterable[Edit], draft: Draft, *, by: str, at: str) -> list[Lock]:
    """The locks after edits. What is locked is locked by whoever did it first, what is not is not unlocked: saying
    either again changes nothing. Refuses `plan.lock_invalid` for what can't be locked."""
    kept = {_key(lock): lock for lock in locks}
    for edit in edits:
        if edit["op"] == "lock":
            lock = {"kind": edit["what"], "shift": edit.get("shift"), "visit": edit.get("visit"), "by": by, "at": at}
            _refuse_nothing(lock, draft)
            kept.setdefault(_key(lock), lock)
        elif edit["op"] == "unlock":
            kept.pop((edit["what"], edit.get("shift") or edit["visit"]), None)
    return [lock for lock in kept.values() if lock["kind"] != "position" or lock["visit"] in draft.at]


def _key(lock: Lock) -> tuple[str, str]:
    return lock["kind"], lock["shift"] or lock["visit"]


def _refuse_nothing(lock: Lock, draft: Draft) -> None:
    if lock["kind"] == "position":
        found = bool(lock["visit"]) and draft.holds(lock["visit"]) is not None
    else:
        found = lock["shift"] in draft.shifts
    if not found:
        raise Refusal(
            "plan.lock_invalid",
            f"there is nothing here whose {lock['kind']} could be locked",
            remedy="lock the driver or the route of a shift, or the position of a visit that is on a route",
            field="what",
        )


def still_held(locks: Iterable[Lock], edits: Iterable[Edit]) -> list[Lock]:
    """The locks that edits do not take away."""
    gone = {(edit["what"], edit.get("shift") or edit.get("visit")) for edit in edits if edit["op"] == "unlock"}
    return [lock for lock in locks if _key(lock) not in gone]


def refuse_locked(before: Routes, after: Routes, locks: Iterable[Lock], *, by: str) -> None:
    """Refuses `plan.locked_conflict` where an edit changes what somebody else has locked."""
    for lock in locks:
        if lock["by"] != by and _is_broken(lock, before, after):
            raise Refusal(
                "plan.locked_conflict",
                f"its {lock['kind']} is locked",
                remedy="ask who locked it, or unlock it first",
                who=lock["by"],
                **{name: lock[name] for name in ("kind", "shift", "visit") if lock[name]},
            )


def broken(locks: Iterable[Lock], before: Routes, after: Routes) -> bool:
    """Whether anything that is locked differs."""
    return any(_is_broken(lock, before, after) for lock in locks)


def _is_broken(lock: Lock, before: Routes, after: Routes) -> bool:
    if lock["kind"] == "position":
        return _place_of(lock["visit"], before) != _place_of(lock["visit"], after)
    was, now = before.get(lock["shift"], ()), after.get(lock["shift"], ())
    return was != now if lock["kind"] == "route" else not set(was) <= set(now)


def _place_of(visit: str, routes: Routes) -> tuple[str, int] | None:
    found = ((shift, visits.index(visit)) for shift, visits in routes.items() if visit in visits)
    return next(found, None)


def bound(problem: planner.Problem, routes: Routes, locks: Iterable[Lock]) -> planner.Problem:
    """The problem with the locks as a search keeps them: locked visits stay, and nothing joins a locked route."""
    held: dict[str, planner.Lock] = {}
    full: dict[str, int] = {}
    for lock in locks:
        if lock["kind"] == "position":
            place = _place_of(lock["visit"], routes)
            if place is not None:
                held[lock["visit"]] = planner.Lock(lock["visit"], place[0], place[1])
            continue
        visits = routes.get(lock["shift"], ())
        fixed = lock["kind"] == "route"
        for number, visit in enumerate(visits):
            if fixed or visit not in held:
                held[visit] = planner.Lock(visit, lock["shift"], number if fixed else None)
        if fixed:
            full[lock["shift"]] = len(visits)
    if not held and not full:
        return problem
    shifts = tuple(replace(s, max_stops=full[s.id]) if s.id in full else s for s in problem.shifts)
    return replace(problem, locks=(*problem.locks, *held.values()), shifts=shifts)
