"""The home folder: the embedded database, blobs and the keys of this installation."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from .options import option


def home() -> Path:
    """`HOMESTRETCH_HOME`, or for root `/var/lib/homestretch`, or the user's data folder (XDG)."""
    if given := option("HOMESTRETCH_HOME"):
        return Path(given).expanduser().absolute()
    if os.geteuid() == 0:
        return Path("/var/lib/homestretch")
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local/share").absolute() / "homestretch"


def secret_key() -> str:
    """The signing key: as given, or one kept in the home folder, readable by its owner only, made at the first call."""
    if given := option("HOMESTRETCH_SECRET_KEY"):
        return str(given)
    path = home() / "secret_key"
    if not path.exists():
        _write_once(path, secrets.token_urlsafe(50))
    return path.read_text().strip()


def _write_once(path: Path, text: str) -> None:
    """Whole or not at all, and never over another process's: a link to a finished file fails where one stands."""
    # Root's home is passed through by the database's user, so it is not closed; the key itself is.
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o711 if os.geteuid() == 0 else 0o700)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
    try:
        os.link(draft, path)
    except FileExistsError:
        return
    finally:
        draft.unlink()
