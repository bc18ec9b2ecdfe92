"""A large file from an address that the operator named: broken off, it goes on where it stopped."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import httpx

from homestretch.providers.errors import ProviderError
from homestretch.providers.http import Reply, failure, failures, retry_after, tls_context, user_agent

Told = Callable[[int, int], None]  # bytes that are here, and of how many (0: the server does not say)
Accept = Callable[[bytes], bool]
CONNECT_SECONDS, SILENCE_SECONDS = 10.0, 30.0
MOST_REDIRECTS = 5
SNIFFED_BYTES = 64
PARTIAL, RANGE_WRONG = 206, 416


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is fetched, and where to. `room` is how many bytes the disk can take; `accept` looks at the first bytes, so
    that a page of words is not taken for a file and loaded to its end."""

    url: str
    target: Path
    room: int
    accept: Accept


def fetch(wanted: Wanted, told: Told) -> None:
    """Bring the whole file to `target`. What came before a break stays beside it, as `.part`, for the next time.

    Raises `ProviderError`: `url_refused`, `not_this_kind`, `no_room`, `cut_short`, and what `providers.http` says.
    Redirects are followed to http and https only; there is a limit on silence, none on the whole.
    """
    part, tag = (wanted.target.with_name(f"{wanted.target.name}.{word}") for word in ("part", "tag"))
    url = _checked(wanted.url)
    with _client() as client, failures(safe=True), client.stream("GET", url, headers=_going_on(part, tag)) as answer:
        if answer.status_code == RANGE_WRONG:  # what is here is not the beginning of what is there
            part.unlink(missing_ok=True)
            raise ProviderError("deferred", "changed", "the file on the server changed; what was here is dropped")
        _refuse_failure(answer)
        here = part.stat().st_size if answer.status_code == PARTIAL else 0
        whole = here + int(answer.headers.get("content-length", 0))
        if whole - here > wanted.room:
            raise ProviderError("permanent", "no_room", f"the file has {whole} bytes, and the disk has too little room")
        tag.write_text(answer.headers.get("etag") or answer.headers.get("last-modified") or "")
        try:
            _write(answer, part, here, wanted, lambda now: told(now, whole))
        except ProviderError:
            part.unlink(missing_ok=True)
            tag.unlink(missing_ok=True)
            raise
    if whole and part.stat().st_size < whole:
        raise ProviderError("deferred", "cut_short", "the server ended before the file did")
    part.replace(wanted.target)
    tag.unlink(missing_ok=True)


def _write(answer: httpx.Response, part: Path, here: int, wanted: Wanted, told: Callable[[int], None]) -> None:
    with part.open("ab" if here else "wb") as file:
        for chunk in _chunks(answer):
            if not here and not wanted.accept(chunk[:SNIFFED_BYTES]):
                raise ProviderError("permanent", "not_this_kind", "what the server sends is not what was asked for")
            if len(chunk) > wanted.room:
                raise ProviderError("permanent", "no_room", "the disk has too little room")
            file.write(chunk)
            here += len(chunk)
            told(here)


def _chunks(answer: httpx.Response) -> Iterator[bytes]:
    """A body that breaks off ends here: what came is kept, and the length says that it is not all."""
    with suppress(httpx.TransportError):
        yield from answer.iter_raw()  # as it comes: a chunk that waits to be full is lost when the connection is


def _going_on(part: Path, tag: Path) -> Mapping[str, str]:
    """From where the last time ended, if the file is still the same one."""
    with suppress(OSError):
        size, seen = part.stat().st_size, tag.read_text()
        if size and seen and not seen.startswith("W/"):
            return {"Range": f"bytes={size}-", "If-Range": seen}
    return {}


def _refuse_failure(answer: httpx.Response) -> None:
    wrong = failure(Reply(answer.status_code, answer.headers, b""), safe=True)
    if wrong is not None:
        waited = retry_after(answer.headers)
        raise ProviderError(wrong.kind, wrong.code, wrong.cause, retry_after_seconds=waited)


def _checked(text: str) -> httpx.URL:
    try:
        url = httpx.URL(text)
    except httpx.InvalidURL as error:
        raise ProviderError("permanent", "url_refused", "the URL cannot be read") from error
    if url.scheme not in ("http", "https") or not url.host:
        raise ProviderError("permanent", "url_refused", "the URL is not one of http or https")
    return url


def _client() -> httpx.Client:
    limits = httpx.Timeout(SILENCE_SECONDS, connect=CONNECT_SECONDS)
    headers = {"User-Agent": user_agent(), "Accept-Encoding": "identity"}
    return httpx.Client(
        verify=tls_context(),
        trust_env=False,
        timeout=limits,
        headers=headers,
        follow_redirects=True,
        max_redirects=MOST_REDIRECTS,
    )
