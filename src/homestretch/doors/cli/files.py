"""Reading and writing the files that commands are given; whatever the disk says becomes a refusal."""

from __future__ import annotations

from pathlib import Path

from homestretch.kernel.refusal import Refusal

MAX_FILE_BYTES = 512 * 2**20


def read_file(name: str) -> bytes:
    """The bytes of a file. Refuses `file.not_found`, `file.too_large` and `file.unreadable`."""
    path = Path(name)
    try:
        size = path.stat().st_size
        if size > MAX_FILE_BYTES:
            raise Refusal("file.too_large", f"{name} has {size} bytes", remedy=f"at most {MAX_FILE_BYTES} are read")
        return path.read_bytes()
    except FileNotFoundError as error:
        raise Refusal("file.not_found", f"there is no file {name}", remedy="check the name and the folder") from error
    except (OSError, ValueError) as error:
        raise Refusal("file.unreadable", f"{name}: {_said(error)}", remedy="name a file that you may read") from error


def refuse_unwritable(name: str) -> None:
    """Say before the work rather than after it that there is no folder to write to. Refuses `file.unwritable`."""
    path = Path(name)
    if path.is_dir() or not path.absolute().parent.is_dir():
        raise Refusal("file.unwritable", f"{name} cannot be written", remedy="name a file in a folder that exists")


def write_file(name: str, text: str) -> None:
    """Write all of it or nothing. Refuses `file.unwritable`."""
    path = Path(name)
    draft = path.with_name(path.name + ".part")
    try:
        draft.write_text(text, encoding="utf-8")
        draft.replace(path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise Refusal("file.unwritable", f"{name}: {_said(error)}", remedy="name a file that you may write") from error


def _said(error: Exception) -> str:
    return error.strerror or str(error) if isinstance(error, OSError) else str(error)
