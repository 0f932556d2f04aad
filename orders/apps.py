from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrdersConfig(AppConfig):
    name = "orders"
    verbose_name = _("Siparişler")

    def ready(self) -> None:
        from orders import (  # noqa: F401 - they register their queues
            acts,
            answers,
            approvals,
            checklist,
            notes,
            past,
            polls,
            setup_changes,
            withholding,
        )
        from orders.news import leaving, sending  # noqa: F401 - they register a look before leaving, and a queue
