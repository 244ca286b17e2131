"""A plan through its versions, and what the adopted version says."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from nongan.common.divisions import chain_of, within
from nongan.programme.rules.reading.shapes import Comparator
from nongan.programme.rules.states import VersionState


class PlanQuerySet(models.QuerySet["Plan"]):
    def concerning(self, scope: str) -> "PlanQuerySet":
        """Plans of a division, of everything in it, and of the divisions that it lies in."""
        return self.filter(within("division_id", scope) | Q(division_id__in=chain_of(scope) if scope else []))


class Plan(models.Model):
    """One plan of one division, through all its versions (方案)."""

    title = models.CharField(_("方案名称"), max_length=200)
    division = models.ForeignKey("places.Division", models.PROTECT, related_name="+", verbose_name=_("区划"))
    created_at = models.DateTimeField(_("建立时间"))

    objects = PlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("创建方案")

    def __str__(self) -> str:
        return self.title

    @property
    def number(self) -> str:
        return f"FA-{self.division_id[:6]}-{self.pk:04d}"


class PlanFile(models.Model):
    """An uploaded document as the machine read it; it never changes.

    `text` is the text to which the spans of `plans` refer. `plans` holds one content (rules.content) per plan in the
    file. `plan` is set when the file was uploaded as a new version of that plan.
    """

    document = models.ForeignKey("documents.Document", models.PROTECT, related_name="+", verbose_name=_("文件"))
    text = models.TextField(_("正文"))
    plans = models.JSONField(_("机器读取结果"))
    plan = models.ForeignKey("programme.Plan", models.PROTECT, null=True, related_name="+", verbose_name=_("方案"))
    division = models.ForeignKey("places.Division", models.PROTECT, related_name="+", verbose_name=_("区划"))
    owner = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name=_("上传人"))
    at = models.DateTimeField(_("上传时间"))

    class Meta:
        verbose_name = _("方案文件")

    def __str__(self) -> str:
        return str(self.document_id)


class PlanVersion(models.Model):
    """One version of a plan: read from a file, corrected by people (`content`), confirmed, adopted."""

    plan = models.ForeignKey("programme.Plan", models.PROTECT, related_name="versions", verbose_name=_("方案"))
    number = models.PositiveSmallIntegerField(_("版本"))
    state = models.CharField(_("状态"), max_length=12, choices=VersionState, default=VersionState.DRAFT)
    file = models.ForeignKey("programme.PlanFile", models.PROTECT, related_name="+", verbose_name=_("来源文件"))
    position = models.PositiveSmallIntegerField(_("文件中第几篇"), default=0)
    content: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(_("校正后的内容"))
    read_at = models.DateTimeField(_("读取时间"))
    changed_at = models.DateTimeField(_("修改时间"))
    changed_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name=_("修改人"))
    adopted_at = models.DateTimeField(_("采纳时间"), null=True)
    adopted_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", verbose_name=_("采纳人")
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("方案版本")
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="plan_version_number_once"),
            models.UniqueConstraint(
                fields=["plan"], condition=Q(state=VersionState.ADOPTED), name="plan_one_version_in_force"
            ),
            models.CheckConstraint(
                name="plan_version_adopted_wholly_or_not_at_all",
                condition=Q(state__in=[VersionState.ADOPTED, VersionState.SUPERSEDED])
                & Q(adopted_at__isnull=False, adopted_by__isnull=False)
                | ~Q(state__in=[VersionState.ADOPTED, VersionState.SUPERSEDED])
                & Q(adopted_at__isnull=True, adopted_by__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} v{self.number}"


class Goal(models.Model):
    """A goal in words (主要目标)."""

    plan_version = models.ForeignKey("programme.PlanVersion", models.PROTECT, related_name="goals")
    position = models.PositiveSmallIntegerField(_("次序"))
    number = models.CharField(_("序号"), max_length=20, blank=True)
    heading = models.CharField(_("标题"), max_length=200, blank=True)
    text = models.TextField(_("内容"), blank=True)

    class Meta:
        verbose_name = _("目标")
        ordering = ["position"]

    def __str__(self) -> str:
        return self.heading or self.text[:40]


class Target(models.Model):
    """A figure of the plan: one measured thing, a comparator and a value. `indicator` is a code, blank for none."""

    plan_version = models.ForeignKey("programme.PlanVersion", models.PROTECT, related_name="targets")
    number = models.PositiveSmallIntegerField(_("序号"))
    text = models.TextField(_("指标"))
    where = models.CharField(_("出处"), max_length=200, blank=True)
    comparator = models.CharField(_("比较"), max_length=2, choices=Comparator)
    value = models.DecimalField(_("目标值"), max_digits=24, decimal_places=6)
    unit = models.CharField(_("单位"), max_length=20, blank=True)
    indicator = models.CharField(_("对应指标"), max_length=60, blank=True, db_index=True)
    task = models.ForeignKey(
        "programme.Task", models.PROTECT, null=True, related_name="targets", verbose_name=_("所在任务")
    )

    class Meta:
        verbose_name = _("目标值")
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["plan_version", "number"], name="target_number_once")]

    def __str__(self) -> str:
        return self.text[:60]


class Phase(models.Model):
    """A phase with its first and last day; either may be open."""

    plan_version = models.ForeignKey("programme.PlanVersion", models.PROTECT, related_name="phases")
    number = models.PositiveSmallIntegerField(_("序号"))
    name = models.CharField(_("阶段"), max_length=100)
    start = models.DateField(_("开始"), null=True, blank=True)
    end = models.DateField(_("结束"), null=True, blank=True)
    text = models.TextField(_("内容"), blank=True)

    class Meta:
        verbose_name = _("阶段")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["plan_version", "number"], name="phase_number_once"),
            models.CheckConstraint(
                name="phase_ends_after_start",
                condition=Q(start__isnull=True) | Q(end__isnull=True) | Q(end__gte=models.F("start")),
            ),
        ]

    def __str__(self) -> str:
        return self.name
