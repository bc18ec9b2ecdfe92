"""What edits mean: on what stands, on what was seen before; what can be taken back; what differs. No database."""

from __future__ import annotations

import random
from typing import Any

import pytest

from homestretch.kernel.refusal import Refusal
from homestretch.planner import problem as planner
from homestretch.plans.rules.compare import hunks
from homestretch.plans.rules.draft import Draft
from homestretch.plans.rules.edits import Edit, Since, Touched, apply, read_edit, rebased, restored, touched_by
from homestretch.plans.rules.history import Step, next_redo, next_undo
from homestretch.plans.rules.locks import bound, refuse_locked, relocked

ROUTES = {"a": ("1", "2", "3", "4"), "b": ("5", "6", "7")}


def draft(**routes: str) -> Draft:
    """Routes by shift, as words of one-letter visits; `rest` are on none."""
    rest = routes.pop("rest", "")
    return Draft({shift: tuple(visits) for shift, visits in routes.items()}, rest, {"a", "b", "c"})


def move(visit: str, shift: str | None, position: int = 0) -> Edit:
    return {"op": "move", "visit": visit, "shift": shift, "position": position}


def after(start: Draft, *edits: Edit) -> dict[str, str]:
    apply(start, edits)
    return {shift: "".join(visits) for shift, visits in start.frozen().items()} | {"rest": "".join(start.unassigned)}


def by_other(number: int, start: Draft, *edits: Edit, mine: bool = False) -> Since:
    """What somebody did to a draft."""
    was = start.frozen()
    apply(start, edits)
    return Since(number, "person:b", mine, touched_by(edits, was, start.frozen()))


def test_each_op_does_what_it_says() -> None:
    assert after(draft(a="123", b="45"), move("1", "b", 1)) == {"a": "23", "b": "415", "rest": ""}
    assert after(draft(a="123", b="45"), move("1", "a", 2)) == {"a": "231", "b": "45", "rest": ""}
    assert after(draft(a="12", rest="9"), move("2", None)) == {"a": "1", "rest": "92"}
    assert after(draft(a="123", b="45"), {"op": "swap", "visit": "1", "other": "5"})["a"] == "523"
    assert after(draft(a="123"), {"op": "swap", "visit": "1", "other": "3"})["a"] == "321"
    assert after(draft(a="123"), {"op": "reorder", "shift": "a", "visits": list("312")})["a"] == "312"
    places = {"op": "place", "visits": [["1", "c", 0], ["4", "c", 1], ["5", None, 0]]}
    assert after(draft(a="123", b="45"), places) == {"a": "23", "c": "14", "rest": "5"}


@pytest.mark.parametrize(
    ("edit", "code"),
    [
        (move("x", "a"), "plan.visit_not_found"),
        (move("1", "z"), "plan.move_invalid"),
        (move("1", "a", 9), "plan.move_invalid"),
        ({"op": "reorder", "shift": "a", "visits": ["1"]}, "plan.reorder_incomplete"),
        ({"op": "swap", "visit": "1", "other": "1"}, "plan.move_invalid"),
        ({"op": "swap", "visit": "1", "other": "9"}, "plan.move_invalid"),
    ],
)
def test_what_makes_no_sense_is_refused(edit: Edit, code: str) -> None:
    with pytest.raises(Refusal) as refusal:
        apply(draft(a="123", b="45", rest="9"), [edit])
    assert refusal.value.code == code


def test_an_op_that_lacks_what_it_needs_is_refused() -> None:
    for raw in ({"op": "move"}, {"op": "swap", "visit": "1"}, {"op": "lock", "shift_id": "a"}, {"op": "place"}):
        with pytest.raises(Refusal, match=r"plan\.edit_incomplete"):
            read_edit(raw)


def test_an_edit_made_on_an_older_revision_finds_its_place_by_its_neighbors() -> None:
    stands = draft(a="1234", b="567")
    since = [by_other(2, stands, move("5", "a", 0), move("6", None))]
    (again,) = rebased([move("7", "a", 2)], draft(a="1234", b="567"), stands, since)
    assert again["position"] == 3  # behind the 2, where it was put
    assert stands.frozen() == {"a": ("5", "1", "2", "7", "3", "4")}


