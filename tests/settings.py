"""The portal's settings over servers of this run; what is slow on purpose is quick here.

pytest-django imports it before any other module of the tests, hence the servers start here.
"""

import os

from tests import servers

servers.provide()
os.environ.setdefault("SECRET_KEY", "a key for tests, long enough for every check of its length and its letters")
os.environ.setdefault("FIELD_ENCRYPTION_KEYS", "dGVzdHMgYWxvbmUgdXNlIHRoaXMgMzItYnl0ZSBrZXk=")
os.environ.setdefault("LOG_FORMAT", "console")

from portal.settings import *  # noqa: E402, F403
from portal.settings import DATABASES  # noqa: E402

# A pool's threads would outlive a test's database; processes started by tests have theirs.
DATABASES["default"]["OPTIONS"].pop("pool", None)
# The owner makes, flushes and drops the database; in between, tests step down as the portal does (tests/conftest.py).
DATABASES["default"]["OPTIONS"].pop("assume_role", None)
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
NEWS_SETTLE_SECONDS = 1
UNDO_SECONDS = 0  # what a person asks for takes effect at once; the tests of the delay set their own
WHITENOISE_AUTOREFRESH = True  # nothing is collected for tests
