"""Orders: the list, and one order with its timeline."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


@login_required
def index(request: HttpRequest) -> HttpResponse:
    return render(request, "dashboard/orders/index.html")


@login_required
def detail(request: HttpRequest, code: str) -> HttpResponse:
    return render(request, "dashboard/orders/detail.html")
