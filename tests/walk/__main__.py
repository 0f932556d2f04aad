"""`python -m tests.walk [--mode portal|store]`: what setting up asks of a merchant's hand; ends with `actions: N`."""

import os
import sys

import django

if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright's event loop lives in this thread
    django.setup()
    from tests.walk import program

    sys.exit(program.main())
