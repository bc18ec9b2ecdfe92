"""A refusal's status follows from its code, and a version that was seen is compared in one way everywhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from homestretch.kernel.refusal import Refusal, check_version

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
