"""Where the server's files lie.

`<home>/postgres` holds `data`, `s` (the socket), `server.log` and the two locks, closed to all but the server's
account. Two cases go elsewhere, and both leave nothing to guess: a home that root can enter and `nobody` can't gets a
*link* named `postgres` into `/var/lib/homestretch/databases`; a home too long for a socket's name gets its socket
folder under `/tmp` (root: `/var/lib/homestretch/sockets`), named by the user and a hash of the data's path.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from .account import ROOT_BASE, Account

SOCKET_NAME_BYTES = 107  # sockaddr_un.sun_path less its final zero
LONGEST_SOCKET_FILE = ".s.PGSQL.5432.lock"


@dataclass(frozen=True)
class Folders:
    """The folders of one server. `root` holds the locks and the log."""

    root: Path
    socket: Path
    account: Account

    @property
    def data(self) -> Path:
        return self.root / "data"

    @property
    def log(self) -> Path:
        return self.root / "server.log"

    @property
    def cluster(self) -> str:
        """Name of this server in the process list; unique by its data's path."""
        return f"homestretch-{_digest(self.data)}"

    @classmethod
    def prepare(cls, home: Path, account: Account) -> Folders:
        """Make what is missing."""
        if account.switched:
            account.require_switch()
            make_passable(home)
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        root = _root(home, account)
        return cls(root, _socket_folder(root, account), account)


def make_passable(folder: Path) -> None:
    """Create a folder of root's that others may pass through, not list. What exists is left as it is."""
    for missing in [f for f in (*reversed(folder.parents), folder) if not f.exists()]:
        missing.mkdir(exist_ok=True)
        missing.chmod(0o711)


def _root(home: Path, account: Account) -> Path:
    root = home / "postgres"
    if not root.exists() and not account.reaches(home):
        make_passable(ROOT_BASE / "databases")
        elsewhere = ROOT_BASE / "databases" / secrets.token_hex(8)
        account.make_private(elsewhere)
        try:
            root.symlink_to(elsewhere)
        except FileExistsError:  # another process linked its own first: that one counts
            elsewhere.rmdir()
    root = root.resolve()
    account.make_private(root)
    return root


def _socket_folder(root: Path, account: Account) -> Path:
    folder = root / "s"
    if len(os.fsencode(folder / LONGEST_SOCKET_FILE)) > SOCKET_NAME_BYTES:
        # Not TMPDIR: every process of this home must find the same folder. Who owns it is looked at.
        base = Path("/tmp")  # noqa: S108
        if account.switched:
            base = ROOT_BASE / "sockets"
            make_passable(base)
        folder = base / f"homestretch-{account.uid}-{_digest(root)}"
    account.make_private(folder)
    return folder


def _digest(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]
