"""A subscriber's connected stores, authorizations under way, and what is asked of a store again and again."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from subscribers.constraints import SameSubscriber
from subscribers.models import TenantRow, User
from subscribers.secrets import SealedField, new_code
from work.models import Lane, Work, work_indexes


def cash_on_delivery_names() -> list[str]:
    """How the names of the platform's own two COD payment types begin (facts: A), with cash and with card."""
    return ["Kapıda Ödeme"]


class Connection(models.TextChoices):
    """Whether the store lets us in."""

    WAITING = "waiting", _("izin bekliyor")
    CONNECTED = "connected", _("bağlı")
    WITHDRAWN = "withdrawn", _("izin geri alındı")


class Store(TenantRow, Lane):
    """An Ideasoft store. `url` is its origin, e.g. https://ornek.myideasoft.com.

    `connected_at` is when it was first connected: orders created before are never asked by themselves. While
    `refresh_until` (the database's clock) lies ahead, somebody holds the one refresh under way, by `refresh_claim`.
    `token_version` counts the token pairs: a pair is told from the next by it, since re-encryption changes the columns.
    `own_sms` says which SMS the store sends by itself, flag by flag, as it told at `own_sms_at`; `own_sms_failure`, why
    it did not tell then.
    """

    code = models.CharField(max_length=16, default=new_code, editable=False)
    url = models.URLField(_("mağaza URL adresi"), max_length=200)
    name = models.CharField(_("mağaza adı"), max_length=150, blank=True)
    client_id = models.CharField("Client ID", max_length=200)
    client_secret = SealedField()
    access_token = SealedField()
    refresh_token = SealedField()
    token_expires_at = models.DateTimeField(null=True, blank=True)
    token_version = models.PositiveIntegerField(default=0)
    scope = models.TextField(blank=True)
    connection = models.CharField(max_length=12, choices=Connection, default=Connection.WAITING)
    connected_at = models.DateTimeField(null=True, blank=True)
    refresh_claim = models.UUIDField(null=True, blank=True, editable=False)
    refresh_until = models.DateTimeField(null=True, blank=True, editable=False)
    hook_token = SealedField()
    hook_token_hash = models.CharField(max_length=64, unique=True)
    cod_names = ArrayField(models.CharField(max_length=128), default=cash_on_delivery_names)
    own_sms = models.JSONField(default=dict, db_default={}, blank=True)
    own_sms_at = models.DateTimeField(null=True, blank=True)
    own_sms_failure = models.CharField(max_length=60, blank=True, default="", db_default="")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta(TenantRow.Meta):
        verbose_name, verbose_name_plural = _("mağaza"), _("mağazalar")
        constraints = [
            *TenantRow.Meta.constraints,
            models.UniqueConstraint(fields=["subscriber", "url"], name="store_url_unique"),
            models.UniqueConstraint(fields=["subscriber", "code"], name="store_code_unique"),
        ]

    def __str__(self) -> str:
        return self.name or self.url.removeprefix("https://").removeprefix("http://")

    @property
    def name_for_buyers(self) -> str:
        """What `(magaza)` becomes: its own name, else the merchant's. Never its host, which tells a buyer nothing."""
        return self.name or self.subscriber.name


class Authorization(TenantRow):
    """An authorization under way: its `state` (kept as a hash) is good once, for ten minutes, for one member.

    `session_hash` binds it to the browser session it began in. `result` is the word for what its return came to, empty
    where none came yet.
    """

    store = models.ForeignKey(Store, on_delete=models.CASCADE, related_name="authorizations")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    state_hash = models.CharField(max_length=64, unique=True)
    session_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField(default=timezone.now)
    used_at = models.DateTimeField(null=True, blank=True)
    result = models.CharField(max_length=20, blank=True, default="", db_default="")

    class Meta(TenantRow.Meta):
        constraints = [
            *TenantRow.Meta.constraints,
            SameSubscriber(field="store", name="authorization_same_subscriber"),
        ]


