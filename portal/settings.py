"""Django's settings: production-shaped, everything that differs comes from `portal/environment.py`."""

from __future__ import annotations

from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _
from kombu import Queue

from portal import environment

_ENV = environment.read()
ROOT = environment.ROOT
VAR = environment.VAR

DEBUG = _ENV.debug
SECRET_KEY = _ENV.secret_key
FIELD_ENCRYPTION_KEYS = _ENV.encryption_keys
SITE_URL = _ENV.site_url
ALLOWED_HOSTS = _ENV.allowed_hosts
HTTPS = SITE_URL.startswith("https://")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "portal.support.apps.SupportAdmin",
    "allauth",
    "allauth.account",
    "allauth.usersessions",
    "allauth.mfa",
    "csp",
    "django_htmx",
    "subscribers",
    "work",
    "integrations.netgsm",
    "integrations.ideasoft",
    "messaging",
    "orders",
    "portal",
]

MIDDLEWARE = [
    "portal.numbering.Numbering",
    "django.middleware.security.SecurityMiddleware",
    "portal.shortcut.Shortcut",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "portal.language.ChosenLanguage",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "portal.reaching.Reaching",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
            ],
        },
    },
]

_OWNER = _ENV.owner_database or _ENV.database
# The role that the portal runs as: the one of DATABASE_URL where the owner is named apart, else one that `migrate`
# makes and every connection steps down to (subscribers/roles.py).
RUNTIME_ROLE = str(_ENV.database["USER"]) if _ENV.owner_database else f"{_OWNER['USER'] or 'onay'}_runtime"
RUNTIME_PASSWORD = str(_ENV.database["PASSWORD"] or "") if _ENV.owner_database else ""


# Prepared statements (`subscribers/postgresql/prepared.py`) are planned at their first use and not the next five times.
_SESSION = "-c statement_timeout=15000 -c timezone=UTC -c plan_cache_mode=force_generic_plan"
_OWNER_SESSION = "-c statement_timeout=0 -c timezone=UTC"  # an index of a big shop takes longer to build than a screen


def _database(address: dict[str, object], **options: object) -> dict[str, object]:
    given = dict(address.get("OPTIONS") or {})  # type: ignore[call-overload]
    return {
        **address,
        "ENGINE": "subscribers.postgresql",
        "CONN_MAX_AGE": 0,  # the pool holds the connections, so Django itself must not keep any
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {**given, "options": _SESSION, **options},
    }


