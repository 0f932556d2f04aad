"""The portal's settings with the linter of migrations, which only `make check` needs."""

from portal.settings import *  # noqa: F403
from portal.settings import INSTALLED_APPS

INSTALLED_APPS += ["django_migration_linter"]
