"""Twilio, and companies that speak like it (https://www.twilio.com/docs/messaging/api/message-resource)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urlsplit, urlunsplit

import httpx

from homestretch.kernel.refusal import Refusal
from homestretch.providers import http
from homestretch.providers.errors import Outcome, ProviderError
from homestretch.providers.registry import adapter
from homestretch.providers.sms import (
    Callback,
    DeliveryReport,
    InboundSms,
    Receipt,
    SmsMessage,
    not_readable,
    not_signed,
)

# https://www.twilio.com/docs/api/errors: what a 400 says about the number rather than about the request
_CODES: dict[int, tuple[Outcome, str]] = {
    21211: ("permanent", "number_invalid"),
    21612: ("permanent", "number_unroutable"),
    21614: ("permanent", "number_not_mobile"),
    21408: ("permanent", "region_not_permitted"),
    21610: ("permanent", "opted_out"),
    21611: ("deferred", "too_many"),
    20429: ("deferred", "too_many"),
}
_STATES: dict[str, Literal["queued", "sent", "delivered", "failed"]] = {
    "accepted": "queued",
    "scheduled": "queued",
    "queued": "queued",
    "sending": "queued",
    "sent": "sent",
    "delivered": "delivered",
    "read": "delivered",
    "undelivered": "failed",
    "failed": "failed",
    "canceled": "failed",
}
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class TwilioOptions:
    """`sender` is a number (E.164), a short code, a name, or the id of a messaging service (`MG...`).

    `status_callback` is the public URL to which reports are posted; empty for none.
    """

    account_sid: str
    auth_token: str = field(repr=False)
    sender: str
    status_callback: str = ""
    base_url: str = "https://api.twilio.com"
    timeout_seconds: float = 10.0

    def __post_init__(self) -> None:
        for name in ("account_sid", "auth_token", "sender"):
            if not getattr(self, name):
                raise Refusal("provider.option_missing", f"{name} is empty", remedy=f"set {name}", field=name)


@adapter("sms", "twilio", TwilioOptions)
class Twilio:
    def __init__(self, options: TwilioOptions) -> None:
        self._options = options

    def send(self, message: SmsMessage) -> Receipt:
        options = self._options
        form = {"To": message.to, "Body": message.text}
        form["MessagingServiceSid" if options.sender.startswith("MG") else "From"] = options.sender
        if options.status_callback:
            form["StatusCallback"] = options.status_callback
        url = f"{options.base_url.rstrip('/')}/2010-04-01/Accounts/{options.account_sid}/Messages.json"
        reply = http.exchange(
            httpx.Request("POST", url, data=form),
            timeout_seconds=options.timeout_seconds,
            auth=httpx.BasicAuth(options.account_sid, options.auth_token),
        )
        failed = _failure(reply)
        if failed:
            raise failed
        return Receipt(_provider_id(reply))

    def hear(self, callback: Callback) -> DeliveryReport | InboundSms:
        if not _signed(callback, self._options.auth_token):
            raise not_signed()
        values = callback.values
        provider_id = values.get("MessageSid") or values.get("SmsSid")
        if not provider_id:
            raise not_readable("MessageSid")
        if "MessageStatus" in values:
            state = _STATES.get(values["MessageStatus"])
            if state is None:
                raise not_readable("MessageStatus")
            return DeliveryReport(provider_id, state, values.get("ErrorCode", ""))
        if "Body" not in values:
            raise not_readable("Body")
        return InboundSms(provider_id, values.get("From", ""), values.get("To", ""), values["Body"])


def _failure(reply: http.Reply) -> ProviderError | None:
    number = _json(reply).get("code")
    known = _CODES.get(number) if isinstance(number, int) and 400 <= reply.status < 500 else None
    if known is None:
        return http.failure(reply)
    cause = f"the company answered {reply.status} with code {number}"
    return ProviderError(*known, cause, retry_after_seconds=http.retry_after(reply.headers))


def _provider_id(reply: http.Reply) -> str:
    sid = _json(reply).get("sid")
    if not isinstance(sid, str) or not sid:
        raise ProviderError("unknown", "answer_unreadable", f"the company answered {reply.status} without an id")
    return sid


def _json(reply: http.Reply) -> dict[str, Any]:
    try:
        found = json.loads(reply.body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _signed(callback: Callback, secret: str) -> bool:
    """HMAC-SHA1 over the URL and the fields sorted by name (https://www.twilio.com/docs/usage/security).

    The URL counts with and without its standard port: proxies and the company do not agree on it. A name that comes
    several times counts with each different value once, sorted.
    """
    fields = "".join(name + value for name, value in sorted(set(callback.form)))
    given = callback.headers.get("x-twilio-signature", "").encode()
    fits = False
    for url in _spellings(callback.url):
        digest = hmac.new(secret.encode(), (url + fields).encode(), hashlib.sha1).digest()
        fits |= hmac.compare_digest(base64.b64encode(digest), given)
    return fits


def _spellings(url: str) -> set[str]:
    parts = urlsplit(url)
    port = _PORTS.get(parts.scheme)
    if port is None or parts.port not in (None, port):
        return {url}
    host = parts.netloc.removesuffix(f":{port}")
    return {urlunsplit(parts._replace(netloc=netloc)) for netloc in (host, f"{host}:{port}")}
