"""The site's own rows: mails about what needs a merchant, what changed in a team and who is invited, as work; and the
API's kept answers."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from subscribers.constraints import SameSubscriber
from subscribers.models import Notice, TenantRow, User
from subscribers.secrets import SealedField
from work.models import Lane, Work, work_indexes

QUEUE, TEAM_QUEUE = "mail.alerts", "mail.team"


class Alert(models.TextChoices):
    """What a person may be told by mail."""

    STORE = "store", _("Mağaza bağlantısı kesildi")
    ACCOUNT = "account", _("SMS hesabı kabul edilmedi")
    CREDIT = "credit", _("SMS kredisi azaldı")
    ANSWERS = "answers", _("Bir yanıtı bir gündür kimse ele almadı")


class LetterState(models.TextChoices):
    """Where a mail stands."""

    DUE = "due", _("sırada")
    SENT = "sent", _("gönderildi")
    NEEDLESS = "needless", _("gerek kalmadı")
    FAILED = "failed", _("gönderilemedi")


TEAM = "team"  # the `alert` of a change in the team, which nobody turns off

TELLING = (LetterState.DUE, LetterState.SENT)  # any other told nobody, so the same may be told once more
_TELLS = models.Q(state__in=["due", "sent"])


class Post(TenantRow, Lane):
    """A subscriber's outgoing mails as a lane of work: one row each."""

    class Meta(TenantRow.Meta):
        verbose_name, verbose_name_plural = _("e-posta kuyruğu"), _("e-posta kuyrukları")
        constraints = [
            *TenantRow.Meta.constraints,
            models.UniqueConstraint(fields=["subscriber"], name="post_one_a_subscriber"),
        ]


class Letter(TenantRow, Work):
    """One mail to one person about one notice: an episode is told once. `about_id`: the store, account or subscriber
    that is in trouble, whose next episode waits until the last mail about it is old enough. One about answers has no
    notice; it tells of all that were received up to `covers_until`. One about the team (`TEAM`) says in `team` what
    changed, about whom and by whom (their keys); or, of an invitation that `user` made, its key and the language, and
    then the mail's link is sealed in `token` until it has left.
    """

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    notice = models.ForeignKey(Notice, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    covers_until = models.DateTimeField(null=True, blank=True)
    alert = models.CharField(max_length=20, choices=Alert)
    about_id = models.UUIDField()
    team = models.JSONField(null=True, blank=True)
    token = SealedField(db_default="")
    state = models.CharField(max_length=10, choices=LetterState, default=LetterState.DUE)
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta(TenantRow.Meta):
        verbose_name, verbose_name_plural = _("bildirim e-postası"), _("bildirim e-postaları")
        constraints = [
            *TenantRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["subscriber", "notice", "user"], condition=_TELLS, name="letter_once_an_episode"
            ),
            models.UniqueConstraint(
                fields=["subscriber", "user", "covers_until"], condition=_TELLS, name="letter_once_a_pile"
            ),
            SameSubscriber(field="post", name="letter_post_same_subscriber"),
            SameSubscriber(field="notice", name="letter_notice_same_subscriber"),
        ]
        indexes = [
            *work_indexes("post", "letter"),
            models.Index(fields=["subscriber", "sent_at"], name="letter_by_time"),
        ]


class KeptAnswer(TenantRow):
    """What a writing call of the API was answered, so that the same call again is answered the same and does nothing.

    `key` is the caller's own Idempotency-Key, `fingerprint` the SHA-256 of what came with it.
    """

    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    body = models.TextField()
    content_type = models.CharField(max_length=60)
    at = models.DateTimeField(default=timezone.now)

    class Meta(TenantRow.Meta):
        constraints = [
            *TenantRow.Meta.constraints,
            models.UniqueConstraint(fields=["subscriber", "key"], name="kept_answer_once"),
        ]
        indexes = [models.Index(fields=["at"], name="kept_answer_by_time")]
