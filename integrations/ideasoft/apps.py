from django.apps import AppConfig


class IdeasoftConfig(AppConfig):
    name = "integrations.ideasoft"
    verbose_name = "İdeasoft"
    label = "ideasoft"

    def ready(self) -> None:
        from integrations.ideasoft import errands, farewell  # noqa: F401 - registers its queues
