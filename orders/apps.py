from django.apps import AppConfig


class OrdersConfig(AppConfig):
    name = "orders"

    def ready(self) -> None:
        from orders import answers, approvals, polls  # noqa: F401 - they register their queues
