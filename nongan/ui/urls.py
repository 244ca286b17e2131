from django.urls import path

from nongan.ui import pages

app_name = "ui"
urlpatterns = [path("gallery/", pages.gallery, name="gallery")]
