"""The system account that the server runs as: our own, or `nobody` when we are root (PostgreSQL refuses root)."""

from __future__ import annotations

import os
import pwd
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from homestretch.kernel.refusal import Refusal

# What root shares with `nobody`: a home below a 0700 folder can't be reached, and no folder's mode is ever loosened.
ROOT_BASE = Path("/var/lib/homestretch")


@dataclass(frozen=True)
class Account:
    """Who owns the data and runs the programs; `switched` says that we are root and act as somebody else."""

    uid: int
    gid: int
    switched: bool

    @classmethod
    def current(cls) -> Account:
        """The account for this process."""
        if os.geteuid() != 0:
            return cls(os.geteuid(), os.getegid(), switched=False)
        nobody = pwd.getpwnam("nobody")
        return cls(nobody.pw_uid, nobody.pw_gid, switched=True)

    def run(self, command: Sequence[str | Path]) -> subprocess.CompletedProcess[str]:
        """Run a program as this account, output captured. Raises `PermissionError` when it can't reach the program."""
        arguments = [str(part) for part in command]
        environment = {k: v for k, v in os.environ.items() if not k.startswith("PG")} | {"LC_ALL": "C.UTF-8"}
        if not self.switched:
            return subprocess.run(arguments, capture_output=True, text=True, check=False, cwd="/", env=environment)
        return subprocess.run(
            arguments,
            capture_output=True,
            text=True,
            check=False,
            cwd="/",
            env=environment | {"HOME": "/"},
            user=self.uid,
            group=self.gid,
            extra_groups=[],
        )

    def require_switch(self) -> None:
        """Refuse `embedded.cannot_become_nobody` where root may not change its user (some containers)."""
        try:
            self.run(["/bin/sh", "-c", ":"])
        except PermissionError as error:
            raise Refusal(
                "embedded.cannot_become_nobody",
                "PostgreSQL does not run as root, and this process may not become the user nobody",
                remedy="run as an ordinary user, or set DATABASE_URL to a PostgreSQL server",
            ) from error

    def reaches(self, folder: Path) -> bool:
        """Whether this account can enter the folder."""
        if not self.switched:
            return True
        return self.run(["/bin/sh", "-c", 'cd -- "$0"', folder]).returncode == 0

    def make_private(self, folder: Path) -> None:
        """Create a folder that only this account (and root) enters. Refuses `embedded.socket_folder_unsafe` for one of
        somebody else's, or a link.
        """
        try:
            folder.mkdir(mode=0o700)
        except FileExistsError:
            found = folder.lstat()
            if folder.is_symlink() or found.st_uid not in {self.uid, os.geteuid()}:
                raise Refusal(
                    "embedded.socket_folder_unsafe",
                    f"{folder} belongs to somebody else",
                    remedy="remove it, or set HOMESTRETCH_HOME to a shorter path",
                ) from None
        os.chown(folder, self.uid, self.gid)
        folder.chmod(0o700)
