"""The law as dated data: foods, items, editions of standards with their limits, bans, usual panels.

Judging never reads these tables row by row: `queries.book` reads them once as a value. Whoever changes them renews the
`Stamp`, so that every process reads them again.
"""

from datetime import date
from typing import NamedTuple

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from nongan.standards.rules import AnalyteKind, Authority, BanStatus, BanTest, Bounds, LimitForm


class Stamp(models.Model):
    """Which state of these tables this is: one row, a new random token at every change."""

    token = models.CharField(max_length=32)

    class Meta:
        verbose_name = _("标准数据版本")

    def __str__(self) -> str:
        return self.token


class Commodity(models.Model):
    """A food, or a category of foods. GB 2763 Annex A and GB 2762 Annex A are two trees over the same foods."""

    code = models.CharField(_("编码"), max_length=20, primary_key=True)
    name = models.CharField(_("名称"), max_length=100, db_index=True)
    synonyms = models.JSONField(_("别名"), default=list)
    heads = models.JSONField(_("可作名称结尾的别名"), default=list)
    processed = models.BooleanField(_("加工食品"), default=False)
    position = models.PositiveIntegerField(_("顺序"), default=0)
    source = models.CharField(_("来源"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("食品分类")
        constraints = [models.CheckConstraint(condition=~Q(code="") & ~Q(name=""), name="commodity_named")]

    def __str__(self) -> str:
        return self.name


class Branch(models.Model):
    """A food stands under a category; under several, the lowest position is the one shown."""

    commodity = models.ForeignKey(Commodity, models.PROTECT, related_name="branches", verbose_name=_("食品"))
    parent = models.ForeignKey(Commodity, models.PROTECT, related_name="+", verbose_name=_("上级分类"))
    position = models.PositiveSmallIntegerField(_("顺序"), default=0)

    class Meta:
        verbose_name = _("食品上级分类")
        constraints = [
            models.UniqueConstraint(fields=["commodity", "parent"], name="branch_once"),
            models.CheckConstraint(condition=~Q(commodity=F("parent")), name="branch_upwards"),
        ]

    def __str__(self) -> str:
        return f"{self.commodity_id} → {self.parent_id}"


class Analyte(models.Model):
    """What is looked for in a sample: a pesticide, drug or contaminant with its residue definition."""

    code = models.CharField(_("编码"), max_length=20, primary_key=True)
    name = models.CharField(_("名称"), max_length=100, unique=True)
    english = models.CharField(_("英文名"), max_length=200, blank=True)
    synonyms = models.JSONField(_("别名"), default=list)
    kind = models.CharField(_("类别"), max_length=12, choices=AnalyteKind, db_index=True)
    definition = models.CharField(_("残留物定义"), max_length=500, blank=True)
    screens = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", verbose_name=_("可筛查"))
    source = models.CharField(_("来源"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("检测项目")
        constraints = [
            models.CheckConstraint(condition=~Q(code="") & ~Q(name=""), name="analyte_named"),
            models.CheckConstraint(condition=~Q(screens=F("code")), name="analyte_screens_another"),
        ]

    def __str__(self) -> str:
        return self.name


class Component(models.Model):
    """A part of a residue that is a sum. `factor` expresses its amount as the sum (ratio of molar masses)."""

    whole = models.ForeignKey(Analyte, models.PROTECT, related_name="components", verbose_name=_("总和"))
    part = models.ForeignKey(Analyte, models.PROTECT, related_name="+", verbose_name=_("组分"))
    factor = models.DecimalField(_("折算系数"), max_digits=12, decimal_places=6, default=1)

    class Meta:
        verbose_name = _("残留物组分")
        constraints = [
            models.UniqueConstraint(fields=["whole", "part"], name="component_once"),
            models.CheckConstraint(condition=~Q(whole=F("part")) & Q(factor__gt=0), name="component_of_another"),
        ]

    def __str__(self) -> str:
        return f"{self.whole_id} ∋ {self.part_id}"


class Edition(models.Model):
    """One edition of a standard, in force from a day until a day."""

    code = models.CharField(_("版本"), max_length=60, unique=True)
    series = models.CharField(_("标准号"), max_length=60, db_index=True)
    title = models.CharField(_("名称"), max_length=200)
    valid_from = models.DateField(_("生效日期"))
    valid_to = models.DateField(_("失效日期"), null=True)
    authority = models.CharField(_("依据"), max_length=10, choices=Authority, default=Authority.OFFICIAL)
    complete = models.BooleanField(_("所列项目的限量齐全"), default=True)
    demonstration = models.BooleanField(_("演示数据"), default=False)
    source = models.CharField(_("来源"), max_length=300, blank=True)
    by = models.CharField(_("载入人"), max_length=200, blank=True)
    at = models.DateTimeField(_("载入时间"), null=True)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("标准版本")
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="edition_ends_after_beginning"
            )
        ]

    def __str__(self) -> str:
        return self.code


class Validity(NamedTuple):
    """From which day until which."""

    valid_from: date
    valid_to: date | None


class Limit(models.Model):
    """One row of an edition: an item in a food or a category of foods, except some (“…除外”).

    `valid_from`, `valid_to`: where the row begins later or ends earlier than its edition. A `version` above 0 was
    added or corrected by a person; loading the shipped tables leaves it alone.
    """

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="limits", verbose_name=_("版本"))
    analyte = models.ForeignKey(Analyte, models.PROTECT, related_name="+", verbose_name=_("检测项目"))
    commodity = models.ForeignKey(Commodity, models.PROTECT, related_name="+", verbose_name=_("食品"))
    exclusions = models.ManyToManyField(Commodity, related_name="+", verbose_name=_("除外"))
    form = models.CharField(_("形式"), max_length=8, choices=LimitForm)
    low = models.DecimalField(_("下限"), max_digits=24, decimal_places=9, null=True)
    high = models.DecimalField(_("上限"), max_digits=24, decimal_places=9, null=True)
    unit = models.CharField(_("单位"), max_length=20, blank=True)
    basis = models.CharField(_("以何计"), max_length=20, blank=True)
    temporary = models.BooleanField(_("临时限量"), default=False)
    food_text = models.CharField(_("标准原文"), max_length=500, blank=True)
    condition = models.CharField(_("适用条件"), max_length=300, blank=True)
    note = models.CharField(_("备注"), max_length=500, blank=True)
    source = models.CharField(_("来源"), max_length=300, blank=True)
    key = models.CharField(_("行号"), max_length=60)
    valid_from = models.DateField(_("生效日期"), null=True)
    valid_to = models.DateField(_("失效日期"), null=True)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("限量")
        indexes = [models.Index(fields=["analyte", "commodity"], name="limit_of_analyte_in_food")]
        constraints = [
            models.UniqueConstraint(fields=["edition", "key"], name="limit_key_once"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_from=None) | Q(valid_to__gte=F("valid_from")),
                name="limit_ends_after_beginning",
            ),
            models.CheckConstraint(
                name="limit_numbers_fit_form",
                condition=Q(form=LimitForm.MAXIMUM, low=None, high__gte=0)
                | Q(form=LimitForm.MINIMUM, low__gte=0, high=None)
                | Q(form=LimitForm.RANGE, low__gte=0, high__gte=F("low"))
                | Q(form__in=[LimitForm.ABSENT, LimitForm.UNUSED, LimitForm.NONE], low=None, high=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.edition_id} {self.key}"

    @property
    def bounds(self) -> Bounds:
        """The limit by itself, “≤0.02 mg/kg” as text."""
        return Bounds(LimitForm(self.form), self.low, self.high, self.unit, self.basis, self.temporary)

    @property
    def validity(self) -> Validity:
        """The days on which it holds: those of its edition, narrowed by its own."""
        edition = self.edition
        ends = [day for day in (edition.valid_to, self.valid_to) if day]
        return Validity(max(edition.valid_from, self.valid_from or edition.valid_from), min(ends, default=None))


class Ban(models.Model):
    """A substance that may not be used, on all foods (`everywhere`) or on those of its scope, from a day."""

    analyte = models.ForeignKey(Analyte, models.PROTECT, related_name="+", verbose_name=_("物质"))
    status = models.CharField(_("状态"), max_length=10, choices=BanStatus, db_index=True)
    valid_from = models.DateField(_("生效日期"))
    valid_to = models.DateField(_("失效日期"), null=True)
    everywhere = models.BooleanField(_("全部食品"), default=False)
    scope = models.ManyToManyField(Commodity, related_name="+", verbose_name=_("禁用范围"))
    scope_text = models.CharField(_("范围原文"), max_length=300, blank=True)
    test = models.CharField(_("判定方式"), max_length=8, choices=BanTest, default=BanTest.CONTAINS)
    listed_as = models.CharField(_("名录所列名称"), max_length=300, blank=True)
    basis = models.CharField(_("依据"), max_length=200)
    note = models.CharField(_("备注"), max_length=300, blank=True)
    confidence = models.CharField(_("核对情况"), max_length=300, blank=True)
    source = models.CharField(_("来源"), max_length=300, blank=True)
    demonstration = models.BooleanField(_("演示数据"), default=True)
    key = models.CharField(_("行号"), max_length=60, unique=True)

    class Meta:
        verbose_name = _("禁限用")
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="ban_ends_after_beginning"
            )
        ]

    def __str__(self) -> str:
        return f"{self.analyte_id} {self.status} {self.valid_from}"


class PanelItem(models.Model):
    """What is usually tested in a food, in this order (national sampling rules)."""

    commodity = models.ForeignKey(Commodity, models.PROTECT, related_name="+", verbose_name=_("食品"))
    analyte = models.ForeignKey(Analyte, models.PROTECT, related_name="+", verbose_name=_("检测项目"))
    position = models.PositiveSmallIntegerField(_("顺序"))
    source = models.CharField(_("来源"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("常检项目")
        constraints = [models.UniqueConstraint(fields=["commodity", "analyte"], name="panel_item_once")]

    def __str__(self) -> str:
        return f"{self.commodity_id} {self.analyte_id}"
