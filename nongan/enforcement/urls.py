from django.urls import path

from nongan.enforcement.pages import acts, cases, disposals, papers

app_name = "enforcement"
urlpatterns = [
    path("cases/", cases.cases, name="cases"),
    path("cases/new/", cases.new_case, name="new-case"),
    path("officers/options/", cases.officer_options, name="officer-options"),
    path("cases/<str:number>/", cases.case, name="case"),
    path("cases/<str:number>/papers/filing.docx", papers.filing, name="filing-paper"),
    path("cases/<str:number>/papers/transfer.docx", papers.transfer, name="transfer-paper"),
    path("cases/<str:number>/papers/goods.docx", papers.goods, name="goods-paper"),
    path("cases/<str:number>/<slug:name>/", acts.act, name="act"),
    path("disposals/", disposals.disposals, name="disposals"),
    path("disposals/<str:number>/", disposals.disposal, name="disposal"),
    path("disposals/<str:number>/involved/", disposals.involved, name="involved"),
    path("disposals/<str:number>/book/", disposals.book, name="book"),
    path("disposals/<str:number>/lines/<int:line_id>/reverse/", disposals.reverse_line, name="reverse-line"),
]