class ErrandKind(models.TextChoices):
    """What is asked of a store again and again (`RECURRING`), once where it is left, and once when it is connected.

    `SETUP_LINE` asks the store nothing: it looks at our own rows, as long as a line of *Kurulum* about them is open.
    """

    NEW_ORDERS = "new_orders", _("yeni siparişleri sorma")
    CHANGED_ORDERS = "changed_orders", _("değişen siparişleri sorma")
    WEBHOOKS = "webhooks", _("mağaza bildirimlerini denetleme")
    TOKEN = "token", _("erişim anahtarını yenileme")
    SETUP = "setup", _("kurulumu denetleme")
    SETUP_LINE = "setup_line", _("kurulumda SMS hattını denetleme")
    FAREWELL = "farewell", _("mağazadan ayrılma")
    PAST_ORDERS = "past_orders", _("önceki siparişleri okuma")


ONCE = (ErrandKind.SETUP_LINE, ErrandKind.FAREWELL, ErrandKind.PAST_ORDERS)
RECURRING = tuple(kind for kind in ErrandKind if kind not in ONCE)


class StoreErrand(TenantRow, Work):
    """One recurring call of a store; `cursor` holds how far it has come."""

    store = models.ForeignKey(Store, on_delete=models.CASCADE, related_name="errands")
    kind = models.CharField(max_length=20, choices=ErrandKind)
    cursor = models.JSONField(default=dict)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta(TenantRow.Meta):
        verbose_name, verbose_name_plural = _("mağaza işi"), _("mağaza işleri")
        constraints = [
            *TenantRow.Meta.constraints,
            models.UniqueConstraint(fields=["subscriber", "store", "kind"], name="store_errand_unique"),
            SameSubscriber(field="store", name="store_errand_same_subscriber"),
        ]
        indexes = work_indexes("store", "store_errand")


class SetupItem(models.TextChoices):
    """The eight lines of *Kurulum*, in their order."""

    PERMISSIONS = "permissions", _("API izinleri")
    ACCOUNT = "account", _("SMS hesabı, başlık ve kredi")
    ADDRESS = "address", _("Gelen SMS adresi")
    WEBHOOKS = "webhooks", _("Mağaza bildirimleri")
    ORDER_RECEIVED = "order_received", _("Sipariş Alındı")
    STORE_ACCOUNT = "store_account", _("Mağazanın Netgsm ayarları")
    QUESTION_TEXT = "question_text", _("2815 numaralı metin")
    TEST = "test", _("Deneme SMS’i")


class OwnSms(models.TextChoices):
    """What else a store tells its buyers by SMS of its own, by the flag of its `sms_config`; in its panel's words.

    *Sipariş Alındı* is none of these: it is a line of *Kurulum*.
    """

    APPROVED = "orderApproved", "Sipariş Onaylandı"
    CANCELLED = "orderCancelled", "Sipariş İptal Edildi"
    REFUNDED = "orderRefunded", "Sipariş İade Edildi"
    BEING_PREPARED = "orderWaitingPrepare", "Sipariş Hazırlanıyor"
    WAITING_FOR_PAYMENT = "orderWaitingPayment", "Ödeme Bekleniyor"
    SHIPPED = "shipmentSent", "Kargoya Verildi"
    DELIVERED = "shipmentReceived", "Teslim Edildi"
    PERSONAL_1 = "personalOrderStatus1", "Kişisel Sipariş Durumu 1"
    PERSONAL_2 = "personalOrderStatus2", "Kişisel Sipariş Durumu 2"
    PERSONAL_3 = "personalOrderStatus3", "Kişisel Sipariş Durumu 3"


