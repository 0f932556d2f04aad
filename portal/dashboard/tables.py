"""The tables that a merchant can take along: orders, messages, a report. Rows are read as they are written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext_lazy

from integrations import phones
from messaging.queries import Messages, Sms
from orders.confirmation import State
from orders.queries import OrderLine, Orders, Tab, of_messages
from orders.reports import Part, Report
from portal.dashboard import messages, reasons, sentences
from portal.dashboard.looks import (
    INCOMING,
    OUTGOING,
    STRANGE,
    order_look,
    otherwise_in_store,
    store_status,
    why_not_asked,
)
from portal.dashboard.overview import TILES
from portal.dashboard.periods import Period
from portal.dashboard.reports import CLOSED, PART_WORDS, part_name
from portal.exports.cells import Column, Form, Table, Value
from portal.templatetags.figures import sign
from subscribers.models import Subscriber
from subscribers.spans import Grain

AT_ONCE = 1000  # rows in memory

ORDERS = (
    Column(word=lazy("Sipariş no")),
    Column(word=lazy("Mağaza"), width=22),
    Column(word=lazy("Geldi"), form=Form.MOMENT),
    Column(word=lazy("Alıcı"), width=26),
    Column(word=lazy("Telefon")),
    Column(word=lazy("Şehir")),
    Column(word=lazy("Tutar"), form=Form.MONEY, width=12),
    Column(word=lazy("Para birimi"), width=11),
    Column(word=lazy("Ödeme"), width=22),
    Column(word=lazy("Durum"), width=22),
    Column(word=lazy("Durum ne zamandan beri"), form=Form.MOMENT, width=22),
    Column(word=lazy("Kim karar verdi"), width=22),
    Column(word=lazy("Neden sorulmadı"), width=34),
    Column(word=lazy("Mağazadaki durum"), width=18),
    Column(word=lazy("Mağazada karara aykırı"), width=18),
    Column(word=lazy("Son adım"), width=34),
    Column(word=lazy("Son adımın zamanı"), form=Form.MOMENT, width=18),
)
MESSAGES = (
    Column(word=lazy("Zaman"), form=Form.MOMENT),
    Column(word=lazy("Yön"), width=8),
    Column(word=lazy("Telefon")),
    Column(word=lazy("Metin"), width=60),
    Column(word=lazy("Durum"), width=22),
    Column(word=lazy("Neden"), width=40),
    Column(word=lazy("Amaç"), width=18),
    Column(word=lazy("Başlık"), width=13),
    Column(word=lazy("SMS boyu"), form=Form.COUNT, width=8),
    Column(word=lazy("Sipariş no")),
    Column(word=lazy("Gönderildi"), form=Form.MOMENT),
    Column(word=lazy("Sonuçlandı"), form=Form.MOMENT),
)
REPORT = (
    Column(word=lazy("Kapıda ödemeli"), form=Form.COUNT),
    Column(word=lazy("Sorulan"), form=Form.COUNT),
    *(Column(word=TILES[tab].word, form=Form.COUNT) for tab in (Tab.CONFIRMED, Tab.WAITING, Tab.DECLINED, Tab.SILENT)),
    Column(word=lazy("Süresi dolan"), form=Form.COUNT),
    Column(word=CLOSED, form=Form.COUNT, width=18),
    Column(word=lazy("Onay oranı (yüzde)"), form=Form.RATE, width=18),
    Column(word=lazy("Yola çıkmayan koli"), form=Form.COUNT, width=18),
    Column(word=lazy("Giden SMS"), form=Form.COUNT),
    Column(word=lazy("Sipariş haberi"), form=Form.COUNT),
    Column(word=lazy("SMS boyu"), form=Form.COUNT),
    Column(word=lazy("İletilemeyen"), form=Form.COUNT),
    Column(word=lazy("Anlaşılmayan yanıt"), form=Form.COUNT, width=18),
    Column(word=lazy("Elle çözülen"), form=Form.COUNT, width=20),
)
DECIDERS = {
    "sms": lazy("Alıcının SMS’i"),
    "call": lazy("Alıcının araması"),
    "store": pgettext_lazy("who decided", "Mağaza"),
    "": "",
}
CAME, WENT = lazy("Gelen"), lazy("Giden")


def orders(found: Orders) -> Table:
    """The orders of a list, in its order."""
    rows = (_order(line) for part in found.chunks(AT_ONCE) for line in part)
    return Table(title=_("Siparişler"), columns=ORDERS, rows=rows)


def of_messages_found(subscriber: Subscriber, found: Messages) -> Table:
    """The messages of a box, the newest first."""
    return Table(title=_("Mesajlar"), columns=MESSAGES, rows=_messages(subscriber, found))


def report(found: Report, period: Period, *, of_one_store: bool) -> Table:
    """A report's parts, the oldest first; of one store alone nobody knows how many answers were not understood."""
    when = Column(
        word=PART_WORDS[period.grain],
        form=Form.MOMENT if period.grain == Grain.HOUR else Form.DAY,
    )
    name = Column(word=lazy("Dönem"), width=24)
    columns = (when, name, *(REPORT[:-2] if of_one_store else REPORT))
    rows = (_part(part, period)[: len(columns)] for part in found.parts)
    return Table(title=_("Rapor"), columns=columns, rows=rows)


