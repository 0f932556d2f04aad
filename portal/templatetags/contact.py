"""The support's address in pages and mails."""

from __future__ import annotations

from django import template

from portal import contact

register = template.Library()

register.simple_tag(contact.email, name="support_email")
register.simple_tag(contact.ask, name="ask_support")
