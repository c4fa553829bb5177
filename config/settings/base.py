"""What every environment shares. Values that differ come from the environment or from .env."""

from pathlib import Path
from urllib.parse import quote

import environ
from django.utils.translation import gettext_lazy as _

ROOT = Path(__file__).resolve().parent.parent.parent

env = environ.Env()
environ.Env.read_env(ROOT / ".env")

VAR = Path(env("VAR_DIR", default=str(ROOT / "var")))  # everything the program writes
VAR_IN_URLS = quote(str(VAR))  # a folder may be called c++ or 100%

SECRET_KEY = env("SECRET_KEY", default="")
DEBUG = False
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", default=[])
SITE_NAME = "Counterpart"
OPERATOR_NAME = env("OPERATOR_NAME", default="")  # who runs this server, as visitors read it
OPERATOR_EMAIL = env("OPERATOR_EMAIL", default="")
BASE_URL = env("BASE_URL", default="http://127.0.0.1:8000").rstrip("/")  # of the links in mails

INSTALLED_APPS = [
    "modeltranslation",  # before the admin, which it extends
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_filters",
    "django_countries",
    "django_htmx",
    "crispy_forms",
    "crispy_bootstrap5",
    "simple_history",
    "rules.apps.AutodiscoverRulesConfig",
    "apps.core",
    "apps.accounts",
    "apps.audit",
    "apps.notifications",
    "apps.cities",
    "apps.postings",
    "apps.ledger",
    "apps.pairings",
    "apps.matching",
    "apps.deliveries",
    "apps.dashboard",
    "apps.seeding",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # secrets in pages are masked anew in every answer
    "apps.core.page_cache.PageCache",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "apps.accounts.middleware.PersonLanguage",
    "apps.accounts.middleware.PersonTimeZone",
    "apps.accounts.middleware.PrivatePages",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
]

FORM_RENDERER = "apps.core.renderers.QuickRenderer"
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

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
                "apps.notifications.context.unread",
            ],
            "builtins": ["apps.core.templatetags.ui", "rules.templatetags.rules"],
        },
    },
    {  # mails are plain text: nothing to escape
        "NAME": "text",
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "OPTIONS": {"autoescape": False, "builtins": ["apps.core.templatetags.ui"]},
    },
]

# Database: SQLite by default (write-ahead log, writers queue instead of failing), PostgreSQL by DATABASE_URL.
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA foreign_keys=ON;"
        "PRAGMA journal_size_limit=27103364;"
    ),
}
DATABASE_URL = env("DATABASE_URL", default="") or f"sqlite:///{VAR_IN_URLS}/counterpart.sqlite3"
DATABASES = {"default": env.db_url_config(DATABASE_URL)}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"].setdefault("OPTIONS", {}).update(SQLITE_OPTIONS)
else:
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DATABASES["default"]["CONN_MAX_AGE"] = 60
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

BROKER_URL = env("BROKER_URL", default=f"redis+socket://{VAR_IN_URLS}/broker.sock")
# Shared by all web processes, as rate limits need, and there whenever the database is.
CACHES = {
    "default": env.cache_url("CACHE_URL", default="dbcache://core_cache"),
    "pages": {  # of each process its own: the version in every key makes them agree
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "pages",
        "TIMEOUT": 60 * 60 * 24,
        "OPTIONS": {"MAX_ENTRIES": 1_000},
    },
}
# What a visitor sees there is kept until the data change: they ask for nothing and hold no form that posts.
CACHED_PAGES: set[str] = {
    "cities:tie_list",
    "dashboard:about",
    "dashboard:city_detail",
    "dashboard:city_list",
    "dashboard:entry_detail",
    "dashboard:flow_list",
    "dashboard:gap",
    "dashboard:home",
    "dashboard:licences",
    "dashboard:pairing_detail",
    "dashboard:posting_detail",
    "dashboard:privacy",
    "dashboard:replay_2020",
    "ledger:entry_list",
    "ledger:gift_detail",
    "ledger:gift_list",
    "ledger:question_detail",
    "ledger:verify",
    "matching:method",
    "pairings:exchange_detail",
    "pairings:exchange_list",
    "pairings:hubei_2020",
    "pairings:pairing_list",
    "postings:library",
    "postings:posting_list",
}
# A change of these tables and columns alone leaves all of them as they are.
PAGES_NEVER_SHOW = {
    "accounts.User.last_login",
    "core.Change",
    "matching.Replay",
    "matching.Round.lease_until",
    "matching.Round.phase",
    "matching.Round.progress",
    "matching.SharedJob",
    "matching.SharedPiece",
    "notifications.Notification",
    "notifications.OutboxMessage",
}

# People
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "rules.permissions.ObjectPermissionBackend",
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "dashboard:my_city"
DECIDERS_LOGIN_REDIRECT_URL = "dashboard:queue"
LOGOUT_REDIRECT_URL = "dashboard:home"
ACCOUNT_ADAPTER = "apps.accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "apps.accounts.forms.LoginForm",
    "signup": "apps.accounts.forms.SignupForm",
    "add_email": "apps.accounts.forms.AddEmailForm",
    "change_email": "apps.accounts.forms.ChangeEmailForm",
    "change_password": "apps.accounts.forms.ChangePasswordForm",
    "set_password": "apps.accounts.forms.SetPasswordForm",
    "reset_password": "apps.accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "apps.accounts.forms.ResetPasswordKeyForm",
    "confirm_email_verification_code": "apps.accounts.forms.ConfirmEmailForm",
    "reauthenticate": "apps.accounts.forms.ReauthenticateForm",
}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
MFA_ADAPTER = "apps.accounts.adapter.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "apps.accounts.forms.SecondFactorForm",
    "reauthenticate": "apps.accounts.forms.SecondFactorAgainForm",
    "activate_totp": "apps.accounts.forms.ActivateTOTPForm",
    "add_webauthn": "apps.accounts.forms.AddPasskeyForm",
    "edit_webauthn": "apps.accounts.forms.EditPasskeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True

