"""The views, and their addresses."""

from __future__ import annotations

import json

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path

from bench.bare.models import Message, Receiver


def keep(request: HttpRequest, token: str) -> HttpResponse:
    """Keeps what was posted; committed when this answers."""
    document = json.loads(request.body)
    with transaction.atomic():
        receiver = Receiver.objects.get(token=token)
        Message.objects.create(receiver=receiver, text=document["content"], raw=document)
    return JsonResponse({"status": "ok"})


def look(request: HttpRequest, token: str) -> HttpResponse:
    """Looks up whose token it is. What was posted is read: the server ends a line whose body nobody wanted."""
    json.loads(request.body)
    receiver = Receiver.objects.get(token=token)
    return JsonResponse({"status": "ok", "receiver": str(receiver.id)})


def ready(_request: HttpRequest) -> HttpResponse:
    """Says that it serves."""
    return HttpResponse("ok")


urlpatterns = [path("keep/<str:token>", keep), path("look/<str:token>", look), path("health/ready", ready)]
