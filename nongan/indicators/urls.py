from django.urls import path

from nongan.indicators.pages import indicators

app_name = "indicators"
urlpatterns = [
    path("", indicators.indicators, name="list"),
    path("recount/", indicators.recount, name="recount"),
    path("<str:code>/", indicators.indicator, name="indicator"),
    path("<str:code>/records/", indicators.evidence, name="records"),
]
