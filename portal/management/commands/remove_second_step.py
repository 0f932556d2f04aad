"""`manage.py remove_second_step ADDRESS`: for somebody who has lost the phone and the recovery codes."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal import second_step
from subscribers.models import User


class Command(BaseCommand):
    help = "Takes the second step off an account; make sure who asks. The person is told by mail."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("address", help="the e-mail address of the account")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Says what was taken off; fails where there is no such account or nothing to take off."""
        user = User.objects.filter(email__iexact=options["address"]).first()
        if user is None or not second_step.is_on(user):
            raise CommandError("There is no account with a second step at that address.")
        mail_to = EmailAddress.objects.get_primary_email(user) or user.email
        try:
            second_step.remove(user, mail_to=mail_to)
        except OSError as problem:
            self.stderr.write(
                f"The mail about it could not be sent ({type(problem).__name__}): tell {mail_to} yourself."
            )
        self.stdout.write("The password alone signs in now. Its second step is gone, passkeys and recovery codes too.")
