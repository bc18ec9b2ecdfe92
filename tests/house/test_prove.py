"""`make prove` leaves no test out."""

from __future__ import annotations

from pathlib import Path

from tests import prove

TESTS = Path(prove.__file__).parent


def test_every_test_lies_in_a_folder_that_is_proved():
    folders = {path.relative_to(TESTS).parts[0] for path in TESTS.rglob("test_*.py")}
    assert folders == set(prove.proofs()) - {prove.DAY}


def test_a_proof_that_skips_or_runs_nothing_does_not_hold():
    assert prove.Result(3, 0, 0, 1.0).holds
    for passed, failed, skipped in ((3, 1, 0), (3, 0, 1), (0, 0, 0)):
        assert not prove.Result(passed, failed, skipped, 1.0).holds


def test_a_result_cut_off_in_the_middle_counts_as_none(tmp_path):
    kept = tmp_path / "kernel.json"
    assert prove.read(kept) is None
    kept.write_text('{"passed": 3, "fai')
    assert prove.read(kept) is None
    kept.write_text('{"passed": 3, "failed": 0, "skipped": 0, "seconds": 1.5, "why": ""}')
    assert prove.read(kept) == prove.Result(3, 0, 0, 1.5)


def test_the_state_of_the_source_stays_while_nothing_changes():
    state = prove.state_of_source()
    assert state
    assert "/" not in state
