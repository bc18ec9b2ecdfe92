"""Asking the API as a program would: JSON, keys, versions."""

from __future__ import annotations

from typing import Any

from django.test import Client

from homestretch.kernel.ids import uuid7

BASE = "/api/v1"


def get(client: Client, path: str, **query: Any) -> Any:
    """GET."""
    return client.get(BASE + path, query)


def post(client: Client, path: str, body: Any = None, *, key: str | None = None) -> Any:
    """POST with a fresh idempotency key, or with the one given."""
    headers = {"Idempotency-Key": key or str(uuid7())}
    return client.post(BASE + path, body if body is not None else {}, content_type="application/json", headers=headers)


def send(client: Client, path: str, data: bytes) -> Any:
    """POST of bytes."""
    headers = {"Idempotency-Key": str(uuid7())}
    return client.post(BASE + path, data, content_type="application/octet-stream", headers=headers)


def change(client: Client, path: str, body: Any, version: int | None = 1, *, method: str = "patch") -> Any:
    """PATCH or PUT of the version that was seen; None sends none."""
    headers = {} if version is None else {"If-Match": f'"{version}"'}
    return getattr(client, method)(BASE + path, body, content_type="application/json", headers=headers)
