from django.apps import AppConfig


class NetgsmConfig(AppConfig):
    name = "integrations.netgsm"
    verbose_name = "Netgsm"
    label = "netgsm"

    def ready(self) -> None:
        from integrations.netgsm import errands  # noqa: F401 - registers its queue