def _order(line: OrderLine) -> Sequence[Value]:
    state = TILES[Tab.SILENT].word if line.is_silent else order_look(line).word
    last = line.last_step
    return (
        line.reference,
        line.store,
        line.created_at,
        line.buyer_name,
        phones.display(line.phone),
        line.city,
        line.amount,
        sign(line.currency) if line.amount is not None else "",
        line.payment_type_name,
        str(state),
        line.state_at,
        _decider(line),
        str(why_not_asked(line)),
        str(store_status(line.store_status)),
        str(otherwise_in_store(line)),
        str(sentences.headline(last)) if last else "",
        last.at if last else None,
    )


def _decider(line: OrderLine) -> str:
    """Whose word the order's state is: a person's, the buyer's by SMS or call, the store's; empty if nobody decided."""
    if line.state == State.CLOSED:
        return str(DECIDERS["store"])
    if line.state not in (State.CONFIRMED, State.APPROVED, State.DECLINED):
        return ""
    return line.decided_by or str(DECIDERS[line.answered_by])


def _messages(subscriber: Subscriber, found: Messages) -> Iterator[Sequence[Value]]:
    for part in found.chunks(AT_ONCE):
        orders = of_messages(subscriber, [sms.id for sms in part])
        for sms in part:
            yield _message(sms, ", ".join(orders.get(sms.id, {}).values()))


def _message(sms: Sms, reference: str) -> Sequence[Value]:
    looks = INCOMING if sms.is_incoming else OUTGOING
    cause, _remedy = messages.why(sms)
    return (
        sms.at,
        str(CAME if sms.is_incoming else WENT),
        phones.display(sms.phone),
        sms.text,
        str(looks.get(sms.state, STRANGE).word),
        str(cause),
        str(reasons.PURPOSES.get(sms.purpose, "")),
        sms.header,
        None if sms.is_incoming else sms.segments,
        reference,
        sms.sent_at,
        sms.settled_at,
    )


def _part(part: Part, period: Period) -> Sequence[Value]:
    tally, traffic = part.tally, part.traffic
    return (
        part.tally.at if period.grain == Grain.HOUR else max(tally.on, period.first),
        part_name(part, period),
        tally.came,
        tally.asked,
        *(tally.standing[tab] for tab in (Tab.CONFIRMED, Tab.WAITING, Tab.DECLINED, Tab.SILENT)),
        tally.expired,
        tally.closed,
        None if part.share is None else part.share * 100,
        tally.spared,
        traffic.sent,
        traffic.news,
        traffic.segments,
        traffic.failed,
        traffic.unmatched,
        traffic.read,
    )
