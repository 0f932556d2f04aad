from django.apps import AppConfig


class MessagingConfig(AppConfig):
    name = "messaging"
    verbose_name = "SMS"

    def ready(self) -> None:
        from messaging import inbox, outbox, reports  # noqa: F401 - they register their queues
