from django.urls import path

from nongan.places import pages

app_name = "places"
urlpatterns = [
    path("divisions/options/", pages.division_options, name="division-options"),
]
