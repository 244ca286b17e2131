from django.urls import path

from nongan.laboratory.pages import reports, review, specimens, worksheet

app_name = "laboratory"
urlpatterns = [
    path("specimens/", specimens.specimens, name="specimens"),
    path("specimens/<str:code>/", specimens.specimen, name="specimen"),
    path("specimens/<str:code>/reject/", specimens.reject, name="reject"),
    path("specimens/<str:code>/leave-unjudged/", specimens.leave_unjudged, name="leave-unjudged"),
    path("worksheet/", worksheet.worksheet, name="worksheet"),
    path("worksheet/file/", worksheet.worksheet_file, name="worksheet-file"),
    path("verify/", review.verify, name="verify"),
    path("sign/", review.sign, name="sign"),
    path("reports/<str:number>/", reports.report, name="report"),
    path("reports/<str:number>/withdraw/", reports.withdraw, name="withdraw"),
]
