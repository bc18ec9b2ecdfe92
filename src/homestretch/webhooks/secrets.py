"""Webhook secrets: shown once, kept encrypted, used to sign (Standard Webhooks: HMAC-SHA256 over id, time and body)."""

from __future__ import annotations

import base64
import os
from datetime import datetime

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from standardwebhooks import Webhook

PREFIX = "whsec_"


def mint() -> str:
    """A fresh secret, in the form that receivers' libraries read."""
    return PREFIX + base64.b64encode(os.urandom(32)).decode()


def sealed(secret: str) -> bytes:
    """As it is stored."""
    return _box().encrypt(secret.encode())


def opened(stored: bytes) -> str:
    """As it was minted."""
    return _box().decrypt(bytes(stored)).decode()


def headers(secret: str, delivery_id: str, at: datetime, body: str) -> dict[str, str]:
    """What a receiver verifies. `at` is real time, in UTC: receivers compare it with their own clock."""
    return {
        "content-type": "application/json",
        "webhook-id": delivery_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(secret).sign(delivery_id, at, body),
    }


def _box() -> Fernet:
    key = HKDF(SHA256(), 32, salt=None, info=b"homestretch webhooks").derive(settings.SECRET_KEY.encode())
    return Fernet(base64.urlsafe_b64encode(key))
