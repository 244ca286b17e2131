"""Progress reports."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from nongan.programme.rules.states import ReportState


class Report(models.Model):
    """What an organisation reports about a task. No percentage: what can be counted is counted from records.

    `task` is the wording that was reported on; `line` finds the report again from every later version.
    `completes`: the organisation declares its part done.
    """

    line = models.ForeignKey("programme.TaskLine", models.PROTECT, related_name="reports", verbose_name=_("主线"))
    task = models.ForeignKey("programme.Task", models.PROTECT, related_name="+", verbose_name=_("任务"))
    organisation = models.ForeignKey(
        "accounts.Organisation", models.PROTECT, related_name="+", verbose_name=_("填报单位")
    )
    text = models.TextField(_("进展情况"))
    completes = models.BooleanField(_("本单位已完成此项任务"), default=False)
    attachments = models.ManyToManyField("documents.Document", related_name="+", verbose_name=_("附件"))
    state = models.CharField(_("状态"), max_length=10, choices=ReportState, default=ReportState.DRAFT)
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name=_("填报人"))
    at = models.DateTimeField(_("填报时间"))
    submitted_at = models.DateTimeField(_("提交时间"), null=True)
    reviewer = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name=_("审核人"))
    reviewed_at = models.DateTimeField(_("审核时间"), null=True)
    reason = models.CharField(_("退回原因"), max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("任务填报")
        indexes = [models.Index(fields=["organisation", "state"], name="report_organisation_state")]
        constraints = [
            models.CheckConstraint(
                name="report_returned_with_a_reason", condition=~Q(state=ReportState.RETURNED) | ~Q(reason="")
            ),
            models.CheckConstraint(
                name="report_judged_by_somebody_else",
                condition=Q(reviewer__isnull=True) | ~Q(reviewer=models.F("by")),
            ),
            models.CheckConstraint(
                name="report_judged_wholly_or_not_at_all",
                condition=Q(state=ReportState.ACCEPTED, reviewer__isnull=False, reviewed_at__isnull=False)
                | ~Q(state=ReportState.ACCEPTED),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line_id} {self.organisation_id}"
