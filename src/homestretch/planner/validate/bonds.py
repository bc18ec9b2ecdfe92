"""Faults of what binds visits: pairs, locks, groups, relations."""

from collections import Counter
from collections.abc import Iterable, Iterator

from homestretch.planner.problem import RELATIONS, Group, Lock, Problem
from homestretch.planner.validate.fault import Fault, judge_loads


def pairs(problem: Problem) -> Iterator[Fault]:
    """Ends that are unknown, one visit, in several pairs or locked apart."""
    uses = Counter(end for pair in problem.pairs for end in (pair.collect, pair.deliver))
    for pair in problem.pairs:
        where = f"pair {pair.collect} {pair.deliver}"
        if pair.collect == pair.deliver:
            yield Fault("pair.same_visit", "Both ends are one visit.", where, "Name two visits.")
        for end in dict.fromkeys((pair.collect, pair.deliver)):
            if end not in problem.visit:
                yield Fault("pair.unknown_visit", f"There is no visit {end}.", where, "Add it, or drop the pair.")
            elif uses[end] > 1 and pair.collect != pair.deliver:
                cause = f"Visit {end} is in {uses[end]} pairs."
                yield Fault("pair.visit_in_two", cause, where, "Split the visit, one for each pair.")
        yield from judge_loads(problem, pair.loads, "pair", where)
        if pair.max_ride is not None and pair.max_ride < 0:
            yield Fault(
                "pair.negative_ride", f"It may ride {pair.max_ride} s.", where, "Give 0 s or more, or no limit."
            )
        yield from _apart(problem, (pair.collect, pair.deliver), "pair", where)


def locks(problem: Problem) -> Iterator[Fault]:
    """Locks of what is unknown, of nothing, or against each other."""
    uses = Counter(lock.visit for lock in problem.locks)
    held = Counter((lock.shift, lock.position) for lock in problem.locks if None not in (lock.shift, lock.position))
    for lock in problem.locks:
        where = f"lock {lock.visit}"
        if lock.visit not in problem.visit:
            yield Fault("lock.unknown_visit", f"There is no visit {lock.visit}.", where, "Drop the lock.")
        if uses[lock.visit] > 1:
            yield Fault("lock.visit_locked_twice", "The visit has several locks.", where, "Keep one of them.")
        if held[lock.shift, lock.position] > 1:
            cause = f"Position {lock.position} of shift {lock.shift} is held by several visits."
            yield Fault("lock.position_taken", cause, where, "Give each another position.")
        yield from _lock(problem, lock, where)


def _lock(problem: Problem, lock: Lock, where: str) -> Iterator[Fault]:
    if lock.shift is not None and lock.shift not in problem.shift:
        yield Fault("lock.unknown_shift", f"There is no shift {lock.shift}.", where, "Drop the lock.")
    if lock.visit in problem.visit and lock.shift in problem.visit[lock.visit].barred:
        yield Fault("lock.barred_shift", f"Shift {lock.shift} must not serve it.", where, "Drop the lock or the bar.")
    if lock.shift is None and lock.position is None and lock.window is None:
        yield Fault("lock.empty", "It fixes nothing.", where, "Name a shift, a position or a window, or drop it.")
    if lock.position is not None and lock.position < 0:
        yield Fault("lock.negative_position", f"Position {lock.position}.", where, "Count positions from 0.")
    if lock.window is not None and lock.window.end < lock.window.start:
        cause = f"Its window ends ({lock.window.end}) before it starts ({lock.window.start})."
        yield Fault("lock.window_ends_before_start", cause, where, "Swap or correct the two times.")


def groups(problem: Problem) -> Iterator[Fault]:
    """Members that are unknown, bound or priced elsewhere; groups without members or with a negative prize."""
    uses = Counter(name for group in problem.groups for name in dict.fromkeys(group.visits))
    for group in problem.groups:
        where = f"group {' '.join(group.visits)}".rstrip()
        if not group.visits:
            yield Fault("group.empty", "It has no visits.", where, "Name its visits, or drop it.")
        if group.prize is not None and group.prize < 0:
            remedy = "Give 0 or more, or nothing for a group of which one is required."
            yield Fault("group.negative_prize", f"The prize is {group.prize}.", where, remedy)
        if sum(name in problem.lock_of for name in group.visits) > 1:
            yield Fault("group.locked_twice", "Several of its visits are locked.", where, "Lock one of them.")
        yield from _named_twice("group", group.visits, where)
        yield from _members(problem, group, uses, where)


def _members(problem: Problem, group: Group, uses: Counter[str], where: str) -> Iterator[Fault]:
    for name in dict.fromkeys(group.visits):
        if name not in problem.visit:
            yield Fault("group.unknown_visit", f"There is no visit {name}.", where, "Drop it from the group.")
            continue
        visit = problem.visit[name]
        if uses[name] > 1:
            yield Fault("group.visit_in_two", f"Visit {name} is in {uses[name]} groups.", where, "Keep it in one.")
        if visit.prize is not None or visit.priority:
            cause = f"Visit {name} has a prize or a priority of its own."
            yield Fault("group.member_with_prize", cause, where, "Give the prize to the group.")
        if name in problem.pair_of:
            yield Fault("group.member_in_pair", f"Visit {name} is in a pair.", where, "Drop the pair or the group.")


def relations(problem: Problem) -> Iterator[Fault]:
    """Kinds and visits that are unknown, too few, twice, or locked apart."""
    for relation in problem.relations:
        where = f"relation {relation.kind} {' '.join(relation.visits)}".rstrip()
        if relation.kind not in RELATIONS:
            cause = f"There is no relation {relation.kind!r}."
            yield Fault("relation.unknown_kind", cause, where, f"Name one of {', '.join(RELATIONS)}.")
        if len(relation.visits) < 2:
            yield Fault("relation.too_few", "It binds fewer than two visits.", where, "Name two or more, or drop it.")
        for name in dict.fromkeys(relation.visits):
            if name not in problem.visit:
                yield Fault("relation.unknown_visit", f"There is no visit {name}.", where, "Drop it.")
        yield from _named_twice("relation", relation.visits, where)
        yield from _apart(problem, relation.visits, "relation", where)


def _named_twice(kind: str, names: Iterable[str], where: str) -> Iterator[Fault]:
    for name, times in Counter(names).items():
        if times > 1:
            yield Fault(f"{kind}.visit_twice", f"Visit {name} is named {times} times.", where, "Name it once.")


def _apart(problem: Problem, names: Iterable[str], kind: str, where: str) -> Iterator[Fault]:
    held = [problem.lock_of[name].shift for name in names if name in problem.lock_of]
    shifts = sorted({shift for shift in held if shift is not None})
    if len(shifts) > 1:
        cause = f"Its visits are locked to shifts {' and '.join(shifts)}."
        yield Fault(f"{kind}.locked_apart", cause, where, "Lock all to one shift.")
