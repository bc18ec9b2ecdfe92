"""The fakes' inbox and fault plan are shared by processes, some of which are killed."""

from __future__ import annotations

import fcntl
import json
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from homestretch.kernel.refusal import Refusal
from homestretch.providers import faults, inbox

WRITER = """
import sys
from pathlib import Path
from homestretch.providers import faults, inbox
box, plan, who = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
sys.stdin.read()  # until all are there
used = sum(faults.next_fault(plan, "sms", "+491") is not None for _ in range(100))
for n in range(200):
    inbox.append(box, {"who": who, "n": n, "text": "ü" * n, "used": used})
"""


def test_several_writers_lose_and_mix_nothing_and_count_faults_together(tmp_path: Path) -> None:
    box, plan = tmp_path / "deep" / "inbox.jsonl", tmp_path / "faults.json"
    plan.write_text(json.dumps({"sms": [{"match": "+49*", "outcome": "deferred", "times": 170}]}))
    command = [sys.executable, "-c", WRITER, str(box), str(plan)]
    writers = [subprocess.Popen([*command, who], stdin=subprocess.PIPE) for who in "abc"]
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.close()
    assert [writer.wait() for writer in writers] == [0, 0, 0]
    entries = inbox.read(box)
    for who in "abc":
        assert [entry["n"] for entry in entries if entry["who"] == who] == list(range(200))
    assert all(entry["text"] == "ü" * entry["n"] for entry in entries)
    assert sum(entry["used"] for entry in entries if entry["n"] == 0) == 170


@pytest.mark.parametrize("shared", ["inbox.jsonl", "faults.json.used"])
def test_nobody_writes_while_another_holds_the_file(tmp_path: Path, shared: str) -> None:
    box, plan = tmp_path / "inbox.jsonl", tmp_path / "faults.json"
    plan.write_text('{"sms": [{"times": 1}]}')
    work = (
        (lambda: inbox.append(box, {"n": 1})) if shared == box.name else (lambda: faults.next_fault(plan, "sms", "+1"))
    )
    writer = threading.Thread(target=work)
    with (tmp_path / shared).open("a+b") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        writer.start()
        writer.join(0.2)
        assert writer.is_alive()
        assert (tmp_path / shared).read_bytes() == b""
    writer.join()
    assert (tmp_path / shared).read_bytes() != b""


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
