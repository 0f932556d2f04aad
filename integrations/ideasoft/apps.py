from django.apps import AppConfig


class IdeasoftConfig(AppConfig):
    name = "integrations.ideasoft"
    label = "ideasoft"
