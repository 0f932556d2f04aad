"""`python -m tests.faults [--seed N] [--only WORD]`: the long runs, their table, and `violations: N` at the end."""

import os
import sys

import django

if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    django.setup()
    from tests.faults import program

    sys.exit(program.main())
