from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "portal"

    def ready(self) -> None:
        from portal import (
            celery,  # noqa: F401 - tasks sent by any process go to this application's broker
            post,  # noqa: F401 - it registers its queue
        )