_POOL = {"min_size": 1, "max_size": 24, "timeout": 10}
DATABASES = {
    "default": _database(_ENV.database, pool=_POOL, **({} if _ENV.owner_database else {"assume_role": RUNTIME_ROLE})),
    "owner": _database(_OWNER, options=_OWNER_SESSION),  # for `migrate` alone
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "subscribers.User"
SILENCED_SYSTEM_CHECKS = ["auth.W004"]  # the address is unique without regard to case, by a constraint of its own
AUTHENTICATION_BACKENDS = ["portal.limits.Gate", "allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "portal.passwords.LongEnough", "OPTIONS": {"min_length": 10}},
    {"NAME": "portal.passwords.NotTheirOwn"},
    {"NAME": "portal.passwords.NotCommon"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_ADAPTER = "portal.accounts.Adapter"
ACCOUNT_FORMS = {"signup": "portal.accounts.NewSubscriber", "login": "portal.accounts.Credentials"}
ACCOUNT_SIGNUP_REDIRECT_URL = "overview"
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True  # typed into the page that waits: no second window on a phone
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_CHANGE_EMAIL = True  # one address a person: the new one takes over once its code is typed
ACCOUNT_REAUTHENTICATION_REQUIRED = True  # a session left open does not change the address
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True  # a changed password or address is told, to the address that was
MFA_ADAPTER = "portal.second_step.Adapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS = {
    "authenticate": "portal.second_step.CodeForm",
    "reauthenticate": "portal.second_step.CodeAgainForm",
    "activate_totp": "portal.second_step.FirstCodeForm",
    "add_webauthn": "portal.second_step.PasskeyForm",
    "edit_webauthn": "portal.second_step.PasskeyNameForm",
}
MFA_PASSKEY_LOGIN_ENABLED = True  # the key and the person's finger or PIN are two steps by themselves
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_ISSUER = "Onay"
MFA_TOTP_TOLERANCE = 1  # a code typed in its last second, a phone's clock half a minute off
ALLAUTH_TRUSTED_PROXY_COUNT = _ENV.trusted_proxy_count

LANGUAGE_CODE = "tr"
LANGUAGES = [("tr", _("Türkçe")), ("en", _("English"))]
LOCALE_PATHS = [ROOT / "locale"]
FORMAT_MODULE_PATH = ["portal.formats"]
TIME_ZONE = "Europe/Istanbul"
USE_TZ = True

HANDBOOK_ROOT = VAR / "handbook"  # what `/yardim/` serves

STATIC_URL = "static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [ROOT / "static"]
STORAGES = {"staticfiles": {"BACKEND": "portal.bundles.Storage"}}

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_SAMESITE = "Lax"  # Strict would lose the session on the return from the store to /allow
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^health/"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _ENV.trusted_proxy_count else None
X_FRAME_OPTIONS = "DENY"
DEFAULT_EXCEPTION_REPORTER_FILTER = "portal.errors.NothingOfTheInside"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    },
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_048_576

EMAIL_TIMEOUT = 10
EMAIL_CONFIG = _ENV.email
vars().update(EMAIL_CONFIG)
SUPPORT_EMAIL = _ENV.support_email
DEFAULT_FROM_EMAIL = f"Onay <onay@{urlsplit(SITE_URL).hostname}>"

_SOCKET_SECONDS = 1
CACHES = {
    "default": {
        "BACKEND": "portal.limits.OpenCache",
        "LOCATION": environment.cache_url(_ENV.redis_url),
        "KEY_PREFIX": "onay",
        "OPTIONS": {"socket_timeout": _SOCKET_SECONDS, "socket_connect_timeout": _SOCKET_SECONDS},
    },
}

# A task is only a hint that there is work, so a broker that hangs may cost a second and nothing more.
CELERY_BROKER_URL = environment.broker_url(_ENV.redis_url)
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_timeout": _SOCKET_SECONDS,
    "socket_connect_timeout": _SOCKET_SECONDS,
    "max_retries": 0,
    "global_keyprefix": "onay:",
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_TASK_IGNORE_RESULT = True
# A hint that gets lost costs a sweep's wait. To remember it and strike it off again took the worker's own thread
# several calls to Valkey for each, during which no piece of work of that process went on.
CELERY_TASK_QUEUES = [Queue("celery", no_ack=True)]  # type: ignore[no-untyped-call]
CELERY_TASK_PUBLISH_RETRY = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE = {
    "expire questions": {"task": "orders.expire", "schedule": 300.0},
    "watch the credit": {"task": "messaging.watch_credit", "schedule": 900.0},
    "tell by mail": {"task": "portal.tell_by_mail", "schedule": 60.0},
    "delete what was closed": {"task": "portal.delete_closed", "schedule": 3600.0},
    "forget old calls": {"task": "orders.forget_calls", "schedule": 86400.0},
    "forget kept answers": {"task": "portal.forget_answers", "schedule": 3600.0},
    "forget old sessions": {"task": "portal.forget_sessions", "schedule": 86400.0},
}

NETGSM_API_URL = _ENV.netgsm_api_url
OUTBOUND_ALLOW = _ENV.outbound_allow
OUTBOUND_ADDRESSES = _ENV.outbound_addresses
OUTBOUND_SECONDS = _ENV.outbound_seconds
STORE_POLL_SECONDS = _ENV.store_poll_seconds
INBOX_POLL_SECONDS = _ENV.inbox_poll_seconds
REPORT_POLL_SECONDS = _ENV.report_poll_seconds
NEWS_SETTLE_SECONDS = _ENV.news_settle_seconds
UNDO_SECONDS = _ENV.undo_seconds
QUESTION_EXPIRES_DAYS = _ENV.question_expires_days
LEASE_SECONDS = _ENV.lease_seconds
SWEEP_SECONDS = _ENV.sweep_seconds
SMS_BATCH = _ENV.sms_batch
METRICS_TOKEN = _ENV.metrics_token
TRUSTED_PROXY_COUNT = _ENV.trusted_proxy_count

LOGGING_CONFIG = "portal.logs.configure"
LOGGING = {"format": _ENV.log_format}
