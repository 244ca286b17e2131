"""What was computed: which rows were counted, and each value with numerator and denominator."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from nongan.indicators.rules.periods import PeriodKind


class Snapshot(models.Model):
    """The rows of one evidence view as they were counted: Parquet files that never change, and up to when they tell.

    `files` (names within the view's folder) and the values computed from them change in one transaction.
    `sequence` is the journal line up to which acts are in; `on` the last day that had come; `fingerprint` stands for
    the definitions and the columns by which the rows were counted.
    """

    view = models.CharField(_("佐证"), max_length=100, unique=True)
    files = models.JSONField(_("文件"), default=list)
    rows = models.BigIntegerField(_("行数"), default=0)
    sequence = models.BigIntegerField(_("日志序号"), default=0)
    on = models.DateField(_("截至日期"))
    fingerprint = models.CharField(max_length=64)
    generation = models.PositiveBigIntegerField(default=0)
    taken_at = models.DateTimeField(_("全量读取时间"))
    computed_at = models.DateTimeField(_("计算时间"))

    class Meta:
        verbose_name = _("佐证快照")

    def __str__(self) -> str:
        return f"{self.view} #{self.generation}"


class Value(models.Model):
    """One indicator of one division in one period. There is no row where there is nothing below the line.

    `denominator` of a count is the number of residents, null where it is not known. `computed_at` is when the value
    became this one; until when it holds, `snapshot.computed_at` tells.
    """

    snapshot = models.ForeignKey(
        "indicators.Snapshot", models.PROTECT, related_name="+", verbose_name=_("快照"), db_index=False
    )
    indicator = models.CharField(_("指标"), max_length=60)
    division = models.CharField(_("区划代码"), max_length=12)
    kind = models.CharField(_("时段类型"), max_length=8, choices=PeriodKind)
    start = models.DateField(_("时段首日"))
    numerator = models.DecimalField(_("分子"), max_digits=24, decimal_places=6)
    denominator = models.DecimalField(_("分母"), max_digits=24, decimal_places=6, null=True)
    computed_at = models.DateTimeField(_("计算时间"))

    class Meta:
        verbose_name = _("指标值")
        constraints = [
            models.UniqueConstraint(fields=["indicator", "division", "kind", "start"], name="value_once"),
            models.CheckConstraint(
                name="value_has_something_below_the_line", condition=Q(denominator__isnull=True) | Q(denominator__gt=0)
            ),
            models.CheckConstraint(name="value_numerator_not_negative", condition=Q(numerator__gte=0)),
            models.CheckConstraint(name="value_period_known", condition=Q(kind__in=PeriodKind.values)),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} {self.division} {self.kind} {self.start}"


class Beginning(models.Model):
    """A day from which figures are counted until now: the first day of an adopted plan."""

    start = models.DateField(_("起始日"), primary_key=True)

    class Meta:
        verbose_name = _("起始日")

    def __str__(self) -> str:
        return str(self.start)
