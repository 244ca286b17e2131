from django.urls import path

from nongan.portal import pages

app_name = "portal"
urlpatterns = [path("", pages.home, name="home")]