# Mail
EMAIL_CONFIG = env.email_url_config(
    env("EMAIL_URL", default="") or f"filemail:///{VAR_IN_URLS}/mail"
)
vars().update(EMAIL_CONFIG)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="Counterpart <no-reply@localhost>")

# Languages: part of every address, so that public pages can be cached.
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]
LOCALE_PATHS = [ROOT / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True
MODELTRANSLATION_FALLBACK_LANGUAGES = ("en", "zh-hans")
FORMAT_MODULE_PATH = "config.formats"
COUNTRIES_OVERRIDE = {"US": _("United States")}  # as people say it, and short enough for a table

# Static files
STATIC_URL = "static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [ROOT / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# What people add is never served as it lies, only through a view that asks who may.
MEDIA_ROOT = VAR / "media"
FILE_UPLOAD_PERMISSIONS = 0o640
LARGEST_FILE = 10 * 2**20  # bytes
LARGEST_PICTURE = 40_000_000  # pixels

CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "bootstrap5"
FIXTURE_DIRS = [ROOT / "fixtures"]

# Security
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "form-action": ["'self'"],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 60 * 60 * 12
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000

# Jobs. Requests write rows and never publish; beat rings, the worker takes what is due.
CELERY_BROKER_URL = BROKER_URL
CELERY_TIMEZONE = TIME_ZONE
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 1500
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {  # the visibility timeout exceeds the longest task
    "visibility_timeout": 1800,
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
}
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR / "beat-schedule")
CELERY_BEAT_SCHEDULE = {
    "deliver-due": {
        "task": "apps.notifications.tasks.deliver_due",
        "schedule": 1,
        "options": {"expires": 1},
    },
    "run-open-round": {
        "task": "apps.matching.tasks.run_open_round",
        "schedule": 1,
        "options": {"expires": 1},
    },
    "run-open-replay": {
        "task": "apps.matching.tasks.run_open_replay",
        "schedule": 1,
        "options": {"expires": 1},
    },
    "sweep-rounds": {
        "task": "apps.matching.tasks.sweep_rounds",
        "schedule": 30,
        "options": {"expires": 30},
    },
    "expire-postings": {
        "task": "apps.postings.tasks.expire_postings",
        "schedule": 300,
        "options": {"expires": 300},
    },
    "expire-proposals": {
        "task": "apps.matching.tasks.expire_proposals",
        "schedule": 300,
        "options": {"expires": 300},
    },
    "sum-up-changes": {
        "task": "apps.core.tasks.sum_up_changes",
        "schedule": 60,
        "options": {"expires": 60},
    },
    "remind-cities": {
        "task": "apps.matching.tasks.remind_cities",
        "schedule": 3600,
        "options": {"expires": 3600},
    },
}

# The product's own periods and limits
ATTACHMENTS = 5  # files of one posting
POSTING_DAYS = 30  # a posting expires after this unless its officer says otherwise
PROPOSAL_DAYS = 14  # a proposal nobody decided on expires
ANSWER_DAYS = 7  # an approved match or pairing that a city leaves unanswered expires
UNDO_SECONDS = 10  # so long an approval can be undone; the cities are told when it is over
REMINDER_DAYS = 2  # so long before that, the city is asked once more
PAIRING_DAYS = 365  # the term of a pairing, agreed when it is approved; a review prolongs it
REVIEW_DAYS = 90  # so long after its approval, and after each review, the cities look at it
REVIEW_NOTICE_DAYS = 14  # so long before a review it stands among what waits for the officers
MESSAGE_DELAY_SECONDS = 120  # one mail stands for all that was written in a room meanwhile
CONFLICT_DAYS = 365  # how long having served a city bars from deciding for it
VISITORS_PER_HOUR = 30  # questions, and offers, of all people together who have not signed in
LARGEST_QUANTITY = 1_000_000_000
COMPARED_CITIES = 5_000  # up to so many, a round also works out the objectives not chosen
ROUND_LEASE_SECONDS = 120  # a running round that has not been heard of for so long has failed
ROUND_HELPERS = env.int("ROUND_HELPERS", default=1)  # worker processes called to a large round
# A step of a round that would take the worker longer is shared. Measured on two cores with one helper
# (benchmarks/results/round.md): from 0.2 s the pairing of 5,000 cities takes 1.3 times as long, from
# 0.5 s as long; from 1 s that of 12,000 takes 0.74 times as long.
ROUND_SHARED_SECONDS = 1.0
LEFT_COUNTRIES = [
    "CN"
]  # of a round with two sides by country: these on the left, all others on the right

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env("LOG_LEVEL", default="INFO")},
    "loggers": {"celery": {"level": "WARNING"}},  # two ticks a second would bury the rest
}
