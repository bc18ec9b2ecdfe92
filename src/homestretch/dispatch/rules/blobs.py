"""What a phone may upload."""

from __future__ import annotations

import re

from homestretch.kernel.refusal import Refusal

MAX_BYTES = 15_000_000
_SHA256 = re.compile(r"[0-9a-f]{64}\Z")
_BEGINNINGS = ((b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"), (b"RIFF", "image/webp"))


def check_bytes(declared: str, actual: str, size: int, most: int) -> None:
    """Refuses `blob.too_large` and `blob.hash_mismatch`."""
    if size > most:
        raise Refusal("blob.too_large", f"the picture has {size} bytes", remedy=f"at most {most} bytes")
    if declared != actual:
        raise Refusal(
            "blob.hash_mismatch",
            "the bytes do not have the SHA-256 of the address",
            remedy="hash exactly the bytes that are sent, and write 64 lower-case hex digits",
            field="sha256",
        )


def check_piece(sha256: str, start: int, size: int, *, there: int, total: int) -> None:
    """Refuses `blob.offset_conflict`: it does not continue what is there; `blob.hash_malformed`, `blob.too_large`."""
    if not _SHA256.match(sha256):
        raise Refusal(
            "blob.hash_malformed",
            "the address is no SHA-256",
            remedy="64 lower-case hex digits of the whole picture",
            field="sha256",
        )
    if total > MAX_BYTES:
        raise Refusal("blob.too_large", f"the picture has {total} bytes", remedy=f"at most {MAX_BYTES} bytes")
    if start != there or size == 0 or start + size > total:
        raise Refusal(
            "blob.offset_conflict",
            f"{there} of {total} bytes are there, and the piece is {size} from byte {start} on",
            remedy=f"send the bytes from {there} on",
            field="start",
            received=there,
        )


def media_type(data: bytes) -> str:
    """Of a picture that was decoded before, by how it begins."""
    return next((name for beginning, name in _BEGINNINGS if data.startswith(beginning)), "application/octet-stream")
