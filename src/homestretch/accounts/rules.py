"""Decisions about who may become what: roles, scopes, invitations, settings of an organization. Pure."""

from __future__ import annotations

import hmac
import re
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from homestretch.kernel.actor import Role
from homestretch.kernel.refusal import Refusal
from homestretch.kernel.windows import read_zone

AREAS = (
    "orders",
    "places",
    "fleet",
    "plans",
    "routes",
    "tracking",
    "exceptions",
    "messages",
    "webhooks",
    "measures",
    "organization",
)
SCOPES = tuple(f"{area}:{verb}" for area in AREAS for verb in ("read", "write"))
INVITED_FOR = timedelta(days=7)
LINKED_FOR = timedelta(days=60)
PAIRED_WITHIN = timedelta(minutes=15)  # real time, like every guard against a guesser
LANGUAGES = ("en", "fr", "de", "ar")
CHOICE_PLACES = ("neighbor", "safe_place", "mailbox")  # where a recipient may have goods left, if it is allowed
MOST_WINDOWS = 12

# What an organization may change of itself: lowest and highest, for the numbers.
BOUNDS = {
    "promise_early_s": (0, 12 * 3600),
    "promise_late_s": (0, 12 * 3600),
    "attempts": (1, 10),
    "silent_after_s": (60, 24 * 3600),
    "message_cap": (0, 10_000_000),
    "positions_days": (1, 3650),
    "choice_days": (0, 60),
    "choice_cutoff_s": (0, 7 * 24 * 3600),
}
TEXTS = {"name": 120, "phone": 20, "email": 254}
CODES = {"currency": 3, "country": 2}
CHOICES = {"accent", "choice_windows", "choice_places", "pickup_windows", "booking"}
CHANGEABLE = {*BOUNDS, *TEXTS, *CODES, *CHOICES, "zone", "language", "quiet_from", "quiet_to", "muted"}
MOST_MUTED, LONGEST_MUTED = 40, 24


def read_role(role: str, merchant_id: UUID | None) -> Role:
    """The role of a person; the role `merchant`, and no other, stands for a merchant."""
    try:
        wanted = Role(role)
    except ValueError:
        wanted = Role.DRIVER
    if wanted is Role.DRIVER:
        raise Refusal(
            "member.role_unknown",
            f"{role[:20]!r} is no role of a person",
            remedy="owner, dispatcher, viewer or merchant; drivers are paired by a one-time code",
            field="role",
        )
    if (wanted is Role.MERCHANT) != (merchant_id is not None):
        raise Refusal(
            "member.merchant_mismatch",
            "the role merchant, and no other, stands for a merchant",
            remedy="give a merchant with the role merchant, none with the others",
            field="merchant_id",
        )
    return wanted


def keep_an_owner(was: Role, becomes: Role | None, other_owners: int) -> None:
    """Refuse to leave an organization without an active owner. `becomes` is None for who is switched off."""
    if was is Role.OWNER and becomes is not Role.OWNER and other_owners == 0:
        raise Refusal("member.last_owner", "nobody else owns the organization", remedy="make another owner first")


def read_scopes(scopes: Collection[str]) -> tuple[str, ...]:
    """Known scopes, sorted, at least one."""
    unknown = sorted(set(scopes) - set(SCOPES))
    if unknown or not scopes:
        raise Refusal(
            "key.scope_unknown",
            f"{unknown[0][:40]!r} is no scope" if unknown else "a key without a scope opens nothing",
            remedy=f"some of {', '.join(SCOPES)}",
            field="scopes",
        )
    return tuple(sorted(set(scopes)))


def read_expiry(expires_at: datetime | None, at: datetime) -> datetime | None:
    """An end that lies ahead."""
    if expires_at is not None and expires_at <= at:
        raise Refusal(
            "key.expiry_passed", "the key would be dead already", remedy="give a later end, or none", field="expires_at"
        )
    return expires_at


def check_invitation(
    expires_at: datetime, accepted_at: datetime | None, revoked_at: datetime | None, at: datetime
) -> None:
    """Refuse an invitation that was used, taken back or is too old."""
    if accepted_at is not None:
        raise Refusal("invitation.accepted_already", "the invitation was accepted before", remedy="sign in")
    if revoked_at is not None or at >= expires_at:
        raise Refusal("invitation.over", "the invitation no longer holds", remedy="ask to be invited again")