def test_what_somebody_else_has_touched_is_a_conflict_that_says_who() -> None:
    stands = draft(a="1234", b="567")
    since = [by_other(2, stands, move("1", "b", 0))]
    with pytest.raises(Refusal) as refusal:
        rebased([move("1", "a", 3)], draft(a="1234", b="567"), stands, since)
    assert (refusal.value.code, refusal.value.details["who"], refusal.value.details["revision"]) == (
        "plan.revision_conflict",
        "person:b",
        2,
    )
    assert refusal.value.status == 409


def test_a_place_that_is_gone_on_both_sides_and_a_route_that_changed_are_conflicts() -> None:
    stands = draft(a="12", b="345")
    since = [by_other(2, stands, move("1", None), move("2", None))]
    with pytest.raises(Refusal, match=r"plan\.revision_conflict"):
        rebased([move("3", "a", 1)], draft(a="12", b="345"), stands, since)
    stands = draft(a="12", b="345")
    since = [by_other(2, stands, move("1", "b", 0))]
    with pytest.raises(Refusal, match=r"plan\.revision_conflict"):
        rebased([{"op": "reorder", "shift": "b", "visits": list("543")}], draft(a="12", b="345"), stands, since)


def test_ones_own_quick_second_edit_is_no_conflict() -> None:
    stands = draft(a="123")
    since = [by_other(2, stands, move("1", "b", 0), mine=True)]
    (again,) = rebased([move("1", "c", 0)], draft(a="123"), stands, since)
    assert stands.frozen() == {"a": ("2", "3"), "c": ("1",)}
    assert again["shift"] == "c"


@pytest.mark.parametrize("seed", range(30))
def test_what_was_changed_is_put_back_whatever_it_was(seed: int) -> None:
    chance = random.Random(seed)
    start = draft(a="12345", b="678", rest="9")
    was = start.frozen()
    edits: list[Edit] = []
    for _ in range(chance.randint(1, 6)):
        visit = chance.choice("123456789")
        shift = chance.choice(["a", "b", "c", None])
        room = len([v for v in start.routes.get(shift or "", []) if v != visit])
        edits.append(move(visit, shift, chance.randint(0, room)))
        apply(start, edits[-1:])
    names = touched_by(edits, was, start.frozen()).visits
    apply(start, [restored(names, was, start)])
    assert start.frozen() == was
    assert set(start.unassigned) == {"9"}


def test_what_others_did_since_stays_when_a_step_is_taken_back() -> None:
    start = draft(a="1234", b="567")
    was = start.frozen()
    apply(start, [move("2", "b", 0)])  # mine
    apply(start, [move("7", "a", 1)])  # theirs
    apply(start, [restored({"2"}, was, start)])
    assert start.frozen() == {"a": ("1", "2", "7", "3", "4"), "b": ("5", "6")}


def steps(*said: tuple[str, int, str]) -> list[Step]:
    """(why, of, who) of revisions 2 and on, the newest first."""
    made = [Step(n, why, of, who, n - 1) for n, (why, of, who) in enumerate(said, 2)]
    return [*reversed(made), Step(1, "solved", 0, "system", 0)]


def test_everybody_takes_back_the_own_steps() -> None:
    mixed = steps(("edited", 0, "a"), ("edited", 0, "b"), ("edited", 0, "a"), ("undone", 4, "a"))
    assert (next_undo(mixed, "a"), next_undo(mixed, "b"), next_undo(mixed, "c")) == (2, 3, 0)
    assert (next_redo(mixed, "a"), next_redo(mixed, "b")) == (5, 0)


def test_redo_follows_undo_step_by_step_until_something_new_is_done() -> None:
    both = [("edited", 0, "a"), ("edited", 0, "a"), ("undone", 3, "a"), ("undone", 2, "a")]
    assert (next_undo(steps(*both), "a"), next_redo(steps(*both), "a")) == (0, 5)
    once = [*both, ("redone", 5, "a")]
    assert (next_undo(steps(*once), "a"), next_redo(steps(*once), "a")) == (6, 4)
    new = [*once, ("edited", 0, "a")]
    assert (next_undo(steps(*new), "a"), next_redo(steps(*new), "a")) == (7, 0)
    back = [*new, ("undone", 7, "a"), ("redone", 8, "a")]
    assert (next_undo(steps(*back), "a"), next_redo(steps(*back), "a")) == (9, 0)
    assert next_undo(steps(), "system") == 0  # the first answer of a search is where all begins


