"""Tasks of a plan version, who carries them, and their monthly steps."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from nongan.programme.rules.reading.shapes import Role
from nongan.programme.rules.states import DueFrom


class TaskLine(models.Model):
    """A task through the versions of its plan: what was reported and scheduled hangs here, so a new version keeps it.

    `done_at` is set when every leading and responsible unit has an accepted report that completes the task.
    `version` guards the monthly steps against two people.
    """

    plan = models.ForeignKey("programme.Plan", models.PROTECT, related_name="+", verbose_name=_("方案"))
    done_at = models.DateTimeField(_("完成时间"), null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("任务主线")

    def __str__(self) -> str:
        return str(self.pk)


class TaskQuerySet(models.QuerySet["Task"]):
    def in_force(self) -> "TaskQuerySet":
        return self.filter(plan_version__state="adopted")


class Task(models.Model):
    """A task as one version of the plan words it.

    `number` is the printed one within its chapter (plan A counts through, plan B anew in each chapter);
    `due` the last day, from the task itself or from the phase of carrying out (`due_from`).
    """

    plan_version = models.ForeignKey("programme.PlanVersion", models.PROTECT, related_name="tasks")
    line = models.ForeignKey("programme.TaskLine", models.PROTECT, related_name="tasks", verbose_name=_("主线"))
    position = models.PositiveSmallIntegerField(_("次序"))
    chapter = models.CharField(_("章"), max_length=20, blank=True)
    chapter_heading = models.CharField(_("章标题"), max_length=200, blank=True)
    number = models.PositiveIntegerField(_("序号"))
    text = models.TextField(_("任务"))
    standard = models.TextField(_("考评标准"), blank=True)
    key = models.BooleanField(_("关键项"), default=False)
    score = models.DecimalField(_("分值"), max_digits=8, decimal_places=2, null=True)
    due = models.DateField(_("完成时限"), null=True, db_index=True)
    due_from = models.CharField(_("时限来源"), max_length=10, choices=DueFrom, blank=True, default=DueFrom.NONE)

    objects = TaskQuerySet.as_manager()

    class Meta:
        verbose_name = _("任务")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["plan_version", "position"], name="task_position_once"),
            models.UniqueConstraint(fields=["plan_version", "line"], name="task_line_once_a_version"),
            models.CheckConstraint(
                name="task_due_has_a_source",
                condition=Q(due__isnull=True, due_from="") | (Q(due__isnull=False) & ~Q(due_from="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} {self.text[:40]}"

    @property
    def label(self) -> str:
        """“二-6”: chapter and number, as people cite it."""
        return f"{self.chapter}-{self.number}" if self.chapter else str(self.number)


class TaskUnit(models.Model):
    """A unit named for a task, as written, and the organisation it stands for.

    A collective name (各县市区政府) has one row per organisation; a name that stands for none has one row without.
    """

    task = models.ForeignKey("programme.Task", models.PROTECT, related_name="units", verbose_name=_("任务"))
    position = models.PositiveSmallIntegerField(_("次序"))
    name = models.CharField(_("文件中的名称"), max_length=100)
    role = models.CharField(_("分工"), max_length=12, choices=Role)
    organisation = models.ForeignKey(
        "accounts.Organisation", models.PROTECT, null=True, related_name="+", verbose_name=_("机构")
    )

    class Meta:
        verbose_name = _("任务单位")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["task", "name", "role", "organisation"], name="task_unit_once"),
        ]

    def __str__(self) -> str:
        return self.name


class ScheduleItem(models.Model):
    """One cell of the monthly schedule (工作配档表): what is planned for a task in a month."""

    line = models.ForeignKey("programme.TaskLine", models.PROTECT, related_name="steps", verbose_name=_("主线"))
    month = models.DateField(_("月份"), help_text=_("每月第一天"))
    text = models.CharField(_("计划步骤"), max_length=300)
    done = models.BooleanField(_("已完成"), default=False)

    class Meta:
        verbose_name = _("配档")
        ordering = ["month"]
        constraints = [
            models.UniqueConstraint(fields=["line", "month"], name="schedule_month_once"),
            models.CheckConstraint(name="schedule_month_is_a_first", condition=Q(month__day=1)),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.text[:30]}"
