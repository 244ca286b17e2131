"""Official samples: whose food was taken, where, when, and what came of it.

Lists of ten million samples, newest first, for a city, a county or a township, each page and its count within
milliseconds (bench of 10 M rows on SQLite: slowest filter 55 ms). How:

- `county` and `township` are kept by the database itself beside the 12-digit division (generated columns). A range of
  division codes would find the rows but sort all of them; an equal county finds them in order.
- Every index ends with the order of the lists (sampled_on, id), so that any one of scope, state, verdict, product or
  subject finds its page without sorting. The columns after `id` are only carried along, so that a second filter and
  the count read the index alone.
- What most rows share must not tempt the planner: wide scopes (a city, a province) and common values (“pass”,
  “published”) are asked for through an expression that no index has. SQLite keeps no statistics of values. A list that
  is found by something rarer than its place (subjects, a number) asks for the place so too (`anywhere_in`).
"""

from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Concat, Substr
from django.utils.translation import gettext_lazy as _

from nongan.common.divisions import Level, level_of, prefix_of
from nongan.monitoring.rules import CONCLUDED, Packaging, SampleKind, SampleState, Unit, Verdict

ORDER = ("sampled_on", "id")


class SampleQuerySet(models.QuerySet["Sample"]):
    def in_division(self, code: str) -> "SampleQuerySet":
        """Samples taken in a division; a blank code sees nothing. See the head of this file."""
        if not code:
            return self.none()
        level, prefix = level_of(code), prefix_of(code)
        if level == Level.COUNTY:
            return self.filter(county=prefix)
        if level == Level.TOWNSHIP:
            return self.filter(township=prefix)
        if level == Level.VILLAGE:
            return self.filter(township=prefix[: Level.TOWNSHIP], division_id=code)
        return self.alias(wide=Substr("county", 1, len(prefix))).filter(wide=prefix) if prefix else self

    def anywhere_in(self, code: str) -> "SampleQuerySet":
        """As `in_division`, for what is found by something else; see the head of this file."""
        if not code:
            return self.none()
        prefix = prefix_of(code)[: Level.TOWNSHIP]
        rows = self.filter(division_id=code) if level_of(code) == Level.VILLAGE else self
        return rows.alias(around=Substr("township", 1, len(prefix))).filter(around=prefix) if prefix else rows

    def in_state(self, state: str) -> "SampleQuerySet":
        """Samples in a state; see the head of this file."""
        if state != SampleState.PUBLISHED:
            return self.filter(state=state)
        return self.alias(common_state=Concat("state", Value(""))).filter(common_state=state)

    def with_verdict(self, verdict: str) -> "SampleQuerySet":
        """Samples of a verdict; see the head of this file."""
        if verdict != Verdict.PASS:
            return self.filter(verdict=verdict)
        return self.alias(common_verdict=Concat("verdict", Value(""))).filter(common_verdict=verdict)

    def concluded(self) -> "SampleQuerySet":
        return self.filter(state__in=CONCLUDED)


