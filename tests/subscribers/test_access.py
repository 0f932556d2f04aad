"""The only giver of tenant objects gives nobody another's (R1)."""

from __future__ import annotations

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.http import Http404, HttpRequest
from django.test import RequestFactory

from integrations.ideasoft.models import Store
from subscribers import access
from subscribers.models import Membership, Role, Subscriber, User
from tests.subscribers import rows

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("R1")]


@pytest.fixture
def ours() -> Subscriber:
    return rows.subscriber("Bizim")


@pytest.fixture
def theirs() -> Subscriber:
    return rows.subscriber("Onların")


def _request(user: User, **session: str) -> HttpRequest:
    request = RequestFactory().get("/")
    request.user = user
    request.session = SessionStore()
    request.session.update(session)
    return request


def _member(subscriber: Subscriber, user: User | None = None) -> Membership:
    user = user or User.objects.create_user(f"{subscriber.name}@example.com")
    return Membership.objects.create(subscriber=subscriber, user=user, role=Role.MEMBER)


@pytest.mark.parametrize("model", rows.MODELS, ids=lambda model: model.__name__)
def test_gives_the_own_row(model: type[Store], ours: Subscriber) -> None:
    row = rows.row(model, ours)

    assert access.one(model, ours, pk=row.pk) == row


@pytest.mark.parametrize("model", rows.MODELS, ids=lambda model: model.__name__)
def test_answers_404_for_the_row_of_another(model: type[Store], ours: Subscriber, theirs: Subscriber) -> None:
    foreign = rows.row(model, theirs)

    with pytest.raises(Http404):
        access.one(model, ours, pk=foreign.pk)


def test_lists_own_rows_alone(ours: Subscriber, theirs: Subscriber) -> None:
    mine, _ = rows.row(Store, ours), rows.row(Store, theirs)

    assert list(access.of(Store, ours)) == [mine]


@pytest.mark.parametrize("lookup", [{"pk": "no key"}, {"code": "a\x00b"}, {"code": "a\ud800b"}], ids=str)
def test_answers_404_for_what_no_row_can_be_called(lookup: dict[str, str], ours: Subscriber) -> None:
    with pytest.raises(Http404):
        access.one(Store, ours, **lookup)


def test_answers_404_to_a_person_without_a_subscriber() -> None:
    with pytest.raises(Http404):
        access.current_membership(_request(User.objects.create_user("yalniz@example.com")))


def test_acts_for_the_subscriber_chosen_last(ours: Subscriber, theirs: Subscriber) -> None:
    first = _member(ours)
    second = _member(theirs, first.user)

    assert access.current_membership(_request(first.user, subscriber=str(theirs.pk))) == second


def test_ignores_a_chosen_subscriber_that_is_not_the_persons(ours: Subscriber, theirs: Subscriber) -> None:
    member = _member(ours)
    _member(theirs)

    assert access.current_membership(_request(member.user, subscriber=str(theirs.pk))) == member
