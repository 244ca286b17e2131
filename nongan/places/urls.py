from django.urls import path

from nongan.places import pages

app_name = "places"
urlpatterns = [
    path("divisions/", pages.divisions, name="divisions"),
    path("divisions/options/", pages.division_options, name="division-options"),
    path("divisions/<slug:code>/", pages.divisions, name="division"),
    path("divisions/<slug:code>/population/new/", pages.population, name="new-population"),
    path("divisions/<slug:code>/population/<int:year>/", pages.population, name="population"),
    path("divisions/<slug:code>/population/<int:year>/remove/", pages.remove_population, name="remove-population"),
    path("boundaries/new/", pages.new_boundaries, name="new-boundaries"),
    path("boundaries/<str:token>/", pages.check_boundaries, name="check-boundaries"),
]
