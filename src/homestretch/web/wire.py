"""JSON as it goes over the wire: instants in UTC with `Z`, ids as text; strict on the way in."""

from __future__ import annotations

import json
import math
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any, NoReturn
from uuid import UUID

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest
from django.http.request import RawPostDataException
from ninja.parser import Parser
from ninja.renderers import BaseRenderer
from pydantic import BaseModel

from homestretch.kernel.refusal import Refusal
from homestretch.kernel.units import iso

MAX_DEPTH = 40


def dumps(value: Any) -> str:
    """JSON text. Durations are whole seconds, decimals text."""
    return json.dumps(value, default=_plain, ensure_ascii=False, separators=(",", ":"))


def plain(value: Any) -> Any:
    """A value as its JSON says it: what is kept of an answer is what was sent."""
    return json.loads(dumps(value))


def _plain(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return value.model_dump(by_alias=True)
    if isinstance(value, datetime):
        return iso(value)
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, timedelta):
        return round(value.total_seconds())
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, (UUID, Decimal)):
        return str(value)
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} has no JSON")


class Renderer(BaseRenderer):
    """The API's answers."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> str:
        """JSON text of what an operation returned."""
        return "" if data is None else dumps(data)


class StrictParser(Parser):
    """The API's questions. Refuses `request.malformed` for what JSON (RFC 8259) or our database can't hold."""

    def parse_body(self, request: HttpRequest) -> Any:
        """The body as JSON values."""
        try:
            body = request.body
        except RequestDataTooBig:
            raise too_large() from None
        except RawPostDataException:
            raise malformed("the body ended before its announced length") from None
        return loads(body)

    def parse_querydict(self, data: Any, list_fields: list[str], request: HttpRequest) -> Any:
        """Query, form and header values."""
        for name in data:
            for value in data.getlist(name) if hasattr(data, "getlist") else [data[name]]:
                _check_text(str(value))
        return super().parse_querydict(data, list_fields, request)


def loads(body: bytes) -> Any:
    """JSON values of a body: UTF-8, no NaN, nothing infinite, no NUL, no lone surrogates, no absurd depth."""
    try:
        value = json.loads(body.decode(), parse_constant=_no_constant, parse_float=_finite)
    except (ValueError, RecursionError) as error:
        raise malformed("the body is not JSON") from error
    if b"\\u" in body or body.count(b"[") + body.count(b"{") > MAX_DEPTH:
        _check(value, 0)
    return value


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError("a number is too large")
    return number


def _check(value: Any, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise malformed(f"the body is nested more than {MAX_DEPTH} deep")
    if isinstance(value, str):
        _check_text(value)
    elif isinstance(value, dict):
        for name, item in value.items():
            _check_text(name)
            _check(item, depth + 1)
    elif isinstance(value, list):
        for item in value:
            _check(item, depth + 1)


def _check_text(text: str) -> None:
    if "\x00" in text or any("\ud800" <= c <= "\udfff" for c in text):
        raise malformed("a text holds a NUL or half a character")


def malformed(cause: str) -> Refusal:
    """The request can't be read."""
    return Refusal("request.malformed", cause, remedy="send valid JSON in UTF-8")


def too_large() -> Refusal:
    """The body is above its cap."""
    return Refusal("request.too_large", "the body is larger than is taken here", remedy="send less at a time")