class Sample(models.Model):
    """A quantity of one product taken from a subject (抽样).

    `level` is that of the sampling organisation's division (common.divisions.Level). `report`, `verdict`, `banned`,
    `tested_banned`, `quantitative` and `finding` (the failing items in words) are copied from the laboratory's signed
    report. `panel` holds the codes of the analytes asked for. `returned`: why the laboratory refused the last specimen;
    blank again once the sample is sent anew. `corrections`: how often the form was corrected before that.
    """

    number = models.CharField(_("抽样单号"), max_length=32, unique=True)
    kind = models.CharField(_("类别"), max_length=12, choices=SampleKind)
    subject = models.ForeignKey(
        "registry.Subject", models.PROTECT, related_name="+", verbose_name=_("被抽样主体"), db_index=False
    )
    division = models.ForeignKey(
        "places.Division", models.PROTECT, related_name="+", verbose_name=_("抽样地区划"), db_index=False
    )
    county = models.GeneratedField(
        expression=Substr("division", 1, 6), output_field=models.CharField(max_length=6), db_persist=True
    )
    township = models.GeneratedField(
        expression=Substr("division", 1, 9), output_field=models.CharField(max_length=9), db_persist=True
    )
    commodity = models.ForeignKey(
        "standards.Commodity", models.PROTECT, related_name="+", verbose_name=_("产品"), db_index=False
    )
    produced_on = models.DateField(_("生产日期"), null=True, blank=True)
    sampled_on = models.DateField(_("抽样日期"))
    quantity = models.DecimalField(_("抽样量"), max_digits=10, decimal_places=3, null=True, blank=True)
    unit = models.CharField(_("单位"), max_length=10, choices=Unit, default=Unit.KILOGRAM)
    packaging = models.CharField(_("包装"), max_length=10, choices=Packaging, default=Packaging.LOOSE)
    place = models.CharField(_("抽样地点"), max_length=200, blank=True)
    samplers = models.CharField(_("抽样人员"), max_length=200)
    organisation = models.ForeignKey(
        "accounts.Organisation", models.PROTECT, related_name="+", verbose_name=_("抽样单位"), db_index=False
    )
    level = models.PositiveSmallIntegerField(_("抽样单位层级"))
    note = models.CharField(_("备注"), max_length=500, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=SampleState, default=SampleState.TAKEN)
    panel = models.JSONField(_("送检项目"), default=list, blank=True)
    specimen = models.OneToOneField(
        "laboratory.Specimen", models.PROTECT, null=True, related_name="+", verbose_name=_("检测样品")
    )
    sent_at = models.DateTimeField(_("送检时间"), null=True, blank=True)
    corrections = models.PositiveSmallIntegerField(_("更正次数"), default=0)
    returned = models.CharField(_("拒收原因"), max_length=400, blank=True)
    report = models.CharField(_("检测报告编号"), max_length=32, blank=True)
    verdict = models.CharField(_("结论"), max_length=12, choices=Verdict, blank=True)
    banned = models.BooleanField(_("检出禁用物质"), default=False)
    tested_banned = models.BooleanField(_("检测了禁用物质"), default=False)
    quantitative = models.BooleanField(_("定量检测"), default=True)
    finding = models.TextField(_("不合格项目"), blank=True)
    judged_at = models.DateTimeField(_("判定时间"), null=True, blank=True)
    published_at = models.DateTimeField(_("公布时间"), null=True, blank=True)
    void_reason = models.CharField(_("作废原因"), max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = SampleQuerySet.as_manager()

    class Meta:
        verbose_name = _("样品")
        indexes = [
            models.Index(fields=[*ORDER, "county", "kind"], name="sample_newest"),
            models.Index(fields=["county", *ORDER, "kind", "state", "verdict"], name="sample_county"),
            models.Index(fields=["township", *ORDER, "kind", "state", "verdict"], name="sample_township"),
            models.Index(fields=["state", *ORDER, "county", "township", "kind", "verdict"], name="sample_state"),
            models.Index(fields=["verdict", *ORDER, "county", "township", "kind", "state"], name="sample_verdict"),
            models.Index(
                fields=["commodity", *ORDER, "county", "township", "kind", "state", "verdict"], name="sample_commodity"
            ),
            models.Index(fields=["subject", *ORDER], name="sample_subject"),
        ]
        constraints = [
            models.CheckConstraint(
                name="sample_made_before_taken",
                condition=Q(produced_on__isnull=True) | Q(produced_on__lte=models.F("sampled_on")),
            ),
            models.CheckConstraint(
                name="sample_judged_wholly_or_not_at_all",
                condition=Q(state__in=CONCLUDED, judged_at__isnull=False) & ~Q(verdict="") & ~Q(report="")
                | ~Q(state__in=CONCLUDED)
                & Q(judged_at__isnull=True, verdict="", report="", banned=False, tested_banned=False),
            ),
            models.CheckConstraint(
                name="sample_sent_with_a_specimen",
                condition=Q(state__in=[SampleState.TAKEN, SampleState.VOID]) | Q(specimen__isnull=False),
            ),
            models.CheckConstraint(
                name="sample_returned_is_to_be_sent",
                condition=Q(returned="") | Q(state__in=[SampleState.TAKEN, SampleState.VOID]),
            ),
            models.CheckConstraint(
                name="sample_published_at_a_time",
                condition=Q(state=SampleState.PUBLISHED, published_at__isnull=False)
                | ~Q(state=SampleState.PUBLISHED) & Q(published_at__isnull=True),
            ),
            models.CheckConstraint(
                name="sample_void_with_a_reason",
                condition=Q(state=SampleState.VOID) & ~Q(void_reason="")
                | ~Q(state=SampleState.VOID) & Q(void_reason=""),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Attachment(models.Model):
    """A photograph or paper that belongs to a sample."""

    sample = models.ForeignKey("monitoring.Sample", models.PROTECT, related_name="attachments")
    document = models.ForeignKey("documents.Document", models.PROTECT, related_name="+", verbose_name=_("文件"))

    class Meta:
        verbose_name = _("附件")
        constraints = [models.UniqueConstraint(fields=["sample", "document"], name="attachment_once")]

    def __str__(self) -> str:
        return f"{self.sample_id} {self.document_id}"


class Serial(models.Model):
    """The last number given out under a prefix (CY-2026-360902-). The row is locked while a number is taken."""

    prefix = models.CharField(max_length=32, primary_key=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.prefix}{self.last:06d}"
