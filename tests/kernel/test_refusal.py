"""A refusal's status follows from its code, and a version that was seen is compared in one way everywhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from homestretch.kernel.refusal import _OF_THE_STATE, _STATUS, Refusal, check_version

SOURCE = Path(__file__).resolve().parents[2] / "src" / "homestretch"


def test_another_version_than_was_seen_is_refused_alike_for_every_kind():
    for kind in ("order", "route"):
        with pytest.raises(Refusal) as stale:
            check_version(kind, 3, 4)
        assert (stale.value.code, stale.value.status) == (f"{kind}.stale", 412)
        assert stale.value.cause == "it was changed since it was read"
        assert stale.value.details == {"seen": 3, "stands": 4}


def test_the_version_that_stands_and_no_version_at_all_pass():
    check_version("order", 4, 4)
    check_version("order", None, 4)


def test_versions_are_compared_in_no_second_place():
    """`request.stale` alone stands elsewhere: it reads the header."""
    made = {str(file.relative_to(SOURCE)) for file in SOURCE.rglob("*.py") if re.search(r'\.stale",', file.read_text())}
    assert made == {"kernel/refusal.py", "web/etags.py"}


@pytest.mark.parametrize(
    "code",
    [
        *("plan.already_released", "plan.state_conflict", "plan.not_solved", "stop.not_open", "stop.bad_transition"),
        *("task.not_ready", "task.not_open", "shift.driver_busy", "shift.has_route", "order.closed"),
        *("exception.resolved", "invitation.accepted_already", "route.over", "route.not_started", "promise.settled"),
        *("order.tasks_fixed", "order.external_id_taken", "survey.submitted_already", "idempotency.running"),
    ],
)
def test_what_stands_now_is_a_conflict(code: str) -> None:
    assert Refusal(code, "").status == 409


@pytest.mark.parametrize("code", ["window.ends_before_start", "stop.reason_unknown", "idempotency.key_reused"])
def test_what_is_asked_wrongly_is_not(code: str) -> None:
    assert Refusal(code, "").status == 422


def test_no_word_is_listed_that_another_covers() -> None:
    for word in _OF_THE_STATE:
        assert not [other for other in _STATUS if other != word and word.endswith(f"_{other}")], word
