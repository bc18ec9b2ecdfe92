"""`homestretch import` takes a file in and says what it did."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from homestretch.doors.cli.import_ import mapped
from homestretch.events.scope import scope
from homestretch.kernel.refusal import Refusal
from homestretch.orders import queries
from tests.orders.files import csv_of, line
from tests.town.organizations import an_organization


def homestretch(committed: Any, *words: str) -> tuple[int, dict[str, Any], str]:
    """The command in a process of its own: exit code, its JSON, what it said besides."""
    done = subprocess.run(
        [sys.executable, "-m", "homestretch.wiring.main", "import", *words, "--json"],
        env=committed.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, json.loads(done.stdout.splitlines()[-1]), done.stderr


def test_a_file_is_tried_then_taken_then_known(committed: Any, tmp_path: Path) -> None:
    us = an_organization("Ours")
    file = tmp_path / "orders.csv"
    file.write_bytes(csv_of([line(1), line(2), line(3, To="07:00")]))
    code, tried, _ = homestretch(committed, str(file), "--dry-run")
    assert (code, tried["state"], tried["accepted"], tried["refused"]) == (1, "checked", 2, 1)
    assert tried["refusals"][0]["code"] == "window.ends_before_start"
    with scope(us):
        assert queries.orders().count() == 0
    code, taken, _ = homestretch(committed, str(file), "--mapping", "to=", "--mapping", "instructions=To")
    assert (code, taken["state"], taken["accepted"], taken["refused"]) == (0, "completed", 3, 0)
    code, again, _ = homestretch(committed, str(file), "--organization", "ours", "--mapping", "to=")
    assert (code, again["repeated"]) == (0, 3)
    an_organization("Theirs")
    code, refused, _ = homestretch(committed, str(file))
    assert (code, refused["error"]["code"]) == (1, "organization.unclear")
    code, refused, _ = homestretch(committed, str(tmp_path / "none.csv"), "--organization", "ours")
    assert (code, refused["error"]["code"]) == (1, "file.unreadable")


def test_words_go_over_the_guess() -> None:
    guess = [{"field": "lat", "column": "A"}, {"field": "lon", "column": "B"}]
    assert mapped(guess, ["city=A", "lon="]) == {"city": "A"}
    with pytest.raises(Refusal, match=r"import\.mapping_malformed"):
        mapped(guess, ["lat"])
