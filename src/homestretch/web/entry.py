"""Who may enter: each route declares it, by one `Entry`. A route without one fails a test, and so the build.

    @router.post("/orders", auth=WRITE("orders", merchant=True), ...)      # ninja: request.auth is the Actor
    @enter(READ("routes"))                                                 # a Django view: the same

What a principal sees inside is the scope's business, never the entry's: foreign and missing are both 404 there.
"""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from time import monotonic
from typing import Any
from uuid import UUID

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from homestretch.accounts.actions import touch_key
from homestretch.accounts.rules import AREAS
from homestretch.events.clock import now
from homestretch.kernel.actor import Actor, Kind, Role
from homestretch.kernel.refusal import Refusal
from homestretch.web.limits import FAILED, PER_ADDRESS, address_of, take
from homestretch.web.problems import forbidden, refused, unauthenticated
from homestretch.web.who import asker_of, by_token

log = logging.getLogger("homestretch.denied")
ANYBODY = object()  # what a public operation finds in `request.auth`
TOUCH_EVERY_S, MOST_TOUCHED = 60, 10_000
_touched: dict[UUID | None, float] = {}


@dataclass(frozen=True, slots=True)
class Entry:
    """Who may enter a route. Everything that is not named is shut.

    `roles`: staff with one of them. `key`: API keys with that scope. `merchant`: also a merchant's people, and
    merchants' keys with the scope, who see their own rows alone. `driver`: phones. `tracker`: trackers on vehicles.
    `link`: recipients by tracking link. `public`: anybody, counted by address. `signed`: programs that sign what they
    post; the view proves it and answers `unproven` to what is not: that alone is counted, for a company calls from few
    addresses, and as often as there is news.
    """

    roles: frozenset[Role] = frozenset()
    key: str | None = None
    merchant: bool = False
    driver: bool = False
    tracker: bool = False
    link: bool = False
    public: bool = False
    signed: bool = False

    def __call__(self, request: HttpRequest) -> Any:
        """The actor who asks, for ninja. Refuses `auth.unauthenticated` and `auth.forbidden`; logs each denial."""
        if self.public:
            take(PER_ADDRESS, address_of(request))
            return ANYBODY
        if self.signed:
            return ANYBODY
        try:
            return self.admit(asker_of(request).actor)
        except Refusal as refusal:
            deny(request, refusal)
            raise

    def admit(self, actor: Actor | None) -> Actor:
        """The actor, if it may enter."""
        if actor is None:
            raise unauthenticated()
        if not self.lets_in(actor):
            raise forbidden()
        if actor.kind is Kind.KEY:
            _touch(actor)
        return actor

    def lets_in(self, actor: Actor) -> bool:
        """Whether this principal may enter."""
        if actor.kind is Kind.PERSON:
            return actor.role in self.roles or (self.merchant and actor.role is Role.MERCHANT)
        if actor.kind is Kind.KEY:
            return self.key in actor.scopes and (self.merchant or actor.merchant_id is None)
        by_kind = {Kind.DRIVER: self.driver, Kind.DEVICE: self.tracker, Kind.LINK: self.link}
        return by_kind.get(actor.kind, False)


def READ(area: str, *, merchant: bool = False, driver: bool = False) -> Entry:  # noqa: N802  declared, like a constant
    """Owner, dispatcher, viewer; keys with `<area>:read`."""
    return Entry(frozenset({Role.OWNER, Role.DISPATCHER, Role.VIEWER}), f"{_known(area)}:read", merchant, driver)


def WRITE(area: str, *, merchant: bool = False, driver: bool = False) -> Entry:  # noqa: N802
    """Owner, dispatcher; keys with `<area>:write`."""
    return Entry(frozenset({Role.OWNER, Role.DISPATCHER}), f"{_known(area)}:write", merchant, driver)


def OWN(area: str) -> Entry:  # noqa: N802
    """The owner alone; no key."""
    _known(area)
    return Entry(frozenset({Role.OWNER}))


MEMBER = Entry(frozenset(Role) - {Role.DRIVER}, merchant=True)  # any person who is signed in
MERCHANT = Entry(merchant=True)  # a merchant's people alone: their own pages
DRIVER = Entry(driver=True)
TRACKER = Entry(tracker=True)
LINK = Entry(link=True)
PUBLIC = Entry(public=True)
SIGNED = Entry(signed=True)


def enter(
    entry: Entry, *, sign_in: bool = False
) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Guard a Django view: `request.auth` is the actor inside it. `sign_in` sends people who are nobody to the form.

    A link's view takes its secret as the argument `token` from the address.
    """

    def guard(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @functools.wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            try:
                request.auth = _by_address(entry, request, kwargs) if entry.link else entry(request)
            except Refusal as refusal:
                if sign_in and refusal.status == HTTPStatus.UNAUTHORIZED:
                    return redirect_to_login(request.get_full_path())
                if sign_in and request.method == "GET" and _is_merchant(request):
                    return HttpResponseRedirect(reverse("merchant"))
                return refused(request, refusal)
            return view(request, *args, **kwargs)

        setattr(guarded, "entry", entry)  # noqa: B010  mypy; the test of declared routes looks for it
        return guarded

    return guard


def _is_merchant(request: HttpRequest) -> bool:
    """Whether a merchant's person asks, who has pages of their own and was led to somebody else's."""
    known = getattr(request, "_asker", None)
    return known is not None and known.actor is not None and known.actor.role is Role.MERCHANT


def _by_address(entry: Entry, request: HttpRequest, kwargs: dict[str, Any]) -> Any:
    """The recipient whose token stands in the address, or whoever asks where none does."""
    if "token" not in kwargs:
        return entry(request)
    try:
        return entry.admit(by_token(request, kwargs["token"]).actor)
    except Refusal as refusal:
        deny(request, refusal)
        raise


def unproven(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """The answer to a call of a `SIGNED` view that is not signed: `refusal`, or that there were too many of its kind
    from this address. Logs the denial."""
    deny(request, refusal)
    try:
        take(FAILED, address_of(request))
    except Refusal as too_many:
        return refused(request, too_many)
    return refused(request, refusal)


def deny(request: HttpRequest, refusal: Refusal) -> None:
    """Log a denial: who, what, why, and no secret."""
    known = getattr(request, "_asker", None)
    log.warning(
        "denied",
        extra={
            "code": refusal.code,
            "asker": str(known.actor) if known and known.actor else "nobody",
            "method": request.method,
            "route": getattr(request.resolver_match, "route", ""),
            "request_id": getattr(request, "id", ""),
        },
    )


def _touch(actor: Actor) -> None:
    """Note that a key is used: at most once a minute of each process, for each note is a write."""
    moment = monotonic()
    if moment - _touched.get(actor.id, -TOUCH_EVERY_S) >= TOUCH_EVERY_S:
        if len(_touched) > MOST_TOUCHED:
            _touched.clear()
        _touched[actor.id] = moment
        touch_key(by=actor, at=now())


def _known(area: str) -> str:
    if area not in AREAS:
        raise ValueError(f"{area!r} is no area: one of {', '.join(AREAS)}")
    return area
