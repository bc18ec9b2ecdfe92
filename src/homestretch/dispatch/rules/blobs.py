"""What a phone may upload."""

from __future__ import annotations

from homestretch.kernel.refusal import Refusal

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


def media_type(data: bytes) -> str:
    """Of a picture that was decoded before, by how it begins."""
    return next((name for beginning, name in _BEGINNINGS if data.startswith(beginning)), "application/octet-stream")
