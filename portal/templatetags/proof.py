"""What the pages that ask for a second step know of the page behind them."""

from __future__ import annotations

from django import template

from portal import proof

register = template.Library()

register.filter("password_besides", proof.password_besides)
