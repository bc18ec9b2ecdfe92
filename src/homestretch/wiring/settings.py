"""Django's settings, made from `options.py`. What an operator may change is declared there, never here."""

from __future__ import annotations

from importlib.util import find_spec
from urllib.parse import unquote, urlsplit

from homestretch.web.maps import Shelf

from . import production
from .database import django_settings
from .home import home, secret_key
from .options import option

HOMESTRETCH_MODE = option("HOMESTRETCH_MODE")
HOMESTRETCH_URL = option("HOMESTRETCH_URL").rstrip("/")
HOMESTRETCH_HOME = home()
PRODUCTION = HOMESTRETCH_MODE == "production"
HOMESTRETCH_WEBHOOK_LOOPBACK = option("HOMESTRETCH_WEBHOOK_LOOPBACK")
HOMESTRETCH_MAPS = Shelf(HOMESTRETCH_HOME / "maps", option("HOMESTRETCH_MAP_PMTILES"), option("HOMESTRETCH_MAP_STYLE"))
HOMESTRETCH_MAP_ORIGINS = option("HOMESTRETCH_MAP_ORIGINS")
HOMESTRETCH_INBOX = HOMESTRETCH_HOME / "inbox.jsonl"  # what the fake providers were given to send
HOMESTRETCH_SIMULATED_CLOCK = option("HOMESTRETCH_CLOCK") == "simulated"
production.require()
DEBUG = False  # never: its pages show settings, and refusals are shown without it

_url = urlsplit(HOMESTRETCH_URL)
_https = _url.scheme == "https"

SECRET_KEY = secret_key()
ALLOWED_HOSTS = [_url.hostname or "localhost", "127.0.0.1", "localhost", "[::1]", *option("HOMESTRETCH_HOSTS")]
CSRF_TRUSTED_ORIGINS = [HOMESTRETCH_URL]

# --- What is installed. A slice's label is the last part of its name. ---

SLICES = (
    "events",
    "accounts",
    "places",
    "orders",
    "fleet",
    "travel",
    "plans",
    "dispatch",
    "tracking",
    "recovery",
    "messaging",
    "webhooks",
    "insights",
    "web",
    "doors.api",
    "doors.console",
    "doors.driver",
    "doors.hooks",
    "doors.live",
    "doors.simulated",
    "doors.track",
)


def _exists(name: str) -> bool:
    """Whether the package is there, as source: a folder with nothing but bytecode does not count."""
    try:
        found = find_spec(f"homestretch.{name}")
    except ModuleNotFoundError:
        return False
    return found is not None and found.origin is not None


INSTALLED_APPS = [
    *(f"homestretch.{name}" for name in SLICES if _exists(name)),
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "homestretch.web.apps.BackOfficeConfig",  # Django's admin, with our site
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.headless",
    "procrastinate.contrib.django",
    "homestretch.wiring",  # last: by then every slice and the queue are ready
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Under our own ASGI application synchronous Django runs in threads, by WSGI; Django's ASGI handler is ten times slower.
ROOT_URLCONF = "homestretch.wiring.urls"
MIDDLEWARE = [
    "homestretch.web.telemetry.measured",
    "homestretch.web.middleware.request_ids",
    "homestretch.web.middleware.safe_headers",
    "homestretch.web.middleware.capped_bodies",
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "homestretch.web.middleware.refusals",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# --- Data. ---

DATABASES = {"default": django_settings(option("DATABASE_URL"), option("HOMESTRETCH_POOL"))}
# Rate limits and the guard against a one-time code used twice live in the cache: it must be the same for every process.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "django_cache",
        "OPTIONS": {"MAX_ENTRIES": 1_000_000},  # the default, 300, would forget limits that still count
    }
}
HOMESTRETCH_GEOCODER_CACHE_DAYS = option("HOMESTRETCH_GEOCODER_CACHE_DAYS")
HOMESTRETCH_METRICS_TOKEN = option("HOMESTRETCH_METRICS_TOKEN")
HOMESTRETCH_RATE = option("HOMESTRETCH_RATE")
HOMESTRETCH_LADDER = option("HOMESTRETCH_LADDER")
HOMESTRETCH_SEARCH_THREADS = option("HOMESTRETCH_SEARCH_THREADS")
HOMESTRETCH_TRUSTED_PROXY = option("HOMESTRETCH_TRUSTED_PROXY")
STATIC_URL = "/static/"
STATIC_ROOT = HOMESTRETCH_HOME / "static"
DATA_UPLOAD_MAX_MEMORY_SIZE = option("HOMESTRETCH_BODY_BYTES")

USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("fr", "Français"), ("de", "Deutsch"), ("ar", "العربية")]

# --- Who asks. ---

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "homestretch.web.adapter.Adapter"  # nobody signs up: people are invited
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
HOMESTRETCH_SECOND_FACTOR = PRODUCTION or option("HOMESTRETCH_SECOND_FACTOR")
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Homestretch"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION and _url.hostname in {"localhost", "127.0.0.1"}

# --- Safety. `__Host-` cookies need https, which a machine of one's own does not have. ---

