from django.urls import path

from nongan.registry import pages

app_name = "registry"
urlpatterns = [
    path("subjects/", pages.subjects, name="subjects"),
    path("subjects/new/", pages.new_subject, name="new-subject"),
    path("subjects/options/", pages.subject_options, name="subject-options"),
    path("subjects/supervising/options/", pages.supervising_options, name="supervising-options"),
    path("subjects/assign/", pages.assign, name="assign"),
    path("subjects/<str:number>/", pages.subject, name="subject"),
    path("subjects/<str:number>/change/", pages.change_subject, name="change-subject"),
    path("subjects/<str:number>/close/", pages.close, name="close-subject"),
    path("subjects/<str:number>/reopen/", pages.reopen, name="reopen-subject"),
]
