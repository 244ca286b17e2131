from django.urls import path

from nongan.journal import pages

app_name = "journal"
urlpatterns = [path("", pages.lines, name="lines")]