def lock(kind: str, **what: str) -> dict[str, Any]:
    return {"kind": kind, "shift": None, "visit": None, "by": "b", "at": "", **what}


@pytest.mark.parametrize(
    ("held", "edit", "broken"),
    [
        (lock("driver", shift="a"), move("1", "b", 0), True),
        (lock("driver", shift="a"), move("1", "a", 1), False),
        (lock("driver", shift="a"), move("5", "a", 0), False),
        (lock("route", shift="a"), move("5", "a", 4), True),
        (lock("route", shift="a"), move("1", "a", 1), True),
        (lock("route", shift="a"), move("5", "b", 1), False),
        (lock("position", visit="2"), move("1", "b", 0), True),
        (lock("position", visit="2"), move("4", "b", 0), False),
    ],
)
def test_a_lock_holds_others_and_not_who_set_it(held: dict[str, Any], edit: Edit, broken: bool) -> None:
    start = draft(a="1234", b="567")
    was = start.frozen()
    apply(start, [edit])
    refuse_locked(was, start.frozen(), [held], by="b")
    if broken:
        with pytest.raises(Refusal, match=r"plan\.locked_conflict"):
            refuse_locked(was, start.frozen(), [held], by="a")
    else:
        refuse_locked(was, start.frozen(), [held], by="a")


def test_locking_twice_keeps_the_first_and_unlocking_is_for_everybody() -> None:
    here = draft(a="12")
    locking = {"op": "lock", "what": "route", "shift": "a", "visit": None}
    one = relocked([], [locking], here, by="a", at="t1")
    two = relocked(one, [locking], here, by="b", at="t2")
    assert (one, [each["by"] for each in two]) == (two, ["a"])
    assert relocked(two, [{**locking, "op": "unlock"}], here, by="b", at="t3") == []
    with pytest.raises(Refusal, match=r"plan\.lock_invalid"):
        relocked([], [{"op": "lock", "what": "route", "shift": "z", "visit": None}], here, by="a", at="")


def test_a_search_is_bound_by_the_locks() -> None:
    visits = tuple(planner.Visit(name, 0) for name in "12345")
    shifts = tuple(planner.Shift(name, 0, 0, 0, 100) for name in "ab")
    matrix = planner.Matrix([[0]], [[0]])
    problem = planner.Problem(visits, shifts, planner.Travel({"van": matrix}))
    held = [lock("route", shift="a"), lock("position", visit="5"), lock("driver", shift="b")]
    found = bound(problem, {"a": ("1", "2"), "b": ("3", "4", "5")}, held)
    assert {(each.visit, each.shift, each.position) for each in found.locks} == {
        ("1", "a", 0),
        ("2", "a", 1),
        ("3", "b", None),
        ("4", "b", None),
        ("5", "b", 2),
    }
    assert {shift.id: shift.max_stops for shift in found.shifts} == {"a": 2, "b": None}


def test_two_states_differ_by_as_few_hunks_as_can_be() -> None:
    found = hunks({"a": tuple("123456"), "b": tuple("78")}, {"a": tuple("126345"), "b": tuple("9"), "c": tuple("78")})
    assert [(each.kind, "".join(each.visits), each.before, each.after) for each in found] == [
        ("reordered", "6", ("a", 5), ("a", 2)),
        ("added", "9", None, ("b", 0)),
        ("moved", "78", ("b", 0), ("c", 0)),
    ]
    assert hunks(ROUTES, ROUTES) == []


def test_what_was_touched_is_kept_as_json() -> None:
    said = Touched(frozenset("12"), frozenset(), frozenset("a"))
    assert Touched.read(said.json()) == said
    assert Touched.read({}) == Touched()
