from django.urls import path

from nongan.monitoring.pages import acts, samples

app_name = "monitoring"
urlpatterns = [
    path("samples/", samples.samples, name="samples"),
    path("samples/new/", acts.new_sample, name="new-sample"),
    path("samples/new/panel/", acts.panel, name="panel"),
    path("samples/send/", acts.send, name="send"),
    path("samples/publish/", acts.publish, name="publish"),
    path("samples/<str:number>/", samples.sample, name="sample"),
    path("samples/<str:number>/files/", samples.attach, name="attach"),
    path("samples/<str:number>/correct/", acts.correct, name="correct"),
    path("samples/<str:number>/form.docx", samples.paper, name="paper"),
    path("samples/<str:number>/void/", acts.void, name="void"),
    path("options/items/", acts.item_options, name="item-options"),
]