class SetupState(models.TextChoices):
    """Where a line of *Kurulum* stands. `AT_FIRST_USE`: nothing speaks against it, and only use will prove it."""

    UNCHECKED = "unchecked", _("henüz bakılmadı")
    DONE = "done", _("tamam")
    NOT_NEEDED = "not_needed", _("gerekmiyor")
    OFFERED = "offered", _("sizin için yapılabilir")
    BY_HAND = "by_hand", _("elle yapılır")
    FAILED = "failed", _("olmadı")
    AT_FIRST_USE = "at_first_use", _("ilk kullanımda anlaşılır")


SETTLED = (SetupState.DONE, SetupState.NOT_NEEDED)


class SetupCheck(TenantRow):
    """How a line of a store's *Kurulum* was found last; `detail` holds no secret.

    `choice` is what the merchant picked where several things of the store fit (the key of text 2815). `done_at` is
    when the line was last found in order: one that is not now has drifted. `by_hand_by` said at `by_hand_at` that it
    was done by hand; `by_hand_for` stands for what should be there then, and at `by_hand_ended_at` a look showed that
    it is not so (`orders/done_by_hand.py`).
    """

    store = models.ForeignKey(Store, on_delete=models.CASCADE, related_name="setup_checks")
    item = models.CharField(max_length=20, choices=SetupItem)
    state = models.CharField(max_length=20, choices=SetupState, default=SetupState.UNCHECKED)
    reason = models.CharField(max_length=60, blank=True)
    detail = models.JSONField(default=dict)
    choice = models.CharField(max_length=255, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    by_hand_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    by_hand_at = models.DateTimeField(null=True, blank=True)
    by_hand_for = models.CharField(max_length=32, blank=True, default="", db_default="")
    by_hand_ended_at = models.DateTimeField(null=True, blank=True)

    class Meta(TenantRow.Meta):
        verbose_name, verbose_name_plural = _("kurulum satırı"), _("kurulum satırları")
        constraints = [
            *TenantRow.Meta.constraints,
            models.UniqueConstraint(fields=["subscriber", "store", "item"], name="setup_check_one_a_line"),
            SameSubscriber(field="store", name="setup_check_same_subscriber"),
        ]

    def __str__(self) -> str:
        return f"{self.get_item_display()}: {self.get_state_display()}"


class ChangeState(models.TextChoices):
    """Where a change of a store's settings stands that the merchant agreed to."""

    DUE = "due", _("yazılıyor")
    WRITTEN = "written", _("yazıldı")
    REFUSED = "refused", _("yazılamadı")
    UNDOING = "undoing", _("geri alınıyor")
    UNDONE = "undone", _("geri alındı")


class SetupChange(TenantRow, Work):
    """One setting of a store written for its merchant, as it was and as it became; secrets are sealed beside.

    `item` is a line of *Kurulum*, or an SMS that the store sends by itself.

    `can_undo`: the old value could be read whole. `reason` says why it was refused, or why it was not taken back.
    """

    store = models.ForeignKey(Store, on_delete=models.CASCADE, related_name="setup_changes")
    item = models.CharField(max_length=20, choices=[*SetupItem.choices, *OwnSms.choices])
    state = models.CharField(max_length=12, choices=ChangeState, default=ChangeState.DUE)
    before = models.JSONField()
    after = models.JSONField()
    before_secret = SealedField()
    after_secret = SealedField()
    can_undo = models.BooleanField(default=False)
    by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    written_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=60, blank=True)

    class Meta(TenantRow.Meta):
        verbose_name, verbose_name_plural = _("ayar değişikliği"), _("ayar değişiklikleri")
        constraints = [
            *TenantRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["subscriber", "store", "item"],
                condition=models.Q(state__in=["due", "undoing"]),
                name="setup_change_one_open",
            ),
            SameSubscriber(field="store", name="setup_change_same_subscriber"),
        ]
        indexes = work_indexes("store", "setup_change")

    def __str__(self) -> str:
        return f"{self.get_item_display()}: {self.get_state_display()}"
