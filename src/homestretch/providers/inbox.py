"""Where the fakes put what they were told to send: a file of JSON lines that any process can read and append to."""

from __future__ import annotations

import fcntl
import json
import os
from pathlib import Path
from typing import Any

Entry = dict[str, Any]


def append(inbox: Path, entry: Entry) -> None:
    """Add one entry, whole or not at all, in one order for all processes. A torn last line (a writer was killed, the
    disk was full) belongs to a message that was never accepted: it is cut off."""
    inbox.parent.mkdir(parents=True, exist_ok=True)
    line = json.dumps(entry, ensure_ascii=False, sort_keys=True).encode() + b"\n"
    with inbox.open("a+b", buffering=0) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        end = _whole_bytes(file.fileno())
        os.ftruncate(file.fileno(), end)
        written = 0
        while written < len(line):
            written += os.write(file.fileno(), line[written:])


def read(inbox: Path) -> list[Entry]:
    """All entries in the order in which they were accepted; reading changes nothing. No file is an empty inbox."""
    try:
        content = inbox.read_bytes()
    except FileNotFoundError:
        return []
    whole = content[: content.rfind(b"\n") + 1]
    return [json.loads(line) for line in whole.splitlines()]


def _whole_bytes(descriptor: int) -> int:
    """Length of the file up to its last complete line."""
    end = os.fstat(descriptor).st_size
    while end > 0:
        start = max(0, end - 65536)
        found = os.pread(descriptor, end - start, start).rfind(b"\n")
        if found >= 0:
            return start + found + 1
        end = start
    return 0
