"""Settings. What is written lies in the folder that the server runs in."""

from pathlib import Path

SECRET_KEY = "for this service alone"
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1"]
ROOT_URLCONF = "workshop.urls"
INSTALLED_APPS = ["rest_framework", "drf_spectacular", "workshop.tools"]
MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": Path.cwd() / "db.sqlite3"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
MEDIA_ROOT = Path.cwd() / "media"
USE_TZ = True
TIME_ZONE = "UTC"
REST_FRAMEWORK = {
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "workshop.tools.authentication.TokenAuthentication",
        "workshop.tools.authentication.ApiKeyAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["workshop.tools.authentication.WritersWrite"],
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Workshop",
    "VERSION": "1.0.0",
    "SERVE_PERMISSIONS": [],
    # What its manual says about services that take files.
    "COMPONENT_SPLIT_REQUEST": True,
}
