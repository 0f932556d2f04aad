"""`/metrics`: how much work waits and how long, for a monitoring system.

Read from PostgreSQL at each scrape, so every web process tells the same. No label names a subscriber.
"""

from __future__ import annotations

import hmac
import ipaddress
from collections.abc import Iterator

from django.conf import settings
from django.db.models import Count, Min
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily, Metric

from integrations.ideasoft.models import Store
from integrations.netgsm.models import Account
from messaging.models import IncomingMessage, OutgoingMessage
from portal.reaching import states_its_own
from subscribers import reach
from subscribers.models import Notice
from subscribers.reach import Purpose
from work import queues

FORWARDED = ("X-Forwarded-For", "X-Forwarded-Proto", "X-Real-IP", "Forwarded")


@states_its_own
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """The figures in the text format of Prometheus; 404 for whoever may not see them."""
    if not _may_see(request):
        return HttpResponse(status=404)
    registry = CollectorRegistry()
    registry.register(_Waiting())
    with reach.across(Purpose.METRICS):
        return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _may_see(request: HttpRequest) -> bool:
    """By the bearer token, or from this machine itself where no proxy stands in front."""
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if settings.METRICS_TOKEN and hmac.compare_digest(given.encode(), settings.METRICS_TOKEN.encode()):
        return True
    if settings.TRUSTED_PROXY_COUNT or any(name in request.headers for name in FORWARDED):
        return False
    return _is_loopback(request.META.get("REMOTE_ADDR", ""))


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


class _Waiting:
    """Gauges of what waits, taken at the scrape."""

    def describe(self) -> list[Metric]:
        """Nothing to tell beforehand."""
        return []

    def collect(self) -> Iterator[Metric]:
        """The gauges."""
        yield from _queues()
        yield _by_state("onay_outgoing_messages", "Outgoing SMS by state.", OutgoingMessage)
        yield _by_state("onay_incoming_messages", "Incoming SMS by state.", IncomingMessage)
        refusing = GaugeMetricFamily("onay_refusing", "Accounts and stores that refuse us.", labels=["kind"])
        for kind, model in (("account", Account), ("store", Store)):
            refusing.add_metric([kind], model._base_manager.filter(refused_at__isnull=False).count())
        yield refusing
        open_notices = Notice.objects.filter(ended_at__isnull=True).count()
        yield GaugeMetricFamily("onay_open_notices", "Notices that wait for a merchant.", value=open_notices)


def _queues() -> Iterator[Metric]:
    now = timezone.now()
    due = GaugeMetricFamily("onay_due_rows", "Rows that somebody should work off now.", labels=["queue"])
    oldest = GaugeMetricFamily("onay_oldest_due_seconds", "For how long the longest has been due.", labels=["queue"])
    for queue in queues.every():
        found = queue.wanted().aggregate(rows=Count("pk"), since=Min("due_at"))
        due.add_metric([queue.name], found["rows"])
        oldest.add_metric([queue.name], (now - found["since"]).total_seconds() if found["since"] else 0.0)
    yield due
    yield oldest


def _by_state(name: str, words: str, model: type[OutgoingMessage] | type[IncomingMessage]) -> Metric:
    gauge = GaugeMetricFamily(name, words, labels=["state"])
    for row in model._base_manager.values("state").annotate(rows=Count("pk")).order_by("state"):
        gauge.add_metric([row["state"]], row["rows"])
    return gauge
