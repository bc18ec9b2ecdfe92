"""I10: what came on board went somewhere, or is there."""

from __future__ import annotations

from collections.abc import Sequence

from homestretch.dispatch.rules.packages import CAME, WENT
from homestretch.wiring.doctor.look import Found, Look

_WORDS = """
select p.id, p.state, array_agg(e.data ->> 'state' order by e.subject_seq) filter (where e.id is not null)
from orders_package p left join events_event e on e.organization_id = p.organization_id
    and e.subject = 'package' and e.subject_id = p.id and e.type = 'package.scanned'
where p.organization_id = %(org)s group by p.id, p.state
"""
STATE_AFTER = {**dict.fromkeys(CAME, "on_board"), **{word: word for word in WENT}, "not_loaded": "missing"}


def i10(look: Look) -> Found:
    """Loaded + collected + received = delivered + returned + handed over + on board + missing, at each instant."""
    for ident, state, words in look.rows(_WORDS):
        what = unbalanced(state, words or [])
        if what:
            yield f"package {ident}", what


def unbalanced(state: str, words: Sequence[str]) -> str:
    """What is wrong with a package that is in `state` after these scans; '' for nothing."""
    on_board, last = 0, "expected"
    for word in words:
        on_board += (word in CAME) - (word in WENT)
        last = STATE_AFTER.get(word, word)
        if on_board not in (0, 1):
            return f"after '{word}' it is {on_board} times on board"
    if on_board != (state == "on_board"):
        return f"it is {state}, and its scans have it {'' if on_board else 'not '}on board"
    return "" if state in (last, "picked_up") else f"it is {state}, and its last scan says {last}"