def read_settings(changes: Mapping[str, Any]) -> dict[str, Any]:
    """Settings of an organization that may be changed, each checked."""
    for name, value in changes.items():
        if name not in CHANGEABLE:
            raise Refusal(
                "organization.setting_unknown", f"{name[:40]!r} can't be set", remedy="leave it out", field=name
            )
        if name in BOUNDS:
            _check_bounds(name, value)
        elif name in CHOICES:
            _check_choice(name, value)
        elif isinstance(value, str):
            _check_text(name, value)
        elif name == "muted":
            _check_muted(value)
    return dict(changes)


def _check_muted(value: Collection[str]) -> None:
    if len(value) > MOST_MUTED or any(len(one) > LONGEST_MUTED or one.count(":") != 1 for one in value):
        raise _invalid("muted", "not all are a message and a channel", "write survey:sms, of /messages/templates")


def _check_bounds(name: str, value: int) -> None:
    low, high = BOUNDS[name]
    if not low <= value <= high:
        raise _invalid(name, f"{value} is not within {low} and {high}", f"give {low} to {high}")


def _check_text(name: str, value: str) -> None:
    if name == "zone":
        read_zone(value)
    elif name == "language" and value not in LANGUAGES:
        raise _invalid(name, f"{value[:12]!r} is not spoken here", f"one of {', '.join(LANGUAGES)}")
    elif name in CODES and not (len(value) == CODES[name] and value.isascii() and value.isupper()):
        raise _invalid(name, f"{value[:8]!r} is no code of {CODES[name]} capitals", "write EUR, or DE")
    elif len(value) > TEXTS.get(name, 60):
        raise _invalid(name, f"more than {TEXTS.get(name, 60)} characters", "shorten it")
    elif name == "name" and not value.strip():
        raise _invalid(name, "the name is empty", "give one")


def default_windows() -> list[list[str]]:
    """The windows that are offered where an organization names none: a morning and an afternoon."""
    return [["08:00", "12:00"], ["12:00", "17:00"]]


def _check_choice(name: str, value: Any) -> None:
    if name == "accent" and not re.fullmatch(r"(#[0-9a-fA-F]{6})?", value):
        raise _invalid(name, f"{value[:12]!r} is no color", "write #0b6b53, or nothing")
    if name == "choice_places" and (unknown := sorted(set(value) - set(CHOICE_PLACES))):
        raise _invalid(name, f"{unknown[0][:20]!r} is none", f"some of {', '.join(CHOICE_PLACES)}")
    if name in ("choice_windows", "pickup_windows"):
        _check_windows(name, value)


def _check_windows(name: str, windows: Sequence[Sequence[str]]) -> None:
    """Spans of a day, each with an end after its start, at most `MOST_WINDOWS`; to pick up in, none will do."""
    least = int(name == "choice_windows")
    if not least <= len(windows) <= MOST_WINDOWS:
        raise _invalid(name, f"{len(windows)} windows", f"give {least} to {MOST_WINDOWS}")
    for window in windows:
        whole = len(window) == 2 and all(re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", clock) for clock in window)
        if not whole or window[0] >= window[1]:
            raise _invalid(name, "a window is two times of a day, the first before", "write 08:00 and 12:00")


def _invalid(field: str, cause: str, remedy: str) -> Refusal:
    return Refusal("organization.setting_invalid", cause, remedy=remedy, field=field)


def slug_of(name: str) -> str:
    """The name as part of an address: lowercase letters, digits and hyphens."""
    words = "".join(c if c.isascii() and c.isalnum() else " " for c in name.lower()).split()
    return "-".join(words)[:60] or "organization"


def link_token(link_id: UUID, generation: int, key: bytes) -> str:
    """A tracking link's token, 256 bits, rebuilt whenever it is shown: HMAC-SHA256 of link and generation."""
    return f"hst_{_mac(key, f'link:{link_id}:{generation}')}"


def invitation_token(organization_id: UUID, invitation_id: UUID, key: bytes) -> str:
    """An invitation's token: the organization (no secret, it says where to look) and an HMAC of the invitation."""
    return f"hsi_{organization_id.hex}{_mac(key, f'invitation:{invitation_id}')}"


def organization_in(token: str) -> UUID:
    """The organization that an invitation's token names. Refuses `invitation.unknown`."""
    try:
        if not token.startswith("hsi_") or len(token) != 4 + 32 + 64:
            raise ValueError(token)
        return UUID(token[4:36])
    except ValueError:
        raise unknown_invitation() from None


def unknown_invitation() -> Refusal:
    """The token opens nothing."""
    return Refusal("invitation.unknown", "there is no such invitation", remedy="open the link in the e-mail again")


def _mac(key: bytes, what: str) -> str:
    return hmac.new(key, what.encode(), sha256).hexdigest()
