"""Where every page and the API hang. The only module that knows all contexts."""

from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.i18n import set_language

from config import home
from config.api import api

# Ninja authenticates its own operations, so the login middleware must let it through.
# tests/test_architecture.py proves that no operation is left without `auth` unless it is public by name.
api_patterns, api_app, api_namespace = api.urls
for pattern in api_patterns:
    if pattern.callback:
        login_not_required(pattern.callback)

urlpatterns = [
    path("", include("nongan.portal.urls")),
    path("home/", home.home, name="home"),
    path("search/", home.search, name="search"),
    path("language/", login_not_required(set_language), name="set_language"),
    path("api/v1/", (api_patterns, api_app, api_namespace)),
    path("accounts/", include("nongan.accounts.urls")),
    path("places/", include("nongan.places.urls")),
    path("documents/", include("nongan.documents.urls")),
    path("journal/", include("nongan.journal.urls")),
    path("ui/", include("nongan.ui.urls")),
    path("standards/", include("nongan.standards.urls")),
    path("registry/", include("nongan.registry.urls")),
    path("laboratory/", include("nongan.laboratory.urls")),
    path("monitoring/", include("nongan.monitoring.urls")),
    path("enforcement/", include("nongan.enforcement.urls")),
    path("indicators/", include("nongan.indicators.urls")),
    path("programme/", include("nongan.programme.urls")),
]
