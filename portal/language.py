"""Turkish for everybody, until a person chooses English: a shopkeeper's browser often speaks English by itself."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.utils import translation
from django.views.i18n import set_language

from subscribers.models import User


class ChosenLanguage(LocaleMiddleware):
    """The language a person chose (a cookie), else Turkish; what the browser asks for does not count."""

    def process_request(self, request: HttpRequest) -> None:
        """Sets the language of this request."""
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        translation.activate(language)
        request.LANGUAGE_CODE = language


def choose(request: HttpRequest) -> HttpResponseBase:
    """Django's choice of a language for this browser; of somebody who has signed in, for mails too."""
    language = request.POST.get("language", "")
    if request.method == "POST" and isinstance(request.user, User) and language in dict(settings.LANGUAGES):
        User.objects.filter(pk=request.user.pk).exclude(language=language).update(language=language)
    return set_language(request)
