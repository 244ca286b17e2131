from django.urls import path

from nongan.documents import pages

app_name = "documents"
urlpatterns = [
    path("files/<str:token>/", pages.file, name="file"),
    path("imports/new/<slug:kind>/", pages.new_import, name="new-import"),
    path("imports/new/<slug:kind>/template.xlsx", pages.import_template, name="import-template"),
    path("imports/<int:import_id>/", pages.show_import, name="import"),
    path("imports/<int:import_id>/marked.xlsx", pages.import_marked, name="import-marked"),
    path("imports/<int:import_id>/drop/", pages.drop_import, name="drop-import"),
]
