"""Who a tenant is and who may act for it."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from subscribers.constraints import WithinReach
from subscribers.secrets import Sealed, SealedField


class UserManager(BaseUserManager["User"]):
    """Makes users; an address is kept as typed and compared without regard to case."""

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)

    def create_user(self, email: str, password: str | None = None, **extra: Any) -> User:
        user = self.model(email=self.normalize_email(email), **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **extra: Any) -> User:
        return self.create_user(email, password, is_staff=True, is_superuser=True, **extra)


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in, by e-mail address; members of subscribers and support staff alike.

    `language`: the one chosen last, in which mails are written; empty where none was.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(_("e-posta"))
    name = models.CharField(_("ad soyad"), max_length=150, blank=True)
    is_staff = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    language = models.CharField(max_length=10, blank=True, default="", db_default="")
    date_joined = models.DateTimeField(default=timezone.now)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = UserManager()

    class Meta:
        verbose_name, verbose_name_plural = _("kişi"), _("kişiler")
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_unique")]

    def __str__(self) -> str:
        return self.email


class Subscriber(Sealed):
    """A merchant who pays for the service: the tenant. `line` is its number at the operator, 10 digits.

    A line is unique only among open subscribers who proved it by an SMS account of that line (`line_proven_at`): nobody
    occupies another's line by typing it, and a closed one keeps none. `line_since`: when one that had proven the line
    was closed, the last time; what came to the line until then is nobody's here.

    `silent_hours` after its question an unanswered order counts as silent; `expires_days` after it the question ends,
    None for the installation's `QUESTION_EXPIRES_DAYS`. What a parcel's way costs, there and back, is in TL; None until
    the merchant says. With fewer SMS left than `credit_least` the credit is low. `closed_at`: its last member deleted
    the account; its rows are deleted a while later (`subscribers/closing.py`), and from `deletion_begun_at` on nothing
    brings it back.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("unvan"), max_length=150)
    line = models.CharField(_("abone numarası"), max_length=10)
    line_proven_at = models.DateTimeField(null=True, blank=True)
    line_since = models.DateTimeField(null=True, blank=True)
    hook_token = SealedField()
    hook_token_hash = models.CharField(max_length=64, unique=True)
    suspended_at = models.DateTimeField(null=True, blank=True)
    silent_hours = models.PositiveSmallIntegerField(default=24, db_default=24)
    expires_days = models.PositiveSmallIntegerField(null=True, blank=True)
    credit_least = models.PositiveIntegerField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    deletion_begun_at = models.DateTimeField(null=True, blank=True)
    freight_out = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    freight_back = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name, verbose_name_plural = _("abone"), _("aboneler")
        constraints = [
            models.UniqueConstraint(
                fields=["line"],
                condition=models.Q(line_proven_at__isnull=False, closed_at__isnull=True),
                name="subscriber_open_line_unique",
            ),
            WithinReach(name="subscriber_within_reach", column="id", person="id"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def sealing_subscriber(self) -> uuid.UUID:
        return self.id


# What the composite keys of children refer to.
OF_SUBSCRIBER = models.UniqueConstraint(fields=["subscriber", "id"], name="%(class)s_of_subscriber")


class TenantRow(Sealed):
    """A row that belongs to one subscriber. Its key is made before the INSERT, so that secrets can be bound to it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # No index of its own: that of (subscriber, id) begins with it.
    subscriber = models.ForeignKey(Subscriber, on_delete=models.CASCADE, related_name="+", db_index=False)

    class Meta:
        abstract = True
        constraints = [
            OF_SUBSCRIBER,
            WithinReach(name="%(class)s_within_reach"),
        ]

    @property
    def sealing_subscriber(self) -> uuid.UUID:
        return self.subscriber_id


class Role(models.TextChoices):
    """What a member may do: an owner everything, a member the daily work."""

    OWNER = "owner", _("Sahip")
    MEMBER = "member", _("Üye")


class Membership(TenantRow):
    """That a person acts for a subscriber, and in which role.

    `alerts` holds which mails the person turned on or off, by their kind; what stands not there is as the role has it.
    `order_columns` are those of the list of orders in the person's own order (`order`), and the `hidden` ones.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role)
    alerts = models.JSONField(null=True, blank=True)
    order_columns = models.JSONField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta(TenantRow.Meta):
        verbose_name, verbose_name_plural = _("üyelik"), _("üyelikler")
        constraints = [
            OF_SUBSCRIBER,
            models.UniqueConstraint(fields=["subscriber", "user"], name="membership_unique"),
            WithinReach(name="%(class)s_within_reach", person="user_id"),
        ]


class Invitation(TenantRow):
    """That an address is asked to join: one mail, whose link holds the token that `token_hash` finds again.

    `email` is in lower case. Sending again withdraws the row and makes another, so an old link says that it is old.
    """

    class State(models.TextChoices):
        """What has become of it; an expired one is still the address's only one until it is sent again or withdrawn."""

        OPEN = "open", _("Bekliyor")
        EXPIRED = "expired", _("Süresi doldu")
        ACCEPTED = "accepted", _("Katıldı")
        WITHDRAWN = "withdrawn", _("Geri alındı")

    email = models.EmailField(_("e-posta"))
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta(TenantRow.Meta):
        constraints = [
            *TenantRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["subscriber", "email"],
                condition=models.Q(accepted_at__isnull=True, withdrawn_at__isnull=True),
                name="invitation_open_unique",
            ),
        ]
        indexes = [models.Index(fields=["subscriber", "created_at"], name="invitation_by_time")]

    @property
    def state(self) -> State:
        """What has become of it by now."""
        if self.accepted_at:
            return self.State.ACCEPTED
        if self.withdrawn_at:
            return self.State.WITHDRAWN
        return self.State.EXPIRED if self.expires_at <= timezone.now() else self.State.OPEN


class ApiKey(TenantRow):
    """What a program of the merchant's calls the API by, in the name of the member who made it.

    Only `key_hash`, its SHA-256, is kept; `prefix` is the beginning that a person knows it by. `last_used_at` is exact
    to a minute. It ends (`ended_at`) by a person's wish, with its maker's membership or ownership, or with the
    subscriber.
    """

    class Scope(models.TextChoices):
        """What a program may do with it."""

        READ = "read", _("Okur")
        WRITE = "write", _("Okur ve yazar")

    name = models.CharField(_("ad"), max_length=60)
    prefix = models.CharField(max_length=20)
    key_hash = models.CharField(max_length=64, unique=True)
    scope = models.CharField(_("yetki"), max_length=10, choices=Scope)
    made_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    last_used_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta(TenantRow.Meta):
        verbose_name, verbose_name_plural = _("API anahtarı"), _("API anahtarları")
        indexes = [models.Index(fields=["subscriber", "created_at"], name="api_key_by_time")]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    @property
    def has_maker(self) -> bool:
        """Whether anybody answers for its calls: the account of its maker is open."""
        return self.made_by is not None and self.made_by.is_active


class ByProgram(models.Model):
    """By which API key a program asked for it in the person's name; older rows hold the key's name alone (`via`).

    A child says with `SameSubscriber` that the key is there; its check finds the rows by their subscriber's index.
    """

    api_key = models.ForeignKey(
        ApiKey,
        null=True,
        blank=True,
        db_index=False,
        db_constraint=False,
        on_delete=models.RESTRICT,
        related_name="+",
    )
    via = models.CharField(max_length=60, blank=True, default="", db_default="")

    class Meta:
        abstract = True

    @property
    def program(self) -> str:
        """The name of the key, empty where a person did it alone."""
        return self.api_key.name if self.api_key else self.via

    @property
    def told_key(self) -> ApiKey | None:
        """The key as a step of a story and the audit name it; an older row's is kept nowhere and has a name alone."""
        return self.api_key or (ApiKey(name=self.via) if self.via else None)

    @property
    def has_ended_key(self) -> bool:
        """Whether a call by its key would not be answered any more: what waits by it is not done either."""
        return self.api_key is not None and (self.api_key.ended_at is not None or not self.api_key.has_maker)


class AuditEntry(TenantRow):
    """Who did what, when and why; written in the transaction of the act itself. `actor` is empty for the portal."""

    at = models.DateTimeField(default=timezone.now)
    actor = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    action = models.CharField(max_length=60)
    about_kind = models.CharField(max_length=40)
    about_id = models.UUIDField()
    reason = models.CharField(max_length=300, blank=True)
    detail = models.JSONField(default=dict)

    class Meta(TenantRow.Meta):
        verbose_name, verbose_name_plural = _("denetim kaydı"), _("denetim kayıtları")
        indexes = [models.Index(fields=["subscriber", "about_id", "at"], name="audit_by_object")]

    def __str__(self) -> str:
        return f"{self.action} · {timezone.localtime(self.at):%d.%m.%Y %H:%M}"


class Notice(TenantRow):
    """Something that needs the merchant: one open notice a kind and object, however often it is found again."""

    kind = models.CharField(max_length=40)
    about_id = models.UUIDField()
    detail = models.JSONField(default=dict)
    raised_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta(TenantRow.Meta):
        verbose_name, verbose_name_plural = _("uyarı"), _("uyarılar")
        constraints = [
            *TenantRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["subscriber", "kind", "about_id"],
                condition=models.Q(ended_at__isnull=True),
                name="notice_open_unique",
            ),
        ]


class ProvisionedSecret(TenantRow):
    """The keyed hash of a secret as the last provisioning file gave it, never of what is stored now.

    Refresh tokens rotate, so a file that says the same again must not bring a dead one back.
    """

    about = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)

    class Meta(TenantRow.Meta):
        constraints = [
            *TenantRow.Meta.constraints,
            models.UniqueConstraint(fields=["subscriber", "about"], name="provisioned_secret_unique"),
        ]
