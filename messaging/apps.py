from django.apps import AppConfig


class MessagingConfig(AppConfig):
    name = "messaging"
    verbose_name = "SMS"

    def ready(self) -> None:
        from integrations.netgsm import errands
        from messaging import credit_watch, inbox, outbox, reports  # noqa: F401 - they register their queues

        errands.judge_credit_by(credit_watch.judge)
