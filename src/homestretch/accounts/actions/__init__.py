"""The verbs of the slice, one family a file."""

from homestretch.accounts.actions.devices import claim_device, pair_device, revoke_device, revoke_devices_of
from homestretch.accounts.actions.keys import create_key, revoke_key, touch_key
from homestretch.accounts.actions.links import link_for, link_url, revoke_link
from homestretch.accounts.actions.organizations import (
    change_merchant,
    create_merchant,
    create_organization,
    set_logo,
    update_organization,
)
from homestretch.accounts.actions.people import (
    accept_invitation,
    change_member,
    invitation_failed,
    invitation_mail,
    invite,
    revoke_invitation,
)
from homestretch.accounts.actions.views import remove_view, save_view

__all__ = [
    "accept_invitation",
    "change_member",
    "change_merchant",
    "claim_device",
    "create_key",
    "create_merchant",
    "create_organization",
    "invitation_failed",
    "invitation_mail",
    "invite",
    "link_for",
    "link_url",
    "pair_device",
    "remove_view",
    "revoke_device",
    "revoke_devices_of",
    "revoke_invitation",
    "revoke_key",
    "revoke_link",
    "save_view",
    "set_logo",
    "touch_key",
    "update_organization",
]