SESSION_COOKIE_NAME = "__Host-session" if _https else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if _https else "csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _https
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if _https else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "homestretch.web.problems.csrf_view"
if option("HOMESTRETCH_TRUSTED_PROXY"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = 1

# --- E-mail of the accounts (invitation, reset). ---

_mail = urlsplit(option("HOMESTRETCH_EMAIL_URL"))
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if _mail.hostname else 'locmem'}.EmailBackend"
EMAIL_HOST = _mail.hostname or ""
EMAIL_PORT = _mail.port or (465 if _mail.scheme == "smtps" else 587)
EMAIL_HOST_USER = unquote(_mail.username or "")
EMAIL_HOST_PASSWORD = unquote(_mail.password or "")
EMAIL_USE_SSL = _mail.scheme == "smtps"
EMAIL_USE_TLS = _mail.scheme == "smtp" and bool(_mail.username)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = SERVER_EMAIL = option("HOMESTRETCH_EMAIL_FROM")

# --- Outside services: kind -> (adapter, its options), made by `providers.registry.make`. ---

_url_of_geocoder = option("HOMESTRETCH_GEOCODER_URL")
_geocoding = {
    "fake": {},
    "nominatim": {"base_url": _url_of_geocoder},
    "photon": {"base_url": _url_of_geocoder},
    "pelias": {"base_url": _url_of_geocoder, "api_key": option("HOMESTRETCH_GEOCODER_KEY")},
    "google": {"api_key": option("HOMESTRETCH_GEOCODER_KEY")}
    | ({"base_url": _url_of_geocoder} if _url_of_geocoder else {}),
}
_fake = {"inbox": str(HOMESTRETCH_INBOX), "faults": option("HOMESTRETCH_FAULTS")}
_sms = {
    "fake": {**_fake, "secret": option("HOMESTRETCH_FAKE_SECRET")},
    "twilio": {
        "account_sid": option("HOMESTRETCH_TWILIO_ACCOUNT"),
        "auth_token": option("HOMESTRETCH_TWILIO_TOKEN"),
        "sender": option("HOMESTRETCH_TWILIO_SENDER"),
        "base_url": option("HOMESTRETCH_TWILIO_URL"),
        "status_callback": "",  # each message has an address of its own
    },
}
_email = {
    "fake": _fake,
    "smtp": {
        "host": EMAIL_HOST,
        "sender": DEFAULT_FROM_EMAIL,
        "port": str(EMAIL_PORT),
        "security": "tls" if EMAIL_USE_SSL else "starttls" if EMAIL_USE_TLS else "none",
        "username": EMAIL_HOST_USER,
        "password": EMAIL_HOST_PASSWORD,
    },
}
_key = {"api_key": option("HOMESTRETCH_MATRIX_KEY")}
_url_of_matrix = option("HOMESTRETCH_MATRIX_URL")
_faults = {"faults": option("HOMESTRETCH_FAULTS")}
_matrix = {
    "fake": _faults,
    "osrm": {"base_url": _url_of_matrix},
    "osrm_local": {"data": option("HOMESTRETCH_MATRIX_DATA")},
    "valhalla": {"base_url": _url_of_matrix, "time_zone": option("HOMESTRETCH_MATRIX_ZONE")},
    "google": _key | ({"base_url": _url_of_matrix} if _url_of_matrix else {}),
    "tomtom": _key | ({"base_url": _url_of_matrix} if _url_of_matrix else {}),
    "here": _key | ({"matrix_url": _url_of_matrix, "route_url": _url_of_matrix} if _url_of_matrix else {}),
}
_traffic_key = {"api_key": option("HOMESTRETCH_TRAFFIC_KEY")}
_weather = {
    "fake": _faults,
    "open_meteo": {"api_key": option("HOMESTRETCH_WEATHER_KEY"), "base_url": option("HOMESTRETCH_WEATHER_URL")},
}
_traffic = {"fake": _faults, "here": _traffic_key, "tomtom": _traffic_key}
HOMESTRETCH_PROVIDERS = {
    "sms": (option("HOMESTRETCH_SMS"), _sms[option("HOMESTRETCH_SMS")]),
    "email": (option("HOMESTRETCH_EMAIL"), _email[option("HOMESTRETCH_EMAIL")]),
    "storage": ("disk", {"root": option("HOMESTRETCH_BLOBS") or str(HOMESTRETCH_HOME / "blobs")}),
}
if option("HOMESTRETCH_GEOCODER") != "none":
    HOMESTRETCH_PROVIDERS["geocoding"] = (option("HOMESTRETCH_GEOCODER"), _geocoding[option("HOMESTRETCH_GEOCODER")])
if option("HOMESTRETCH_MATRIX"):
    HOMESTRETCH_PROVIDERS["matrix"] = (option("HOMESTRETCH_MATRIX"), _matrix[option("HOMESTRETCH_MATRIX")])
if option("HOMESTRETCH_TRAFFIC"):
    HOMESTRETCH_PROVIDERS["traffic"] = (option("HOMESTRETCH_TRAFFIC"), _traffic[option("HOMESTRETCH_TRAFFIC")])
if option("HOMESTRETCH_WEATHER"):
    HOMESTRETCH_PROVIDERS["weather"] = (option("HOMESTRETCH_WEATHER"), _weather[option("HOMESTRETCH_WEATHER")])
production.require_options(HOMESTRETCH_PROVIDERS)

# --- What went wrong is said on stderr. Django by itself would mail it to nobody and say nothing. ---

_form = option("HOMESTRETCH_LOG") or ("json" if PRODUCTION else "text")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "text": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"},
        "json": {"()": "homestretch.web.logs.JsonLines"},
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": _form}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
        "django.request": {"level": "ERROR"},  # it names addresses; ours names routes
        "homestretch.request": {"level": "INFO" if _form == "json" else "WARNING"},
    },
}
