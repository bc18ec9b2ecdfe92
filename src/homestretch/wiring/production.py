"""What must not happen silently: production on fakes, in the clear, on a short key; an adapter that does not exist."""

from __future__ import annotations

import os
from collections.abc import Mapping
from urllib.parse import urlsplit

from homestretch.kernel.refusal import Refusal
from homestretch.providers import registry

from .options import option

SHORTEST_KEY = 32  # characters
ADAPTERS = {
    "HOMESTRETCH_SMS": "sms",
    "HOMESTRETCH_EMAIL": "email",
    "HOMESTRETCH_GEOCODER": "geocoding",  # these may be nobody
    "HOMESTRETCH_MATRIX": "matrix",
    "HOMESTRETCH_TRAFFIC": "traffic",
    "HOMESTRETCH_WEATHER": "weather",
}
NOBODY = ("", "none")


def require(environment: Mapping[str, str] = os.environ) -> None:
    """Refuses `provider.name_unknown` in any mode; in production what `_require_safe` refuses, too."""
    for name, kind in ADAPTERS.items():
        if option(name, environment) not in NOBODY:
            registry.require(kind, option(name, environment), field=name)
    if option("HOMESTRETCH_MODE", environment) == "production":
        _require_safe(environment)


def require_options(providers: Mapping[str, tuple[str, Mapping[str, object]]]) -> None:
    """Each adapter that was chosen has what it needs: kind -> (adapter, its options).

    Refuses what `registry.make` does: at the start, and not at the first message.
    """
    for kind, (name, options) in providers.items():
        try:
            registry.read_options(registry.require(kind, name).options, options)
        except Refusal as refusal:
            raise Refusal(
                refusal.code,
                f"the {kind} provider {name}: {refusal.cause}",
                remedy=f"{refusal.remedy}, by the setting of {name} for it, or choose another {kind} provider",
                field=refusal.field,
            ) from refusal


def _require_safe(environment: Mapping[str, str]) -> None:
    """Refuses `clock.refused_in_production`, `option.not_chosen`, `option.insecure`."""
    if option("HOMESTRETCH_CLOCK", environment) == "simulated":
        raise Refusal(
            "clock.refused_in_production",
            "HOMESTRETCH_CLOCK is simulated, and this is production",
            remedy="leave HOMESTRETCH_CLOCK empty, or set HOMESTRETCH_MODE to demo",
        )
    for name, kind in ADAPTERS.items():
        if not environment.get(name) and option(name, environment) == "fake":
            raise Refusal(
                "option.not_chosen",
                f"{name} is not set: production would run on a fake, which tells nobody and finds no place",
                remedy=f"set it to one of {', '.join(sorted(registry.names(kind)))}; fake where that is meant",
                field=name,
            )
    if urlsplit(option("HOMESTRETCH_URL", environment)).scheme != "https":
        raise _insecure("HOMESTRETCH_URL", "is not https", "give the address that the TLS proxy answers")
    if 0 < len(option("HOMESTRETCH_SECRET_KEY", environment)) < SHORTEST_KEY:
        cause = f"has less than {SHORTEST_KEY} characters"
        raise _insecure("HOMESTRETCH_SECRET_KEY", cause, "give `openssl rand -hex 32`, or leave it empty: one is made")


def _insecure(name: str, cause: str, remedy: str) -> Refusal:
    return Refusal("option.insecure", f"{name} {cause}, and this is production", remedy=remedy, field=name)
