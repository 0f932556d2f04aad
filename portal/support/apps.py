from django.contrib.admin.apps import SimpleAdminConfig


class SupportAdmin(SimpleAdminConfig):
    """Django's admin with our one site; nothing of other apps registers itself there."""

    default_site = "portal.support.site.SupportSite"

    def ready(self) -> None:
        super().ready()
        from portal.support import (  # noqa: F401 - they register what staff may see
            accounts,
            api_keys,
            blocking,
            calls,
            messages,
            orders,
            people,
            records,
            stores,
            subscribers,
        )
