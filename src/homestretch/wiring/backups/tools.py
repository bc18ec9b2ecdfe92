"""PostgreSQL's own programs for dumping and restoring: the wheel's, or those of the PATH."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict

from homestretch.kernel.refusal import Refusal
from homestretch.wiring.embedded.account import Account
from homestretch.wiring.embedded.programs import Programs

# libpq's words for the parts of an address: a password in the arguments would stand in the list of processes.
ENVIRONMENT = {
    "host": "PGHOST",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "dbname": "PGDATABASE",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
}


def tool(name: str, server: int) -> Path:
    """The program `name` of the lowest major version that is not below the server's. Refuses `backup.tool_missing`."""
    found = [(major, path) for path in _candidates(name) if (major := _major(path)) >= server]
    if not found:
        raise Refusal(
            "backup.tool_missing",
            f"no {name} of PostgreSQL {server} or newer was found",
            remedy="install PostgreSQL's client programs of the server's version",
        )
    return min(found)[1]


def run(command: Sequence[str | Path], address: str) -> None:
    """Run a program against the database. Refuses `backup.tool_failed` with what it said."""
    parts = conninfo_to_dict(address)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    environment |= {ENVIRONMENT[part]: str(value) for part, value in parts.items() if part in ENVIRONMENT and value}
    done = subprocess.run([str(part) for part in command], env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Refusal(
            "backup.tool_failed",
            f"{Path(command[0]).name} says: {done.stderr.strip()[-600:]}",
            remedy="nothing was kept; mend what it says and try again",
        )


def _candidates(name: str) -> list[Path]:
    found = [Path(path)] if (path := shutil.which(name)) else []
    try:
        found.append(Programs.reachable_by(Account.current()).path(name))
    except Refusal:  # the wheel is not installed: the server is not ours either
        pass
    return found


def _major(path: Path) -> int:
    try:
        said = subprocess.run([str(path), "--version"], capture_output=True, text=True, check=False).stdout
    except OSError:
        return 0
    version = re.search(r"\) (\d+)", said)
    return int(version[1]) if version else 0
