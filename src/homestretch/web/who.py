"""Reading who asks: a bearer token, a session's token, a session's cookie. Once per request, from the database."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from allauth.headless.internal.sessionkit import authenticate_by_x_session_token
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from ninja.utils import check_csrf

from homestretch.accounts import principals
from homestretch.kernel.actor import Actor, Role
from homestretch.kernel.ids import secret_hash
from homestretch.kernel.refusal import Refusal
from homestretch.web import limits
from homestretch.web.problems import csrf_missing, forbidden, unauthenticated

CHOSEN = "organization"  # the session's key of the organization that a person of several works in
SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
_BEARERS = {"hsk": principals.who_is_key, "hsd": principals.who_is_device, "hst": principals.who_is_link}
_BEARER = re.compile(r"Bearer ((hsk|hsd|hst)_[0-9a-f]{32,80})", re.IGNORECASE)
MUST_SHOW_TWO = {Role.OWNER, Role.DISPATCHER, Role.VIEWER}


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, and by what name limits count them. A person is in one organization at a time."""

    actor: Actor | None
    counted_as: str
    user: AbstractBaseUser | None = None


def asker_of(request: HttpRequest) -> Asker:
    """Who asks; `actor` is None where no credential is shown. Kept on the request.

    Refuses `auth.unauthenticated` for a credential that opens nothing, `csrf.forbidden` for a change by cookie
    without its token, `auth.forbidden` for an organization that the person is not in, `request.rate_limited`.
    """
    known = getattr(request, "_asker", None)
    if known is None:
        known = request._asker = _read(request)
    return known


def _read(request: HttpRequest) -> Asker:
    if header := request.headers.get("Authorization"):
        return _by_bearer(request, header)
    if token := request.headers.get("X-Session-Token"):
        return _by_session_token(request, token)
    if request.user.is_authenticated:
        if request.method not in SAFE_METHODS and check_csrf(request) is not None:
            raise csrf_missing()
        return _person(request, request.user, request.session.get(CHOSEN))
    address = limits.address_of(request)
    limits.take(limits.PER_ADDRESS, address)
    return Asker(None, address)


def _by_bearer(request: HttpRequest, header: str) -> Asker:
    match = _BEARER.fullmatch(header.strip())
    return by_token(request, match[1] if match else "")


def by_token(request: HttpRequest, token: str) -> Asker:
    """The asker behind a secret, wherever in the request it stood. Wrong ones are counted per address."""
    with limits.failures(limits.FAILED, limits.address_of(request)):
        find = _BEARERS.get(token[:3])
        actor = find(token) if find else None
        if actor is None:
            raise unauthenticated()
    counted_as = secret_hash(token).hex()
    limits.take(limits.PER_PRINCIPAL, counted_as)
    return Asker(actor, counted_as)


def _by_session_token(request: HttpRequest, token: str) -> Asker:
    with limits.failures(limits.FAILED, limits.address_of(request)):
        found = authenticate_by_x_session_token(token)
        if not found:
            raise unauthenticated()
    user, session = found
    return _person(request, user, session.get(CHOSEN))


def _person(request: HttpRequest, user: Any, chosen: str | None) -> Asker:
    limits.take(limits.PER_PRINCIPAL, str(user.id))
    wanted = _organization(request.headers.get("X-Organization")) or _organization(chosen)
    theirs = principals.who_is_email(user.email)
    inside = [actor for actor in theirs if wanted in (None, actor.organization_id)]
    if not inside:
        raise forbidden()
    if len(inside) > 1:
        raise Refusal(
            "organization.conflict",
            "you are in several organizations",
            remedy="say which: the header X-Organization, or choose one for the session",
            field="X-Organization",
        )
    actor = inside[0]
    if settings.HOMESTRETCH_SECOND_FACTOR and actor.role in MUST_SHOW_TWO and not is_mfa_enabled(user):
        raise Refusal(
            "second_factor.forbidden",
            "staff sign in with a second factor here, and none is set up",
            remedy="set up an authenticator app or a passkey in your account",
        )
    return Asker(actor, str(user.id), user)


def _organization(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        raise forbidden() from None


def choose_organization(request: HttpRequest, organization_id: UUID) -> Actor:
    """Put one of the person's organizations into the session. Refuses `auth.unauthenticated`, `auth.forbidden`."""
    user, session, by_cookie = request.user, request.session, True
    if token := request.headers.get("X-Session-Token"):
        found = authenticate_by_x_session_token(token)
        if not found:
            raise unauthenticated()
        (user, session), by_cookie = found, False
    if not user.is_authenticated:
        raise unauthenticated()
    if by_cookie and check_csrf(request) is not None:
        raise csrf_missing()
    theirs = {actor.organization_id: actor for actor in principals.who_is_email(user.email)}
    if organization_id not in theirs:
        raise forbidden()
    session[CHOSEN] = str(organization_id)
    session.save()
    return theirs[organization_id]
