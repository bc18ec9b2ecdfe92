"""Log lines as JSON objects, without personal data.

What a library says keeps its form (`Not Found: %s`), not what it filled in, for that may be an address with a secret or
a row's values. An exception is told by its type and where it rose, not by its words. Fields are those named here.
"""

from __future__ import annotations

import json
import logging
import traceback
from datetime import UTC, datetime
from typing import Any

FIELDS = ("code", "asker", "method", "route", "status", "ms", "job", "task", "request_id")
OURS = "homestretch"
MOST_FRAMES = 12


class JsonLines(logging.Formatter):
    """One object a line: at, level, logger, message, the fields above where they are given, error and where."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        ours = record.name.split(".", 1)[0] == OURS
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage() if ours else str(record.msg),
        }
        from homestretch.web.middleware import current_request_id  # logging is set up before Django is

        line |= {name: getattr(record, name) for name in FIELDS if getattr(record, name, "") not in ("", None)}
        if "request_id" not in line and current_request_id.get():
            line["request_id"] = current_request_id.get()
        if record.exc_info and record.exc_info[0]:
            kind, _, trace = record.exc_info
            frames = traceback.extract_tb(trace)[-MOST_FRAMES:]
            line["error"] = f"{kind.__module__}.{kind.__qualname__}"
            line["where"] = [f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in frames]
        return json.dumps(line, ensure_ascii=False, default=str)
