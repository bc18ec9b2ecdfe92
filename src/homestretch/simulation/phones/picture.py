"""Small pictures as a phone would take them: valid PNG files, drawn from a seed."""

from __future__ import annotations

import struct
import zlib
from random import Random

WIDTH, HEIGHT = 96, 72
INK, PAPER = b"\x20\x20\x60", b"\xff\xff\xff"


def photo(random: Random) -> bytes:
    """A front door of two colors, under some sky."""
    sky, wall, door = (random.randbytes(3) for _ in range(3))
    left, top = random.randrange(20, 50), random.randrange(25, 40)
    rows = []
    for y in range(HEIGHT):
        row = bytearray((sky if y < 18 else wall) * WIDTH)
        if y >= top:
            row[left * 3 : (left + 22) * 3] = door * 22
        rows.append(bytes(row))
    return png(rows)


def signature(random: Random) -> bytes:
    """A line that goes up and down, on white."""
    rows = [bytearray(PAPER * WIDTH) for _ in range(HEIGHT)]
    y = HEIGHT / 2
    for x in range(6, WIDTH - 6):
        y = min(max(y + random.uniform(-9, 9), 4), HEIGHT - 5)
        for thick in range(2):
            row = rows[int(y) + thick]
            row[x * 3 : x * 3 + 3] = INK
    return png([bytes(row) for row in rows])


def png(rows: list[bytes]) -> bytes:
    """An 8-bit RGB file of `rows`, each three bytes per pixel (RFC 2083)."""
    header = struct.pack(">IIBBBBB", len(rows[0]) // 3, len(rows), 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"".join(b"\x00" + row for row in rows), 6)
    chunks = ((b"IHDR", header), (b"IDAT", pixels), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in chunks)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
