"""One news: its header, its text with a phone beside it that shows what buyers read, and to which orders it goes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from integrations.ideasoft.models import Store
from integrations.netgsm import length
from integrations.netgsm.models import Account
from messaging import texts as placeholders
from messaging.texts import MissingValue, Purpose
from orders import news_settings, payment_types
from orders.models import NewsRule, NewsSettings, When
from orders.news import rules, texts
from orders.payment_types import PaymentType
from portal.dashboard import event_form, frame, news, news_preview, news_words
from portal.dashboard.amounts import AmountField
from subscribers import access
from subscribers.models import Membership, Role

LONGEST = 917
_TEXTS = ("text", "text_without_code")


class NewsForm(forms.Form):
    """A `NewsRule` as its merchant types it; `values` are those of the made-up order that it is measured with."""

    header = forms.ChoiceField(label=lazy("Başlık"), help_text=lazy("Alıcının telefonunda görünen gönderici adı."))
    text = forms.CharField(label=lazy("SMS metni"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 4}))
    text_without_code = forms.CharField(
        label=lazy("Takip numarası yokken metin"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=lazy("Takip numarası zamanında gelmezse bu gider."),
    )
    only_cod = forms.BooleanField(label=lazy("Yalnız kapıda ödemeli siparişlere"), required=False)
    min_amount = AmountField(label=lazy("En az tutar (isteğe bağlı)"))
    payment_types = forms.MultipleChoiceField(
        label=lazy("Yalnız bu ödeme türlerine"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self, data: Any, *, rule: NewsRule, headers: Sequence[str], kinds: Sequence[PaymentType], values: Any
    ) -> None:
        fields = ("header", *_TEXTS, "only_cod", "min_amount", "payment_types")
        super().__init__(data, initial={name: getattr(rule, name) for name in fields})
        self._rule, self._kinds, self._values = rule, kinds, values
        names = [kind.name for kind in kinds]
        self._choose("header", [*headers, *([rule.header] if rule.header else [])])
        self._choose("payment_types", [*names, *rule.payment_types])
        self.fields["min_amount"].help_text = _("Siparişin kendi para biriminde. Boşsa her tutara gider.")
        self.fields["text"].help_text = str(news_words.HINTS.get(When(rule.when), ""))
        if rule.when != When.SHIPPED:
            del self.fields["text_without_code"]

    def clean_text(self) -> str:
        """Only what can be sent, also once it is filled, and says what there is to say by then."""
        offered = news_words.placeholders(When(self._rule.when))
        text = event_form.checked(self.cleaned_data["text"], Purpose.NEWS, offered=offered)
        empty = [name for name in map("({})".format, placeholders.placeholders(text)) if name not in offered]
        if empty:
            words = _("%(name)s bu haberde boş kalır, kargo bilgisi yoktur. Kullanabilecekleriniz: %(known)s")
            values = {"name": ", ".join(empty), "known": ", ".join(offered)}
            raise forms.ValidationError(words % values, code="empty")
        return self._fitting(text)

    def clean_text_without_code(self) -> str:
        """Without a code there is none to name."""
        offered = news_words.placeholders(When(self._rule.when), without_code=True)
        text = event_form.checked(self.cleaned_data["text_without_code"], Purpose.NEWS, offered=offered)
        if rules.OF_THE_CODE & set(placeholders.placeholders(text)):
            words = _("Bu metin takip numarası yokken gider; (takipno) ve (takiplinki) burada kullanılamaz.")
            raise forms.ValidationError(words, code="code")
        return self._fitting(text)

    def clean(self) -> dict[str, Any]:
        """Limits that shut each other out would let nothing through."""
        chosen = set(self.cleaned_data.get("payment_types") or ())
        at_the_door = {kind.name for kind in self._kinds if kind.is_cod}
        if self.cleaned_data.get("only_cod") and chosen and not chosen & at_the_door:
            words = _("Seçtikleriniz kapıda ödeme değil, böyle haber kimseye gitmez. Bir kapıda ödeme türü de seçin.")
            self.add_error("payment_types", words)
        return self.cleaned_data

    def wanted(self, *, is_on: bool) -> NewsRule:
        """The rule as it was typed; only of a form that is valid."""
        return NewsRule(subscriber=self._rule.subscriber, when=self._rule.when, is_on=is_on, **self.cleaned_data)

    def typed(self) -> NewsRule:
        """Header and texts as they stand in the form, right or wrong; never saved."""
        values = {name: str(self[name].value() or "") for name in ("header", *_TEXTS) if name in self.fields}
        plain = {name: value.replace("\r\n", "\n")[: LONGEST * 2] for name, value in values.items()}
        return NewsRule(subscriber=self._rule.subscriber, when=self._rule.when, **plain)

    def problems(self) -> dict[str, str]:
        """The first problem of each field that has one."""
        return {name: str(found[0]) for name, found in self.errors.items() if found} if self.is_bound else {}

    def _choose(self, name: str, choices: Sequence[str]) -> None:
        self.fields[name].choices = [(each, each) for each in dict.fromkeys(choices)]  # type: ignore[attr-defined]

    def _fitting(self, text: str) -> str:
        try:
            measure = length.measure(placeholders.fill(text, self._values))
        except MissingValue:
            return text
        if measure.units > measure.longest:
            raise event_form.too_long(measure.units, measure.longest)
        return text


@frame.owners_answer
def one(request: HttpRequest, membership: Membership, name: str) -> HttpResponse:
    """The form, which owners send; with `preview` or `ready` in what is sent, nothing is saved."""
    when, subscriber = news_words.of_slug(name), membership.subscriber
    is_owner = membership.role == Role.OWNER
    account = access.of(Account, subscriber).select_related("subscriber").first()
    headers = [str(each) for each in account.headers] if account else []
    kept = news_settings.rules(subscriber).get(when)
    rule = kept or news.ready_rule(subscriber, when)
    if is_owner and not (headers or rule.header):
        messages.info(request, _("Başlıklar operatörden okunur: önce SMS hesabını girin."))
        return redirect("account")
    settings = news_settings.of(subscriber)
    values = _values(settings, when)
    is_phone = "preview" in request.POST and getattr(request, "htmx", False)
    kinds = [] if is_phone else payment_types.known(subscriber)  # read from many orders, and the phone shows none
    form = NewsForm(_sent(request, when), rule=rule, headers=headers, kinds=kinds, values=values)
    is_looked_at = "preview" in request.POST or "ready" in request.POST
    if form.is_valid() and not is_looked_at:
        return _keep(request, form, rule, membership)
    context = {
        "membership": membership,
        "when": when,
        "slug": name,
        "rule": rule,
        "is_new": kept is None,
        "is_owner": is_owner,
        "form": form,
        "limits": news_words.limits(rule),
        "goes": news_words.GOES[when],
        "stands_for_it": news_words.STANDS_FOR_IT.get(when, ""),
        "inserts": {
            "text": news_words.placeholders(when).items(),
            "text_without_code": news_words.placeholders(when, without_code=True).items(),
        },
        "phone": news_preview.phone(form.typed() if is_owner else rule, account, values, form.problems(), settings),
    }
    if is_phone:
        return render(request, "dashboard/news/_preview.html", context)
    status = 422 if form.is_bound and form.errors and not is_looked_at else 200
    return render(request, "dashboard/news/one.html", context, status=status)


def _sent(request: HttpRequest, when: When) -> Any:
    """What was typed; with `ready`, our own texts in place of the typed ones."""
    if "ready" not in request.POST:
        return request.POST or None
    typed = request.POST.copy()
    typed["text"], typed["text_without_code"] = texts.READY[when], texts.WITHOUT_CODE
    return typed


def _keep(request: HttpRequest, form: NewsForm, rule: NewsRule, membership: Membership) -> HttpResponse:
    turns_on = "on" in request.POST
    is_on = rule.is_on or turns_on
    typed = [*form.cleaned_data, *(["is_on"] if turns_on else [])]
    news_settings.keep_rule(wanted=form.wanted(is_on=is_on), by=membership.user, only=typed)
    if is_on:
        messages.success(request, _("Kaydedildi. Sıradaki haber böyle gider."))
    else:
        messages.success(request, _("Kaydedildi; haber kapalı. Listeden açabilirsiniz."))
    return news.back(news_words.SLUGS[When(rule.when)])


def _values(settings: NewsSettings, when: When) -> Mapping[str, str]:
    subscriber = settings.subscriber
    store = access.of(Store, subscriber).order_by("created_at").first()
    own = news_settings.carriers(settings)
    return news_preview.sample(when, store=store.name_for_buyers if store else subscriber.name, own=own)
