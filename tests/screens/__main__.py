"""`python -m tests.screens shoot|pages|handbook [--only WORD]`: pictures of every screen, what axe and the scales say,
or the handbook's own pictures."""

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
