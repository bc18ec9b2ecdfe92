"""For a visit that is on a route: what the next best place for it would cost."""

from dataclasses import dataclass

from homestretch.planner.edit import taken_off
from homestretch.planner.kept.places import ends_of, is_clean, ranked, tried
from homestretch.planner.kept.routes import Kept, Trial
from homestretch.planner.problem import Route

PROMISING = 12  # places that are tried in full, at most
JUDGED = 4  # the same, where the board does not know all rules


@dataclass(frozen=True, slots=True)
class OtherPlace:
    """The best other place of a visit: shift, position on its route as it then is (without the visit, if it is the same
    one), and what the plan would then cost more (minor units; negative: less). Of a pair both ends move."""

    shift: str
    position: int
    cost: int


def elsewhere(kept: Kept, visit: str) -> OtherPlace | None:
    """The best of the most promising other places that break no rule which is kept now; None where there is none."""
    if kept.is_plain and visit not in kept.problem.pair_of:
        found = kept.elsewhere(visit, PROMISING)
        return OtherPlace(*found) if found else None
    return _tried(kept, visit)


def _tried(kept: Kept, visit: str) -> OtherPlace | None:
    whole = kept.routes[kept.shift_of[visit]]
    pair = kept.problem.pair_of.get(visit)
    rest = whole
    for end in (pair.collect, pair.deliver) if pair else (visit,):
        rest = taken_off(rest, end)
    left = kept.trial(rest)
    counted: list[OtherPlace] = []
    with kept.instead_of(whole, rest):
        ends = ends_of(kept.problem, visit, kept.shift_of)
        found = ranked(kept, ends, each=JUDGED, most=2 * JUDGED, every=False)
        options = [made for place in found for made in tried(kept, ends, place, JUDGED)]
    for made in options:
        counted += _counted(kept, visit, whole, left, made)
    return min(counted, key=lambda place: (place.cost, place.shift, place.position), default=None)


def _counted(kept: Kept, visit: str, whole: Route, left: Trial, made: Trial) -> list[OtherPlace]:
    """The place with its cost for the plan as it is, if it keeps what is kept now."""
    if made.route.shift == whole.shift:
        made = kept.trial(made.route)
        if made.route == whole or not is_clean(made):
            return []
        return [OtherPlace(whole.shift, made.route.visits.index(visit), made.cost)]
    if not is_clean(left) or not is_clean(made):
        return []
    return [OtherPlace(made.route.shift, made.route.visits.index(visit), left.cost + made.cost)]
