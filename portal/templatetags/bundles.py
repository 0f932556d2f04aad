"""`{% bundled "css/x.css" %}` around links of style sheets: one link where they were collected into that file."""

from __future__ import annotations

from django import template
from django.contrib.staticfiles.storage import staticfiles_storage
from django.template.base import NodeList, Parser, Token
from django.template.context import Context
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


class Bundled(template.Node):
    """The links themselves, or the one that stands for them."""

    def __init__(self, name: str, links: NodeList) -> None:
        self.name, self.links = name, links

    def render(self, context: Context) -> SafeString:
        if self.name in getattr(staticfiles_storage, "hashed_files", {}):
            return format_html('<link rel="stylesheet" href="{}">', static(self.name))
        return self.links.render(context)


@register.tag
def bundled(parser: Parser, token: Token) -> Bundled:
    """Takes the name of the collected file; `portal/bundles.py` reads the same block."""
    _tag, name = token.split_contents()
    links = parser.parse(("endbundled",))
    parser.delete_first_token()
    return Bundled(name.strip('"'), links)
