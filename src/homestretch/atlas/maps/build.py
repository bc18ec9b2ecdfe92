"""From an extract to an installed map: beside the others first, put in its place when it is whole.

`<folder>/<name>` is a link to a hidden folder. Switching a link is one step: whoever reads finds the old map or the new
one, never half of one.
"""

from __future__ import annotations

import fcntl
import hashlib
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from homestretch.atlas.maps.info import CARD, MapInfo, read_card
from homestretch.atlas.maps.parts import FORMAT, PARTS, Ground, Part
from homestretch.atlas.osm import Extract, open_extract
from homestretch.atlas.osm.extract import KINDS
from homestretch.kernel.refusal import Refusal, not_found

Progress = Callable[[str, float], None]  # what is being made, and how much of the whole is done, 0 to 1
_NAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?")
RESERVED = "own"  # under this name the operator's own tiles are served
SPARE_BYTES = 64 * 2**20  # what must stay free on the disk beside the map
TIMES = 12  # a map with all that is made on the way takes up to so many times its extract


def build(
    extract: Path,
    folder: Path,
    *,
    name: str,
    progress: Progress | None = None,
    at: datetime | None = None,
    parts: Sequence[Part] = PARTS,
) -> MapInfo:
    """Make the map `name` in `folder` of all maps from an extract; a map of that name is replaced at the end.

    Refuses `map.name_invalid`, `map.busy` (another is being built), `map.disk_full`, and what the extract's reader and
    the parts' builders refuse. Whatever happens, what was installed stays until the new map is whole.
    """
    told = progress or _silent
    checked_name(name)
    _refuse_full(extract, folder)
    with _alone(folder):
        _sweep(folder)
        draft = Path(tempfile.mkdtemp(prefix=f".{name}-", dir=folder))
        try:
            _make(extract, draft, name, told, at, parts)
            _put(draft, folder / name)
        except BaseException:
            shutil.rmtree(draft, ignore_errors=True)
            raise
        _sweep(folder)
    told("done", 1.0)
    return read_card(folder / name)


def remove(folder: Path, name: str) -> None:
    """Take a map away. Refuses `map.not_found`, `map.busy`."""
    link = folder / checked_name(name)
    if not link.is_symlink() and not (link / CARD).exists():
        raise not_found("map", name)
    with _alone(folder):
        if link.is_symlink():
            link.unlink()
        else:
            shutil.rmtree(link)
        _sweep(folder)


def checked_name(name: str) -> str:
    """The name, if it can be one. Refuses `map.name_invalid`."""
    if not _NAME.fullmatch(name) or name == RESERVED:
        remedy = "use 1 to 40 small letters, digits and hyphens, with a letter or digit at both ends: --name malta"
        raise Refusal("map.name_invalid", f"{name!r} cannot name a map", remedy=remedy, field="name")
    return name


def version_of(sha256: str) -> str:
    """What the map's version is: of the extract's bytes and of the form in which this Homestretch builds."""
    return hashlib.sha256(f"{sha256}:{FORMAT}".encode()).hexdigest()[:12]


def _make(extract: Path, draft: Path, name: str, told: Progress, at: datetime | None, parts: Sequence[Part]) -> None:
    told("reading", 0.0)
    ending = next((kind for kind in KINDS if extract.name.lower().endswith(kind)), KINDS[0])
    kept = draft / f"extract{ending}"
    with tempfile.TemporaryDirectory(prefix="work-", dir=draft) as work, open_extract(extract) as read:
        shutil.copyfile(extract, kept)
        counts = _parts(read, draft, Path(work), told, parts)
    with kept.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    info = MapInfo(
        folder=draft,
        name=name,
        version=version_of(sha256),
        source=extract.name,
        sha256=sha256,
        bytes=kept.stat().st_size,
        osm_date=read.osm_date.isoformat() if read.osm_date else "",
        bounds=read.bounds,
        country=read.country,
        driving_side=read.driving_side,
        counts=counts,
        built_at=at.isoformat(timespec="seconds") if at else "",
        parts=tuple(part.name for part in parts),
    )
    (draft / CARD).write_text(info.written(), encoding="utf-8")
    draft.chmod(0o755)  # the folder was made for its owner alone


def _parts(
    read: Extract, draft: Path, work: Path, told: Progress, parts: Sequence[Part]
) -> Mapping[str, Mapping[str, int]]:
    """Build one after the other; the first twentieth of the time was for reading."""
    whole = sum(part.share for part in parts) or 1.0
    done, counts = 0.0, {}
    for part in parts:
        begin, width = 0.05 + 0.95 * done / whole, 0.95 * part.share / whole

        def tell(share: float, begin: float = begin, width: float = width, part: Part = part) -> None:
            told(part.name, begin + width * share)

        tell(0.0)
        counts[part.name] = part.build(Ground(read.path, work, read.bounds, read.driving_side, tell), draft / part.file)
        done += part.share
    return counts


def _put(draft: Path, place: Path) -> None:
    """One step from the old map to the new one."""
    if place.is_dir() and not place.is_symlink():  # somebody unpacked a map there as a plain folder
        place.rename(place.with_name(f".{place.name}-replaced"))
    link = draft.with_name(f"{draft.name}.link")
    link.symlink_to(draft.name)
    link.replace(place)


def _sweep(folder: Path) -> None:
    """Take away what no name leads to: replaced maps, and what a killed build left."""
    led_to = {entry.readlink().name for entry in folder.iterdir() if entry.is_symlink() and entry.name[0] != "."}
    for entry in folder.iterdir():
        if entry.name.startswith(".") and entry.name != LOCK and entry.name not in led_to:
            entry.unlink() if entry.is_symlink() or entry.is_file() else shutil.rmtree(entry, ignore_errors=True)


LOCK = ".lock"


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One build at a time, for it takes all of a machine; the lock goes with the process that holds it."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            remedy = "wait until it is done: `homestretch map list`"
            raise Refusal("map.busy", "another map is being built or removed", remedy=remedy) from None
        yield


def _refuse_full(extract: Path, folder: Path) -> None:
    place = folder
    while not place.exists():
        place = place.parent
    try:
        needed = extract.stat().st_size * TIMES + SPARE_BYTES
    except OSError as error:
        raise Refusal("map.unreadable", f"{extract.name}: {error.strerror}", remedy="check the file's name") from error
    free = shutil.disk_usage(place).free
    if free < needed:
        cause = f"{free // 2**20} MB are free, and {needed // 2**20} MB are needed to build this map"
        raise Refusal("map.disk_full", cause, remedy="free some space, or set HOMESTRETCH_HOME to a larger disk")


def _silent(_what: str, _share: float) -> None:
    return
