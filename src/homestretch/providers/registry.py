"""Which adapters there are, and one made from its name and its options.

An adapter registers itself by `@adapter(kind, name, Options)` in a module of its kind's folder; nothing else names it.
"""

from __future__ import annotations

import importlib
import pkgutil
import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypeVar, overload

from homestretch.kernel.refusal import Refusal
from homestretch.providers.email import Email
from homestretch.providers.geocoding import Geocoding
from homestretch.providers.matrix import Matrix
from homestretch.providers.sms import Sms
from homestretch.providers.storage import Storage
from homestretch.providers.traffic import Traffic
from homestretch.providers.weather import Weather
from homestretch.providers.webhook import Webhook

KINDS = ("email", "geocoding", "matrix", "sms", "storage", "traffic", "weather", "webhook")
Class = TypeVar("Class", bound=type)


@dataclass(frozen=True)
class Adapter:
    """A class that is made from one value of its `options` dataclass."""

    build: Callable[[Any], Any]
    options: type


ADAPTERS: dict[str, dict[str, Adapter]] = {kind: {} for kind in KINDS}


def adapter(kind: str, name: str, options: type) -> Callable[[Class], Class]:
    def register(cls: Class) -> Class:
        ADAPTERS[kind][name] = Adapter(cls, options)
        return cls

    return register


@overload
def make(kind: Literal["email"], name: str, options: Mapping[str, object]) -> Email: ...
@overload
def make(kind: Literal["geocoding"], name: str, options: Mapping[str, object]) -> Geocoding: ...
@overload
def make(kind: Literal["matrix"], name: str, options: Mapping[str, object]) -> Matrix: ...
@overload
def make(kind: Literal["sms"], name: str, options: Mapping[str, object]) -> Sms: ...
@overload
def make(kind: Literal["storage"], name: str, options: Mapping[str, object]) -> Storage: ...
@overload
def make(kind: Literal["traffic"], name: str, options: Mapping[str, object]) -> Traffic: ...
@overload
def make(kind: Literal["weather"], name: str, options: Mapping[str, object]) -> Weather: ...
@overload
def make(kind: Literal["webhook"], name: str, options: Mapping[str, object]) -> Webhook: ...
def make(kind: str, name: str, options: Mapping[str, object]) -> object:
    """The adapter `name` of a kind. Texts in `options` become what the adapter's dataclass says (a path, a number).

    Refuses `provider.name_unknown`, `provider.option_unknown`, `provider.option_missing`, `provider.option_invalid`.
    """
    found = require(kind, name)
    return found.build(read_options(found.options, options))


def require(kind: str, name: str, *, field: str | None = None) -> Adapter:
    """The adapter `name` of a kind, not made yet. Refuses `provider.name_unknown`; `field` says who named it."""
    found = names(kind).get(name)
    if found is None:
        raise Refusal(
            "provider.name_unknown",
            f"there is no {kind} provider {name!r}",
            remedy=f"set {field or 'it'} to one of {', '.join(sorted(names(kind)))}",
            field=field,
        )
    return found


def names(kind: str) -> Mapping[str, Adapter]:
    """All adapters of a kind, by name."""
    _load(kind)
    return ADAPTERS[kind]


def read_options(wanted: type, given: Mapping[str, object]) -> Any:
    """A value of the dataclass `wanted`, from texts or values."""
    hints = typing.get_type_hints(wanted)
    known = {field.name: field for field in fields(wanted)}
    for name in given:
        if name not in known:
            raise Refusal(
                "provider.option_unknown",
                f"{name} is not an option",
                remedy=f"one of {', '.join(known)}",
                field=name,
            )
    for name, field in known.items():
        if name not in given and field.default is MISSING and field.default_factory is MISSING:
            raise Refusal("provider.option_missing", f"{name} is not set", remedy=f"set {name}", field=name)
    return wanted(**{name: _convert(name, hints[name], value) for name, value in given.items()})


@cache
def _load(kind: str) -> None:
    package = importlib.import_module(f"homestretch.providers.{kind}")
    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"{package.__name__}.{module.name}")


def _convert(name: str, hint: object, value: object) -> object:
    """`value` as the option's type; an optional one given as an empty text is None."""
    plain = hint
    if isinstance(hint, types.UnionType):
        plain = next(part for part in hint.__args__ if part is not type(None))
        if value is None or value == "":
            return None
    if isinstance(value, str) and plain in _READERS:
        try:
            return _READERS[plain](value)
        except (ValueError, KeyError) as error:
            raise _invalid(name, plain) from error
    if not isinstance(plain, type) or not isinstance(value, (int, float) if plain is float else plain):
        raise _invalid(name, plain)
    return value


def _invalid(name: str, wanted: object) -> Refusal:
    """The value is not repeated: it may be a secret."""
    word = getattr(wanted, "__name__", str(wanted))
    return Refusal("provider.option_invalid", f"{name} is not of type {word}", remedy=f"give a {word}", field=name)


_READERS: dict[object, Callable[[str], object]] = {
    str: str,
    int: int,
    float: float,
    Path: Path,
    bool: lambda text: {"true": True, "1": True, "false": False, "0": False}[text.strip().lower()],
}
