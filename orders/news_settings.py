"""How the merchant wants order news: a rule a kind, and what holds for all; each change stands in the audit."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from orders.models import NewsRule, NewsSettings, When
from subscribers import access, audit
from subscribers.models import Subscriber, User

RULE_FIELDS = ("is_on", "header", "text", "text_without_code", "only_cod", "min_amount", "payment_types")
FIELDS = ("quiet_from", "quiet_until", "waits_hours", "carriers")


def of(subscriber: Subscriber) -> NewsSettings:
    """The settings in force; a row that is not kept yet where the merchant has changed nothing."""
    return access.of(NewsSettings, subscriber).first() or NewsSettings(subscriber=subscriber)


def carriers(kept: NewsSettings) -> dict[str, str]:
    """The merchant's own tracking addresses by the carrier's name; none where the row holds something else."""
    return (
        {str(name): str(address) for name, address in kept.carriers.items()} if isinstance(kept.carriers, dict) else {}
    )


def rules(subscriber: Subscriber) -> dict[When, NewsRule]:
    """The rules that the merchant made, on or off, by their news."""
    return {When(rule.when): rule for rule in access.of(NewsRule, subscriber)}


@transaction.atomic
def keep(*, wanted: NewsSettings, by: User | None) -> bool:
    """These settings hold from now on, and whether anything changed."""
    before = access.of(NewsSettings, wanted.subscriber).select_for_update(of=("self",)).first() or NewsSettings()
    changed = [name for name in FIELDS if getattr(before, name) != getattr(wanted, name)]
    if not changed:
        return False
    values = {name: getattr(wanted, name) for name in FIELDS}
    row, _ = NewsSettings.objects.update_or_create(subscriber=wanted.subscriber, defaults=values)
    audit.record(about=row, action="news_settings_changed", by=by, changed=changed)
    return True


@transaction.atomic
def keep_rule(*, wanted: NewsRule, by: User | None) -> bool:
    """This news goes out so from now on, and whether anything changed."""
    mine = access.of(NewsRule, wanted.subscriber).filter(when=wanted.when).select_for_update(of=("self",))
    before = mine.first()
    changed = [name for name in RULE_FIELDS if before is None or getattr(before, name) != getattr(wanted, name)]
    if not changed:
        return False
    values = {name: getattr(wanted, name) for name in RULE_FIELDS}
    row, _ = NewsRule.objects.update_or_create(subscriber=wanted.subscriber, when=wanted.when, defaults=values)
    audit.record(about=row, action="news_rule_changed", by=by, when=wanted.when, changed=changed)
    return True


@transaction.atomic
def keep_only(subscriber: Subscriber, wanted: Iterable[NewsRule], *, by: User | None) -> None:
    """These rules are all there are: what is not among them is turned off, its text kept."""
    given = {When(rule.when): rule for rule in wanted}
    for rule in given.values():
        keep_rule(wanted=rule, by=by)
    for when, rule in rules(subscriber).items():
        if when not in given and rule.is_on:
            rule.is_on = False
            keep_rule(wanted=rule, by=by)
