"""Settings of a city in operation. Values come from the environment; nothing secret has a default.

NONGAN_SECRET_KEY   required, 50 characters or more
NONGAN_HOSTS        comma-separated host names; default: this machine only
NONGAN_VAR          folder of everything that is written: database, files, snapshots; default ./var
NONGAN_DATABASE     postgresql://user:password@host:port/name (a socket: postgresql://user@/name?host=/folder);
                    default: SQLite in NONGAN_VAR
NONGAN_CITY         division code of the city that runs this installation, such as 360900000000
NONGAN_HTTPS        0 where the server stands behind no TLS (a machine on a desk)
"""

import os
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from csp.constants import NONE, SELF, UNSAFE_INLINE
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

ROOT = Path(__file__).resolve().parent.parent
VAR = Path(os.environ.get("NONGAN_VAR", ROOT / "var")).resolve()


def required(name: str, *, at_least: int) -> str:
    value = os.environ.get(name, "")
    if len(value) < at_least:
        raise ImproperlyConfigured(f"Set {name} to a random text of at least {at_least} characters.")
    return value


def database(url: str) -> dict[str, object]:
    """Django's description of the database behind a URL; SQLite in VAR without one."""
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": VAR / "nongan.sqlite3",
            "OPTIONS": {
                # A writer waits for its turn at BEGIN, so that a read-then-write act never fails half-way.
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": (
                    "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA mmap_size=268435456; "
                    "PRAGMA cache_size=-65536; PRAGMA temp_store=MEMORY;"
                ),
            },
        }
    parts = urlsplit(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or "") or parse_qs(parts.query).get("host", [""])[0],
        "PORT": parts.port or "",
        "CONN_MAX_AGE": 60,
    }


SECRET_KEY = required("NONGAN_SECRET_KEY", at_least=50)
DEBUG = False
ALLOWED_HOSTS = os.environ.get("NONGAN_HOSTS", "127.0.0.1,localhost").split(",")
CITY = os.environ.get("NONGAN_CITY", "360900000000")

DATABASES = {"default": database(os.environ.get("NONGAN_DATABASE", ""))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "django.forms",
    "django_filters",
    "template_partials",
    "csp",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "ninja",
    "nongan.ui",
    "nongan.journal",
    "nongan.places",
    "nongan.documents",
    "nongan.accounts",
    "nongan.standards",
    "nongan.registry",
    "nongan.laboratory",
    "nongan.monitoring",
    "nongan.enforcement",
    "nongan.indicators",
    "nongan.programme",
    "nongan.portal",
    "nongan.demo",
    "nongan.operations",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "config.middleware.refuse_nul",
    "config.middleware.keep_session",
    "config.middleware.AskLogin",
    "config.middleware.first_things_first",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "config.middleware.Refusals",
    "axes.middleware.AxesMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.menu.shell",
            ],
            "builtins": ["nongan.ui.templatetags.ui", "template_partials.templatetags.partials"],
        },
    }
]
FORM_RENDERER = "nongan.ui.apps.Renderer"

ROOT_URLCONF = "config.urls"
APPEND_SLASH = True

# People: argon2, lockout, second factor, sessions that end.
AUTH_USER_MODEL = "accounts.User"
LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "portal:home"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_TEMPLATE = "accounts/locked_out.html"
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # fifteen minutes are fifteen minutes
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
OTP_TOTP_ISSUER = "农安"
SESSION_COOKIE_AGE = 2 * 60 * 60  # since the last request; see config.middleware.keep_session
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"

HTTPS = os.environ.get("NONGAN_HTTPS", "1") != "0"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "style-src": [SELF],
        "style-src-attr": [UNSAFE_INLINE],  # charts and maps place their boxes with style attributes
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("简体中文")), ("en", "English")]
LANGUAGE_COOKIE_AGE = 365 * 24 * 60 * 60
LANGUAGE_COOKIE_SAMESITE = "Lax"
LOCALE_PATHS = [ROOT / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = VAR / "static"
NODE = ROOT / "node_modules"
STATICFILES_DIRS = [
    ("tabler/css", NODE / "@tabler/core/dist/css"),
    ("tabler/js", NODE / "@tabler/core/dist/js"),
    ("icons", NODE / "@tabler/icons-webfont/dist"),
    ("echarts", NODE / "echarts/dist"),
    ("leaflet", NODE / "leaflet/dist"),
]
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 3600

# Uploaded files lie outside the web root and are served only through documents.pages.
FILES = VAR / "files"
FILE_LIMIT = 20 * 1024 * 1024  # bytes
DATA_UPLOAD_MAX_MEMORY_SIZE = FILE_LIMIT + 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000  # a worksheet of 300 results, a plan of 60 tasks under correction

NINJA_PAGINATION_PER_PAGE = 50
NINJA_NUM_PROXIES = 1

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"nongan": {"level": "INFO"}},
}
