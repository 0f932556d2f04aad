"""`python -m tests.screens shoot|pages [--only WORD]`: pictures of every screen, or what axe and the scales say."""

import os
import sys

import django

if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    # Playwright's event loop lives in the threads that read the database too.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    django.setup()
    from tests.screens import program

    sys.exit(program.main())
