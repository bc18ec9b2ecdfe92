"""Back office of the slice: to look at. What changes goes through actions."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import BinaryField
from django.http import HttpRequest

from homestretch.accounts import models

SECRET = frozenset({"pin", "secret", "fence"})


class ReadOnly(admin.ModelAdmin):
    """Rows to look at: an action writes them."""

    actions: ClassVar[None] = None
    list_per_page = 50

    def get_exclude(self, request: HttpRequest | None, obj: Any = None) -> list[str]:
        """Nobody sees hashes and keys, which are binary, nor a PIN, which opens a parcel."""
        fields = self.model._meta.local_concrete_fields
        secret = [f.name for f in fields if isinstance(f, BinaryField) or f.name in SECRET]
        return [*(self.exclude or ()), *secret]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """To whoever the site lets in: its pages run in the scope of the own organization."""
        return True

    def has_module_permission(self, request: HttpRequest) -> bool:
        """As above."""
        return True


@admin.register(models.Organization)
class OrganizationAdmin(ReadOnly):
    """The organization of the scope; its row is all that the database shows."""

    list_display = ("name", "zone", "language", "currency", "created_at")


@admin.register(models.Membership)
class MembershipAdmin(ReadOnly):
    """People and roles."""

    list_display = ("user", "role", "merchant", "active")
    list_select_related = ("user", "merchant")


@admin.register(models.Merchant)
class MerchantAdmin(ReadOnly):
    """Merchants."""

    list_display = ("name", "external_id", "active")


@admin.register(models.Invitation)
class InvitationAdmin(ReadOnly):
    """Invitations, without their hashes."""

    list_display = ("email", "role", "created_at", "sent_at", "expires_at", "accepted_at", "revoked_at")
    exclude = ("token_hash",)


@admin.register(models.ApiKey)
class ApiKeyAdmin(ReadOnly):
    """API keys, without their hashes."""

    list_display = ("name", "prefix", "scopes", "created_at", "last_used_at", "revoked_at")
    exclude = ("hash",)


@admin.register(models.Device)
class DeviceAdmin(ReadOnly):
    """Phones and trackers, without their hashes."""

    list_display = ("name", "kind", "driver_id", "vehicle_id", "paired_at", "revoked_at")
    exclude = ("pairing_hash", "token_hash")


@admin.register(models.TrackingLink)
class TrackingLinkAdmin(ReadOnly):
    """Tracking links, without their hashes."""

    list_display = ("order_id", "generation", "created_at", "expires_at", "revoked_at")
    exclude = ("token_hash",)
