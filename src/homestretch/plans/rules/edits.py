"""What edits mean. An edit is JSON, as the API takes it and a revision keeps it:

    {"op": "move", "visit", "shift" | null, "position"}     one visit to a place, or off every route
    {"op": "place", "visits": [[visit, shift | null, position]]}    several: all are taken off, then put in, in turn
    {"op": "reorder", "shift", "visits"}                    a route's visits in another order
    {"op": "swap", "visit", "other"}                        two visits change places
    {"op": "lock" | "unlock", "what", "shift" | "visit"}    see `locks`

Kept edits are exact: said again, in turn, on the revision before, they make the revision.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from homestretch.kernel.refusal import Refusal
from homestretch.plans.rules.draft import Draft, Routes, invalid

Edit = dict[str, Any]
LOCKING = frozenset({"lock", "unlock"})


@dataclass(frozen=True, slots=True)
class Touched:
    """What edits name (visits, whole routes) and which shifts they changed."""

    visits: frozenset[str] = frozenset()
    routes: frozenset[str] = frozenset()
    shifts: frozenset[str] = frozenset()

    def json(self) -> dict[str, list[str]]:
        """As a revision keeps it."""
        return {name: sorted(getattr(self, name)) for name in ("visits", "routes", "shifts")}

    @classmethod
    def read(cls, kept: Mapping[str, Sequence[str]]) -> Touched:
        """What `json` wrote."""
        return cls(*(frozenset(kept.get(name, ())) for name in ("visits", "routes", "shifts")))


@dataclass(frozen=True, slots=True)
class Since:
    """A revision that was made after the one that an edit was made on. `who` did it, by the log; `mine`: the same who
    edits now, who knows what they did."""

    number: int
    who: str
    mine: bool
    touched: Touched = field(default_factory=Touched)


def read_edit(raw: Mapping[str, Any]) -> Edit:
    """An edit as the API takes it: `shift_id`, and `places` of a `place`. Refuses `plan.edit_incomplete`."""
    op, shift = raw["op"], raw.get("shift_id")
    made: Edit = {"op": op}
    given = {**raw, "shift": str(shift) if shift else None}
    if op == "place":
        made["visits"] = [[visit, str(to) if to else None, at] for visit, to, at in raw.get("places") or ()]
    for name in _NEEDS[op]:
        made.setdefault(name, given.get(name))
    needed = set(_NEEDS[op]) - (
        {"position", "shift"} if op == "move" else {"shift", "visit"} if op in LOCKING else set()
    )
    missing = next((name for name in sorted(needed) if not made[name]), None)
    if missing is not None:
        raise Refusal("plan.edit_incomplete", f"{op} needs {missing}", remedy="say what the op needs", field=missing)
    return made


_NEEDS: Mapping[str, tuple[str, ...]] = {
    "move": ("visit", "shift", "position"),
    "place": ("visits",),
    "reorder": ("shift", "visits"),
    "swap": ("visit", "other"),
    "lock": ("what", "shift", "visit"),
    "unlock": ("what", "shift", "visit"),
}


def apply(draft: Draft, edits: Iterable[Edit]) -> None:
    """Change a draft by edits. Refuses `plan.visit_not_found`, `plan.move_invalid`, `plan.reorder_incomplete`."""
    for edit in edits:
        if edit["op"] not in LOCKING:
            _VERBS[edit["op"]](draft, edit)


def _move(draft: Draft, edit: Edit) -> None:
    draft.take(edit["visit"])
    _settle(draft, edit["visit"], edit["shift"], edit["position"])


def _settle(draft: Draft, visit: str, shift: str | None, position: int) -> None:
    if shift is None:
        draft.leave(visit)
    else:
        draft.put(visit, shift, position)


def _place(draft: Draft, edit: Edit) -> None:
    for visit, _, _ in edit["visits"]:
        draft.take(visit)
    for visit, shift, position in edit["visits"]:
        _settle(draft, visit, shift, position)


def _reorder(draft: Draft, edit: Edit) -> None:
    route = draft.route(edit["shift"])
    if sorted(route) != sorted(edit["visits"]):
        raise Refusal(
            "plan.reorder_incomplete",
            "the new order must name each visit of the route once",
            remedy="read the revision again and send all visits of the route",
            field="visits",
        )
    route[:] = edit["visits"]


def _swap(draft: Draft, edit: Edit) -> None:
    one, other = edit["visit"], edit["other"]
    first, second = draft.holds(one), draft.holds(other)
    if one == other or first is None or second is None:
        raise invalid("only two visits that are on routes change places", "other")
    here, there = draft.routes[first].index(one), draft.routes[second].index(other)
    draft.routes[first][here], draft.routes[second][there] = other, one
    draft.at[one], draft.at[other] = second, first


_VERBS: Mapping[str, Callable[[Draft, Edit], None]] = {
    "move": _move,
    "place": _place,
    "reorder": _reorder,
    "swap": _swap,
}


def touched_by(edits: Iterable[Edit], before: Routes, after: Routes) -> Touched:
    """What edits name, and what they changed."""
    visits, routes = set[str](), set[str]()
    for edit in edits:
        visits |= set(named(edit))
        if edit["op"] == "reorder":
            routes.add(edit["shift"])
    shifts = {shift for shift in {*before, *after} if before.get(shift) != after.get(shift)}
    return Touched(frozenset(visits), frozenset(routes), frozenset(shifts))


def named(edit: Edit) -> list[str]:
    """The visits that an edit is about."""
    if edit["op"] == "place":
        return [visit for visit, _, _ in edit["visits"]]
    if edit["op"] == "reorder":
        return list(edit["visits"])
    return [edit[key] for key in ("visit", "other") if edit.get(key)]


def rebased(edits: Iterable[Edit], seen: Draft, stands: Draft, since: Sequence[Since]) -> list[Edit]:
    """The edits, made on `seen`, as they read on what `stands`: a position is that behind the visit before it, or
    before the one behind it. Both drafts are edited along.

    Refuses `plan.revision_conflict` where somebody else has touched since what an edit names, with who and which.
    """
    made = []
    for edit in edits:
        refuse_touched(edit, seen, stands, since)
        apply(seen, [edit])
        again = _again(edit, seen, stands, since)
        apply(stands, [again])
        made.append(again)
    return made


def _again(edit: Edit, seen: Draft, stands: Draft, since: Sequence[Since]) -> Edit:
    if edit["op"] == "move" and edit["shift"] is not None:
        return {**edit, "position": _position(edit["visit"], edit["shift"], seen, stands, since)}
    if edit["op"] == "place":
        trial, places = _copy(stands), []
        for visit in named(edit):
            trial.take(visit)
        for visit, shift, _ in edit["visits"]:
            position = 0 if shift is None else _position(visit, shift, seen, trial, since)
            _settle(trial, visit, shift, position)
            places.append([visit, shift, position])
        return {**edit, "visits": places}
    return edit


def _copy(draft: Draft) -> Draft:
    return Draft(draft.frozen(), draft.unassigned, draft.shifts)


def _position(visit: str, shift: str, seen: Draft, stands: Draft, since: Sequence[Since]) -> int:
    """Where a visit goes on a route that others may have changed, by its neighbors on the one that was seen."""
    route = [name for name in stands.route(shift) if name != visit]
    before, behind = seen.neighbors(visit)
    if before in route:
        return route.index(before) + 1
    if behind in route:
        return route.index(behind)
    if before is None and behind is None:
        return len(route)
    raise conflict(next((one for one in reversed(since) if shift in one.touched.shifts), since[-1]), shift=shift)


def refuse_touched(edit: Edit, seen: Draft, stands: Draft, since: Sequence[Since]) -> None:
    """Refuses `plan.revision_conflict` where somebody else has touched since what an edit names."""
    about = set(named(edit))
    for one in since:
        met = about & one.touched.visits
        if met and not one.mine:
            raise conflict(one, visit=min(met))
    if edit["op"] == "reorder" and seen.routes.get(edit["shift"], []) != stands.routes.get(edit["shift"], []):
        changed = (one for one in reversed(since) if edit["shift"] in one.touched.shifts)
        found = next(changed, since[-1] if since else None)
        if found is not None:
            raise conflict(found, shift=edit["shift"])


def conflict(one: Since, **what: str) -> Refusal:
    """Somebody changed it since. `who` is an actor, whose name the caller of the rule puts in its place."""
    return Refusal(
        "plan.revision_conflict",
        f"revision {one.number} has changed since what this edit is about",
        remedy="read the plan again and repeat the change",
        field="revision",
        who=one.who,
        revision=one.number,
        **what,
    )


def restored(names: Iterable[str], wanted: Routes, stands: Draft) -> Edit:
    """The edit that puts visits back as `wanted` has them, and leaves all others where they stand."""
    back = set(names)
    trial = _copy(stands)
    for visit in back:
        trial.take(visit)
    places: list[list[Any]] = []
    placed = set[str]()
    for shift, visits in wanted.items():
        before: str | None = None
        for visit in visits:
            if visit in back:
                route = trial.route(shift)
                position = route.index(before) + 1 if before in route else 0
                trial.put(visit, shift, position)
                places.append([visit, shift, position])
                placed.add(visit)
            if trial.at.get(visit) == shift:
                before = visit
    places += [[visit, None, 0] for visit in sorted(back - placed)]
    return {"op": "place", "visits": places}
