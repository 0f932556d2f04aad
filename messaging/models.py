"""SMS out, SMS in, and the events that say what an incoming SMS is for."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from integrations import phones
from integrations.ideasoft.models import Store
from integrations.netgsm.models import Account
from subscribers.constraints import SameSubscriber
from subscribers.models import TenantRow, User
from work.models import Work, work_indexes


class QuestionMode(models.TextChoices):
    """Who sends the question: the store (its panel's text 2815) or the portal."""

    STORE = "store", _("mağaza gönderir")
    PORTAL = "portal", _("portal gönderir")


class OtherPhone(models.TextChoices):
    """What a right answer from another phone than the order's means."""

    REVIEW = "review", _("bana göster")
    ACCEPT = "accept", _("kabul et")


class InteractiveEvent(TenantRow):
    """What the line does with an incoming SMS: one entry of *Aktif İnteraktif olay listesi*.

    `confirming_words` confirm as the keyword does, `refusal_words` refuse beside those that all know; both as the
    merchant wrote them. `texts` holds the replies other than `reply_text` that the merchant has changed, by their name.
    """

    kind = models.CharField(max_length=40, default="ideasoft_order_confirmation")
    store = models.ForeignKey(Store, on_delete=models.CASCADE, related_name="events")
    priority = models.PositiveSmallIntegerField(_("öncelik sırası"), default=1)
    keyword = models.CharField(_("özel kelime"), max_length=40, blank=True)
    header = models.CharField(_("başlık"), max_length=11)
    reply_text = models.TextField(_("mesaj metni"), max_length=917)
    question_mode = models.CharField(max_length=10, choices=QuestionMode, default=QuestionMode.PORTAL)
    question_text = models.TextField(_("soru metni"), max_length=917, blank=True)
    other_phone = models.CharField(max_length=10, choices=OtherPhone, default=OtherPhone.REVIEW)
    cancels_declined = models.BooleanField(default=False)
    confirming_words = ArrayField(models.CharField(max_length=40), default=list, db_default=[], blank=True)
    refusal_words = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    texts = models.JSONField(default=dict, blank=True)
    is_on = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta(TenantRow.Meta):
        verbose_name, verbose_name_plural = _("olay"), _("olaylar")
        constraints = [
            *TenantRow.Meta.constraints,
            models.UniqueConstraint(fields=["subscriber", "kind", "store"], name="event_one_a_store"),
            SameSubscriber(field="store", name="event_same_subscriber"),
        ]

    def __str__(self) -> str:
        return f"{self.priority}. {self.keyword or 'Onay'}"


class Purpose(models.TextChoices):
    """What an outgoing SMS is for; an order gets one of each, unless a person asks for a further round."""

    QUESTION = "question", _("soru")
    REPLY = "reply", _("yanıt")
    DECLINED = "declined", _("ret yanıtı")
    WHICH = "which", _("hangi sipariş sorusu")
    OTHER_PHONE = "other_phone", _("siparişin telefonundan yazın")
    LATE = "late", _("geç gelen yanıta cevap")
    NEWS = "news", _("sipariş haberi")


class OutgoingState(models.TextChoices):
    """Where an outgoing SMS stands (`pipeline.md`, States)."""

    QUEUED = "queued", _("sırada")
    SENDING = "sending", _("gönderiliyor")
    ACCEPTED = "accepted", _("operatör aldı")
    DELIVERED = "delivered", _("iletildi")
    UNDELIVERED = "undelivered", _("iletilemedi")
    UNREPORTED = "unreported", _("rapor gelmedi")
    REFUSED = "refused", _("operatör kabul etmedi")
    UNKNOWN = "unknown", _("gidip gitmediği bilinmiyor")
    EXPIRED = "expired", _("zamanı geçti, gönderilmedi")


class OutgoingMessage(TenantRow, Work):
    """One SMS to one phone, for one purpose of one thing (`about`: an order or an incoming message).

    (subscriber, about, purpose, round) is unique: nobody gets the same text twice. Rounds after the first name the
    person who asked for them; one sent for another that did not arrive names it in `replaces`. `stale_at`: not sent
    after that. `sent_at`: when the first byte may have left.
    """

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="outgoing")
    purpose = models.CharField(max_length=20, choices=Purpose)
    about = models.UUIDField()
    round = models.PositiveSmallIntegerField(default=1)
    by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    replaces = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="replaced_by", db_index=False
    )
    phone = models.CharField(max_length=16)
    header = models.CharField(max_length=11)
    text = models.TextField()
    encoding = models.CharField(max_length=10, blank=True)
    segments = models.PositiveSmallIntegerField()
    iysfilter = models.CharField(max_length=2, default="0")
    state = models.CharField(max_length=12, choices=OutgoingState, default=OutgoingState.QUEUED)
    job_id = models.CharField(max_length=40, blank=True)
    code = models.CharField(max_length=10, blank=True)
    report_status = models.SmallIntegerField(null=True, blank=True)
    reported_at = models.DateTimeField(null=True, blank=True)
    report_asked_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    stale_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta(TenantRow.Meta):
        verbose_name, verbose_name_plural = _("giden SMS"), _("giden SMS’ler")
        constraints = [
            *TenantRow.Meta.constraints,
            models.UniqueConstraint(fields=["subscriber", "about", "purpose", "round"], name="outgoing_once"),
            models.CheckConstraint(
                condition=models.Q(round=1) | models.Q(by__isnull=False), name="outgoing_round_named"
            ),
            SameSubscriber(field="account", name="outgoing_same_subscriber"),
            SameSubscriber(field="replaces", name="outgoing_replaces_same_subscriber"),
        ]
        indexes = [
            *work_indexes("account", "outgoing"),
            # Few rows have these, and every change of a row writes into every index that holds it.
            models.Index(fields=["by"], condition=models.Q(by__isnull=False), name="outgoing_by_person"),
            models.Index(fields=["replaces"], condition=models.Q(replaces__isnull=False), name="outgoing_replacing"),
            models.Index(fields=["subscriber", "phone", "created_at"], name="outgoing_by_phone"),
            # What reports count: of weeks, whatever lies before them.
            models.Index(fields=["subscriber", "created_at"], name="outgoing_by_time"),
            models.Index(
                fields=["account", "sent_at"],
                condition=models.Q(state__in=["accepted", "unknown", "sending"]),
                name="outgoing_open",
            ),
            # The pace at which the credit is used up: of days, whatever lies before them.
            models.Index(
                fields=["account", "sent_at"], condition=models.Q(sent_at__isnull=False), name="outgoing_by_sending"
            ),
            # What a merchant is shown a count of every few seconds.
            models.Index(
                fields=["subscriber", "created_at"],
                condition=models.Q(state__in=["undelivered", "refused", "unknown", "expired"]),
                name="outgoing_failed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} → {phones.masked(self.phone)}"


class IncomingState(models.TextChoices):
    """Where an incoming SMS stands."""

    RECEIVED = "received", _("geldi")
    HANDLED = "handled", _("işlendi")
    UNMATCHED = "unmatched", _("anlaşılmadı")


class Settled(models.TextChoices):
    """Outcomes of incoming SMS that no event understood: how they were handled all the same."""

    ASSIGNED = "assigned", _("kişi siparişe bağladı")
    DECIDED_BY_HAND = "decided_by_hand", _("kişi siparişe karar verdi")
    DECIDED_SINCE = "decided_since", _("siparişi bu arada sonuçlandı")
    PUT_ASIDE = "put_aside", _("kişi okudu")
    SETUP_TEST = "setup_test", _("kurulum denemesinin yanıtı")


READ_BY_A_PERSON = (Settled.ASSIGNED, Settled.DECIDED_BY_HAND, Settled.PUT_ASIDE)
NOT_UNDERSTOOD = (*READ_BY_A_PERSON, Settled.DECIDED_SINCE)


class IncomingMessage(TenantRow, Work):
    """One SMS that reached the subscriber's line; a copy by another way is the same row.

    `raw` is what came, for support. `outcome` and `trace` say which event took it and why it meant what it did.
    """

    # Its index is that of (account, bucket).
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="incoming", db_index=False)
    line = models.CharField(max_length=20, blank=True)
    sender = models.CharField(max_length=16, blank=True)
    sender_raw = models.CharField(max_length=60, blank=True)
    text = models.TextField(blank=True)
    sent_at = models.DateTimeField()
    received_at = models.DateTimeField(default=timezone.now)
    came_by = models.CharField(max_length=10)
    external_id = models.CharField(max_length=100, blank=True)
    bucket = models.CharField(max_length=64)
    exact = models.CharField(max_length=64)
    raw = models.JSONField(default=dict)
    state = models.CharField(max_length=12, choices=IncomingState, default=IncomingState.RECEIVED)
    event = models.ForeignKey(InteractiveEvent, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    outcome = models.CharField(max_length=30, blank=True)
    reason = models.CharField(max_length=60, blank=True)
    trace = models.JSONField(default=list)
    handled_at = models.DateTimeField(null=True, blank=True)

    class Meta(TenantRow.Meta):
        verbose_name, verbose_name_plural = _("gelen SMS"), _("gelen SMS’ler")
        constraints = [
            *TenantRow.Meta.constraints,
            models.UniqueConstraint(fields=["subscriber", "exact"], name="incoming_once"),
            SameSubscriber(field="account", name="incoming_same_subscriber"),
            SameSubscriber(field="event", name="incoming_event_same_subscriber"),
        ]
        indexes = [
            *work_indexes("account", "incoming"),
            models.Index(fields=["account", "bucket"], name="incoming_by_bucket"),
            models.Index(fields=["subscriber", "sender", "sent_at"], name="incoming_by_sender"),
            models.Index(fields=["subscriber", "received_at"], name="incoming_by_time"),
            models.Index(
                fields=["subscriber", "received_at"], condition=models.Q(state="unmatched"), name="incoming_unmatched"
            ),
        ]

    def __str__(self) -> str:
        return f"{phones.masked(self.sender or self.sender_raw)}: {self.text[:30]}"


class UnreadablePush(TenantRow):
    """What should have been a message and could not be read, kept as it came.

    A body that reached the subscriber's hook (answered with 400), or a row of the inbox that a poll found.
    """

    received_at = models.DateTimeField(default=timezone.now)
    content_type = models.CharField(max_length=100, blank=True)
    body = models.BinaryField()
    reason = models.CharField(max_length=200)

    class Meta(TenantRow.Meta):
        verbose_name, verbose_name_plural = _("okunamayan bildirim"), _("okunamayan bildirimler")

    def __str__(self) -> str:
        return f"{self.content_type or '?'} · {timezone.localtime(self.received_at):%d.%m.%Y %H:%M}"
