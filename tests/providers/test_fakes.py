"""The fakes' inbox and fault plan are shared by processes, some of which are killed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from homestretch.kernel.refusal import Refusal
from homestretch.providers import faults, inbox

WRITER = """
import sys
from pathlib import Path
from homestretch.providers import faults, inbox
box, plan, who = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
for n in range(200):
    fault = faults.next_fault(plan, "sms", "+491")
    inbox.append(box, {"who": who, "n": n, "text": "ü" * n, "fault": bool(fault)})
"""


def test_several_writers_lose_and_mix_nothing_and_count_faults_together(tmp_path: Path) -> None:
    box, plan = tmp_path / "deep" / "inbox.jsonl", tmp_path / "faults.json"
    plan.write_text(json.dumps({"sms": [{"match": "+49*", "outcome": "deferred", "times": 37}]}))
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, str(box), str(plan), who]) for who in "abc"]
    assert [writer.wait() for writer in writers] == [0, 0, 0]
    entries = inbox.read(box)
    for who in "abc":
        assert [entry["n"] for entry in entries if entry["who"] == who] == list(range(200))
    assert all(entry["text"] == "ü" * entry["n"] for entry in entries)
    assert sum(entry["fault"] for entry in entries) == 37


def test_an_inbox_that_nobody_wrote_is_empty(tmp_path: Path) -> None:
    assert inbox.read(tmp_path / "none") == []


@pytest.mark.parametrize("torn", [b'{"n": 2, "te', b"x" * 200_000])
def test_a_torn_last_line_was_never_accepted(tmp_path: Path, torn: bytes) -> None:
    box = tmp_path / "inbox"
    inbox.append(box, {"n": 1})
    box.write_bytes(box.read_bytes() + torn)
    assert inbox.read(box) == [{"n": 1}]
    assert inbox.read(box) == [{"n": 1}]
    inbox.append(box, {"n": 3})
    assert inbox.read(box) == [{"n": 1}, {"n": 3}]


def test_a_line_break_in_a_text_is_no_new_entry(tmp_path: Path) -> None:
    box = tmp_path / "inbox"
    for text in ("a\nb", "a\u2028b", "a\x85b\x0bc", "a\r\nb"):
        inbox.append(box, {"text": text})
    assert [entry["text"] for entry in inbox.read(box)] == ["a\nb", "a\u2028b", "a\x85b\x0bc", "a\r\nb"]


def test_the_first_entry_that_matches_and_is_not_used_up_decides(tmp_path: Path) -> None:
    plan = tmp_path / "faults.json"
    entries = [
        {"match": "+491", "outcome": "permanent", "times": 1},
        {"match": "+49*", "outcome": "unknown", "times": 2},
        {"match": "*", "outcome": "lost"},
    ]
    plan.write_text(json.dumps({"sms": entries}))
    seen = [faults.next_fault(plan, "sms", who) for who in ("+491", "+491", "+492", "+491", "+33")]
    assert [fault.outcome for fault in seen if fault] == ["permanent", "unknown", "unknown", "lost", "lost"]
    assert faults.next_fault(plan, "email", "+491") is None
    assert faults.next_fault(None, "sms", "+491") is None
    assert faults.next_fault(tmp_path / "none", "sms", "+491") is None


def test_a_misspelled_outcome_is_refused(tmp_path: Path) -> None:
    plan = tmp_path / "faults.json"
    plan.write_text(json.dumps({"sms": [{"outcome": "defered"}]}))
    with pytest.raises(Refusal) as refused:
        faults.next_fault(plan, "sms", "+491")
    assert refused.value.code == "provider.fault_unknown"
