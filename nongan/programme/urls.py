from django.urls import path

from nongan.programme.pages import cockpit, lists, plans, review, schedule, tasks, units, upload

app_name = "programme"
urlpatterns = [
    path("cockpit/", cockpit.cockpit, name="cockpit"),
    path("plans/", plans.plans, name="plans"),
    path("plans/<int:plan_id>/", plans.plan, name="plan"),
    path("upload/", upload.upload, name="upload"),
    path("upload/<int:file_id>/", upload.choose, name="choose"),
    path("versions/<int:version_id>/review/", review.review, name="review"),
    path("versions/<int:version_id>/units/", units.match, name="match"),
    path("versions/<int:version_id>/reopen/", units.reopen, name="reopen"),
    path("versions/<int:version_id>/difference/", plans.difference, name="difference"),
    path("tasks/", tasks.tasks, name="tasks"),
    path("tasks/<int:task_id>/", tasks.task, name="task"),
    path("tasks/<int:task_id>/report/", tasks.write_report, name="write-report"),
    path("tasks/<int:task_id>/steps/", schedule.steps, name="steps"),
    path("tasks/<int:task_id>/duty/<str:division>/", lists.duty, name="duty"),
    path("reports/<int:report_id>/accept/", tasks.accept_report, name="accept-report"),
    path("reports/<int:report_id>/return/", tasks.return_report, name="return-report"),
    path("lists/", lists.lists, name="lists"),
    path("lists/new/", lists.new_item, name="new-item"),
    path("lists/<int:item_id>/", lists.item, name="item"),
    path("schedule/", schedule.schedule, name="schedule"),
]
