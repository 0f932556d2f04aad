"""A list is narrowed by the filters it shows and by nothing else: no address tells a secret letter by letter (R10)."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.db.models import Field, Model
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from orders.models import Order
from subscribers.models import Subscriber, User
from subscribers.secrets import SealedField
from tests.factories import Cast
from tests.support import places

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("R10"), pytest.mark.case(26)]
SECRET = re.compile("password|token|secret|hash")
LOOKUPS = ("", "__startswith", "__regex", "__gt", "__isnull", "__length")


def _address(model: type[Model]) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def _secrets(model: type[Model]) -> list[str]:
    fields = [field for field in model._meta.concrete_fields if isinstance(field, Field)]
    return [field.name for field in fields if isinstance(field, SealedField) or SECRET.search(field.name)]


def _keys(model: type[Model]) -> Iterator[str]:
    """Every look-up of the model's own secrets, and one of those that are a relation away."""
    yield from (f"{secret}{lookup}" for secret in _secrets(model) for lookup in LOOKUPS)
    for field in _relations(model):
        yield from (f"{field.name}__{secret}__startswith" for secret in _secrets(field.related_model))


def _relations(model: type[Model]) -> list[Any]:
    return [field for field in model._meta.get_fields() if field.is_relation and isinstance(field.related_model, type)]


def _is_refused(answer: HttpResponse) -> bool:
    return answer.status_code == 400 or (answer.status_code == 302 and answer.headers["Location"].endswith("/?e=1"))


@pytest.mark.parametrize("model", admin.site._registry, ids=lambda model: model.__name__)
def test_narrows_no_list_by_a_secret(client: Client, order: Order, model: type[Model]) -> None:
    answers = {key: client.get(_address(model), {key: "1"}) for key in _keys(model)}

    assert [key for key, answer in answers.items() if not _is_refused(answer)] == []
    assert answers


def test_knows_the_secrets_to_look_for() -> None:
    assert (_secrets(User), _secrets(Subscriber)) == (["password"], ["hook_token", "hook_token_hash"])


@pytest.mark.parametrize("key", ["name__startswith", "raw__icontains", "is_cod__regex", "id__gt", "store__url", "x"])
def test_narrows_no_list_by_what_is_no_filter_of_it(client: Client, order: Order, key: str) -> None:
    assert _is_refused(client.get(_address(Order), {key: "1"}))


def test_follows_every_filter_that_a_list_shows(client: Client, order: Order) -> None:
    followed = [
        f"{address}{html.unescape(query)}"
        for address in places.lists()
        for query in re.findall(r'<a href="(\?[^"]+)"', client.get(address).content.decode())
    ]

    assert {query: status for query in followed if (status := client.get(query).status_code) != 200} == {}
    assert len(followed) > 60


def test_leads_from_a_subscriber_to_the_lists_of_it_alone(client: Client, order: Order, cast: Cast) -> None:
    for shop, is_its in ((cast.shop, True), (cast.other_shop, False)):
        page = client.get(_address(Order), {"subscriber__id__exact": str(shop.pk)})
        assert (page.status_code, places.of(order) in page.content.decode()) == (200, is_its)
