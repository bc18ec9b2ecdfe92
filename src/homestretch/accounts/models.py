"""Organizations and their principals. What may enter is stored as a hash; a role belongs to a membership."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.db import models

from homestretch.accounts import rules
from homestretch.events.models import Owned, Ref
from homestretch.kernel.actor import Role
from homestretch.kernel.ids import uuid7


class Organization(models.Model):
    """The operator whose fleet this is. Its policy is on its own id."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=120)
    slug = models.SlugField(max_length=60)
    zone = models.CharField(max_length=60, default="UTC")  # IANA
    language = models.CharField(max_length=12, default="en")  # BCP 47
    currency = models.CharField(max_length=3, default="EUR")  # ISO 4217
    country = models.CharField(max_length=2, default="DE")  # ISO 3166-1, for phone numbers written nationally
    phone = models.CharField(max_length=20, blank=True)
    email = models.EmailField(blank=True)
    promise_early_s = models.PositiveIntegerField(default=1800)  # a promise begins this long before planned arrival
    promise_late_s = models.PositiveIntegerField(default=3600)  # and ends this long after it
    attempts = models.PositiveSmallIntegerField(default=2)  # tries before an order has failed
    quiet_from = models.TimeField(default="21:00")  # no SMS or e-mail from here, organization's local time
    quiet_to = models.TimeField(default="07:00")
    silent_after_s = models.PositiveIntegerField(
        default=900
    )  # a vehicle on the road that says nothing so long is silent
    message_cap = models.PositiveIntegerField(default=20_000)  # messages a day, a brake on spend
    muted = ArrayField(models.CharField(max_length=24), default=list)  # messages that are not sent, as survey:sms
    positions_days = models.PositiveIntegerField(default=60)  # how long positions are kept
    accent = models.CharField(max_length=7, blank=True)  # #rrggbb, on what recipients see; '' = ours
    logo = models.CharField(max_length=64, blank=True)  # SHA-256 of the picture in the store
    logo_type = models.CharField(max_length=20, blank=True)
    choice_days = models.PositiveSmallIntegerField(default=0)  # how many days ahead recipients may choose; 0 = none
    choice_cutoff_s = models.PositiveIntegerField(default=12 * 3600)  # a choice is made at least so long before
    choice_windows = models.JSONField(default=rules.default_windows)  # [["08:00", "12:00"], ...], local
    choice_places = ArrayField(models.CharField(max_length=20), default=list)  # of rules.CHOICE_PLACES
    pickup_windows = models.JSONField(default=list)  # when they may take goods at a depot, local; [] = not at all
    booking = models.BooleanField(default=False)  # recipients are asked for a window before their order is planned
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()


class Users(BaseUserManager["User"]):
    """Accounts by e-mail."""

    def create_user(self, email: str, password: str | None = None, **extra: object) -> User:
        """A person who signs in by e-mail, lowercased."""
        user = self.model(email=self.normalize_email(email).lower(), **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        """By e-mail, whatever its case."""
        return self.get(email=(username or "").lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in. What they may do stands in a membership, per organization."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120, blank=True)
    language = models.CharField(max_length=12, blank=True)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)  # may open the back office
    joined_at = models.DateTimeField(null=True)

    objects = Users()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []


class Merchant(Owned):
    """Whose goods are moved, where it is not the organization itself."""

    name = models.CharField(max_length=120)
    external_id = models.CharField(max_length=120, null=True)  # null, not '': unique among the given
    active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()

    narrowed: ClassVar[dict[str, str]] = {"merchant": "id"}

    class Meta(Owned.Meta):
        constraints = [models.UniqueConstraint(fields=["organization_id", "external_id"], name="merchant_external")]


class Membership(Owned):
    """A person in an organization, with a role. Only the role `merchant` carries a merchant."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=12, choices=[(r.value, r.value) for r in Role if r != Role.DRIVER])
    merchant = Ref(Merchant, null=True)
    active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()

    narrowed: ClassVar[dict[str, str]] = {"merchant": "merchant_id"}

    class Meta(Owned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organization_id", "user"], name="one_membership"),
            models.CheckConstraint(
                condition=models.Q(role="merchant", merchant__isnull=False)
                | models.Q(merchant__isnull=True) & ~models.Q(role="merchant"),
                name="merchant_role",
            ),
        ]


class SavedView(Owned):
    """What a person looks for again and again on one of the console's lists, under a name of their own."""

    membership = Ref(Membership, models.CASCADE, related_name="views")
    area = models.CharField(max_length=20)  # of the console: orders
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=1000)  # as it stands in the page's address
    created_at = models.DateTimeField()

    narrowed: ClassVar[dict[str, str]] = {"merchant": "membership__merchant_id"}

    class Meta(Owned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organization_id", "membership", "area", "name"], name="one_view_of_a_name")
        ]


class Invitation(Owned):
    """A membership that waits for its person to accept by e-mail."""

    email = models.EmailField()
    role = models.CharField(max_length=12)
    merchant = Ref(Merchant, null=True)
    token_hash = models.BinaryField(max_length=32)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)  # set before the mail server is called: at most one e-mail
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    narrowed: ClassVar[dict[str, str]] = {"merchant": "merchant_id"}


class ApiKey(Owned):
    """A program's way in. Shown once, stored as a hash, with scopes such as `orders:write`."""

    name = models.CharField(max_length=120)
    prefix = models.CharField(max_length=16)
    hash = models.BinaryField(max_length=32, db_index=True)
    scopes = ArrayField(models.CharField(max_length=40))
    merchant = Ref(Merchant, null=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    narrowed: ClassVar[dict[str, str]] = {"merchant": "merchant_id"}


class TrackingLink(Owned):
    """A recipient's public page. The token is an HMAC of id and generation, rebuilt when a message is rendered."""

    order_id = models.UUIDField()  # orders stand above accounts: no reference upward
    generation = models.PositiveIntegerField(default=1)
    token_hash = models.BinaryField(max_length=32, db_index=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    narrowed: ClassVar[dict[str, str]] = {"order": "order_id"}

    class Meta(Owned.Meta):
        constraints = [models.UniqueConstraint(fields=["organization_id", "order_id"], name="one_link")]


class Device(Owned):
    """A driver's phone or a vehicle's tracker. Paired by a one-time code, then known by a token."""

    kind = models.CharField(max_length=8, choices=[("phone", "phone"), ("tracker", "tracker")])
    name = models.CharField(max_length=120, blank=True)
    driver_id = models.UUIDField(null=True)  # fleet stands above accounts
    vehicle_id = models.UUIDField(null=True)
    pairing_hash = models.BinaryField(max_length=32, null=True, db_index=True)
    pairing_expires_at = models.DateTimeField(null=True)
    token_hash = models.BinaryField(max_length=32, null=True, db_index=True)
    created_at = models.DateTimeField()
    paired_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    narrowed: ClassVar[dict[str, str]] = {"driver": "driver_id"}
