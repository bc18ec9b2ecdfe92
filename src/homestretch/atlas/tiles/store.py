"""Reading a PMTiles file: one tile in a tenth of a millisecond, its directories read once.

Format: PMTiles version 3, https://github.com/protomaps/PMTiles/blob/main/spec/v3/spec.md
"""

from __future__ import annotations

import mmap
from functools import lru_cache
from pathlib import Path
from typing import Any

from pmtiles.tile import Compression, Entry, deserialize_directory, deserialize_header, find_tile, zxy_to_tileid

from homestretch.atlas.osm import Bounds

HEADER_BYTES = 127
DEEPEST = 4  # directories within directories
KEPT_DIRECTORIES = 256


class Tiles:
    """One file, open as long as somebody holds this. Raises `OSError` or `ValueError` where it is no PMTiles file."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            self._bytes = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        try:
            self._header: dict[str, Any] = dict(deserialize_header(self._bytes[:HEADER_BYTES]))
        except Exception as error:  # the library raises what it meets
            raise ValueError(f"{path.name} is no PMTiles file") from error
        self._directory = lru_cache(KEPT_DIRECTORIES)(self._read_directory)

    @property
    def is_gzipped(self) -> bool:
        """Whether the tiles are compressed as they lie there."""
        return bool(self._header["tile_compression"] == Compression.GZIP)

    @property
    def bounds(self) -> Bounds:
        """What the file says that it covers."""
        header = self._header
        return Bounds(
            header["min_lat_e7"] / 1e7,
            header["min_lon_e7"] / 1e7,
            header["max_lat_e7"] / 1e7,
            header["max_lon_e7"] / 1e7,
        )

    @property
    def last_zoom(self) -> int:
        """The deepest zoom that has tiles."""
        return int(self._header["max_zoom"])

    def tile(self, z: int, x: int, y: int) -> bytes | None:
        """A tile as it lies there, or None where there is nothing to draw. Raises `ValueError` for no tile at all."""
        ident = zxy_to_tileid(z, x, y)
        offset, length = self._header["root_offset"], self._header["root_length"]
        for _ in range(DEEPEST):
            found = find_tile(self._directory(offset, length), ident)
            if found is None:
                return None
            if found.run_length:
                begin = self._header["tile_data_offset"] + found.offset
                return bytes(self._bytes[begin : begin + found.length])
            offset, length = self._header["leaf_directory_offset"] + found.offset, found.length
        return None

    def _read_directory(self, offset: int, length: int) -> list[Entry]:
        return deserialize_directory(self._bytes[offset : offset + length])


@lru_cache(8)
def _open(path: Path, _seen: tuple[int, int, int]) -> Tiles:
    return Tiles(path)


def open_tiles(path: Path) -> Tiles:
    """The file at `path` as it is now, opened again only when it was replaced."""
    stat = path.stat()
    return _open(path, (stat.st_mtime_ns, stat.st_ino, stat.st_size))
