"""A request reaches its person's current subscriber and nothing else, though its view forgot to ask (R1)."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.test import Client
from django.urls import path

from integrations.ideasoft.models import Store
from portal.reaching import states_its_own
from subscribers import reach
from subscribers.models import Membership, Role, Subscriber, User
from tests import factories
from tests.factories import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("R1"), pytest.mark.urls(__name__)]


def _forgetful(_request: HttpRequest) -> HttpResponse:
    return JsonResponse({"stores": sorted(Store.objects.values_list("url", flat=True))})


@states_its_own
def _stating(request: HttpRequest) -> HttpResponse:
    return _forgetful(request)


def _streaming(_request: HttpRequest) -> StreamingHttpResponse:
    def lines() -> Iterator[str]:
        yield json.dumps({"stores": list(Store.objects.values_list("url", flat=True))})

    return StreamingHttpResponse(lines())


def _breaking(_request: HttpRequest) -> HttpResponse:
    raise ZeroDivisionError(Store.objects.count())


urlpatterns = [
    path("forgetful", _forgetful),
    path("own", _stating),
    path("streaming", _streaming),
    path("breaking", _breaking),
]


@pytest.fixture
def cast() -> Cast:
    cast = factories.cast()
    for subscriber, name in ((cast.shop, "bizim"), (cast.other_shop, "onlarin")):
        factories.StoreFactory(subscriber=subscriber, url=f"https://{name}.myideasoft.com")
    return cast


def _client(user: User | None) -> Client:
    client = Client()
    if user is not None:
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def _stores(client: Client, address: str = "/forgetful") -> list[str]:
    found: list[str] = client.get(address).json()["stores"]
    return found


def test_shows_a_member_the_rows_of_the_own_subscriber(cast: Cast) -> None:
    assert _stores(_client(cast.owner)) == ["https://bizim.myideasoft.com"]


def test_shows_nobody_anything_before_the_sign_in(cast: Cast) -> None:
    assert _stores(_client(None)) == []


def test_shows_a_person_without_a_subscriber_nothing(cast: Cast) -> None:
    assert _stores(_client(factories.UserFactory())) == []


def test_shows_support_staff_nothing_outside_the_admin(cast: Cast) -> None:
    assert _stores(_client(factories.UserFactory(is_staff=True))) == []


def test_follows_the_chosen_subscriber(cast: Cast) -> None:
    Membership.objects.create(subscriber=cast.other_shop, user=cast.owner, role=Role.MEMBER)
    client = _client(cast.owner)
    session = client.session
    session["subscriber"] = str(cast.other_shop.pk)
    session.save()

    assert _stores(client) == ["https://onlarin.myideasoft.com"]


def test_leaves_a_view_that_states_its_own_without_any(cast: Cast) -> None:
    assert _stores(_client(cast.owner), "/own") == []


@pytest.mark.case(13)
def test_streams_nothing_after_its_end(cast: Cast) -> None:
    answer = _client(cast.owner).get("/streaming")
    with reach.nothing():
        assert json.loads(b"".join(answer.streaming_content)) == {"stores": []}  # type: ignore[arg-type]


@pytest.mark.case(13)
def test_ends_with_a_request_that_broke(cast: Cast) -> None:
    with reach.nothing():
        with pytest.raises(ZeroDivisionError):
            _client(cast.owner).get("/breaking")
        assert reach.current() == reach.NOWHERE
        assert Subscriber.objects.count() == 0
