"""What a laboratory knows: blind-coded specimens, results and reports. Never whose the food is.

What the database itself refuses, on SQLite and PostgreSQL (triggers of migration 0002): to change or remove a report,
but for its withdrawal, once; to sign a specimen by whoever entered one of its results, or before every result was
verified; to change a result while the specimen is signed.
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from nongan.laboratory.rules.entry import Typed
from nongan.laboratory.rules.report import SIGNABLE, Verdict
from nongan.laboratory.rules.states import CHECKED, JUDGED, RejectCause, SpecimenState

PERSON = "accounts.User"
ORDER, CARRIED = ("received_at", "id"), ("verdict", "commodity")


class Specimen(models.Model):
    """A blind-coded portion of a sample. The laboratory sees the food and the dates, not the origin (盲样).

    `verdict` and `banned` are those of the judgement that the verifier sees; a report keeps its own.
    `return_reason` says why results came back for correction, or why the report was withdrawn.

    A laboratory's list is read by one of two indexes, in its order; what they carry behind the order is filtered
    without the rows themselves (of monitoring's samples the same is told at length).
    """

    code = models.CharField(_("盲样编号"), max_length=32, unique=True)
    laboratory = models.ForeignKey(
        "accounts.Organisation", models.PROTECT, related_name="+", verbose_name=_("检测机构"), db_index=False
    )
    commodity = models.ForeignKey("standards.Commodity", models.PROTECT, related_name="+", verbose_name=_("食品"))
    produced_on = models.DateField(_("生产日期"), null=True, blank=True)
    sampled_on = models.DateField(_("抽样日期"))
    received_at = models.DateTimeField(_("收样时间"))
    state = models.CharField(_("状态"), max_length=10, choices=SpecimenState, default=SpecimenState.RECEIVED)
    verdict = models.CharField(_("结论"), max_length=12, choices=Verdict, blank=True)
    banned = models.BooleanField(_("检出禁用物质"), default=False)
    submitted_by = models.ForeignKey(
        PERSON, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("提交人"), db_index=False
    )
    submitted_at = models.DateTimeField(_("提交时间"), null=True, blank=True)
    verified_by = models.ForeignKey(
        PERSON, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("复核人"), db_index=False
    )
    verified_at = models.DateTimeField(_("复核时间"), null=True, blank=True)
    return_reason = models.CharField(_("退回原因"), max_length=300, blank=True)
    reject_cause = models.CharField(_("拒收原因"), max_length=12, choices=RejectCause, blank=True)
    reject_note = models.CharField(_("拒收说明"), max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("检测样品")
        indexes = [
            models.Index(fields=["laboratory", *ORDER, *CARRIED], name="specimen_newest"),
            models.Index(fields=["laboratory", "state", *ORDER, *CARRIED], name="specimen_state"),
        ]
        constraints = [
            models.CheckConstraint(
                name="specimen_made_before_taken",
                condition=Q(produced_on__isnull=True) | Q(produced_on__lte=F("sampled_on")),
            ),
            models.CheckConstraint(
                name="specimen_judged_once_submitted",
                condition=Q(state__in=JUDGED, submitted_by__isnull=False, submitted_at__isnull=False) & ~Q(verdict="")
                | ~Q(state__in=JUDGED)
                & Q(submitted_by__isnull=True, submitted_at__isnull=True, verdict="", banned=False),
            ),
            models.CheckConstraint(
                name="specimen_verified_before_signed",
                condition=Q(state__in=CHECKED, verified_by__isnull=False, verified_at__isnull=False)
                | ~Q(state__in=CHECKED) & Q(verified_by__isnull=True, verified_at__isnull=True),
            ),
            models.CheckConstraint(
                name="specimen_verified_by_another",
                condition=Q(verified_by__isnull=True) | ~Q(verified_by=F("submitted_by")),
            ),
            models.CheckConstraint(
                name="specimen_rejected_for_a_cause",
                condition=Q(state=SpecimenState.REJECTED) & ~Q(reject_cause="")
                | ~Q(state=SpecimenState.REJECTED) & Q(reject_cause="", reject_note=""),
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Test(models.Model):
    """One analyte asked for in one specimen, and its result.

    `text`, `unit`, `lod`, `loq` stand as typed, so that a half-filled worksheet loses nothing; what cannot be
    understood cannot be submitted (rules.entry). `detected` is what the text was understood to say (`Reading`).
    `verdict`, `reason`, `path`, `limit` (rules.report.Limit as JSON), `forbidden` and `found_banned` are the judgement,
    made when the specimen is submitted. `unjudged_reason`: why a signatory left an undecided item unjudged.
    """

    specimen = models.ForeignKey("laboratory.Specimen", models.PROTECT, related_name="tests")
    analyte = models.ForeignKey("standards.Analyte", models.PROTECT, related_name="+", verbose_name=_("检测项目"))
    text = models.CharField(_("结果"), max_length=40, blank=True)
    unit = models.CharField(_("单位"), max_length=20, blank=True)
    lod = models.CharField(_("检出限"), max_length=20, blank=True)
    loq = models.CharField(_("定量限"), max_length=20, blank=True)
    method = models.CharField(_("检测方法"), max_length=100, blank=True)
    tested_on = models.DateField(_("检测日期"), null=True, blank=True)
    detected = models.BooleanField(_("检出"), null=True, blank=True)
    entered_by = models.ForeignKey(
        PERSON, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("录入人"), db_index=False
    )
    entered_at = models.DateTimeField(_("录入时间"), null=True, blank=True)
    verified_by = models.ForeignKey(
        PERSON, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("复核人"), db_index=False
    )
    verdict = models.CharField(_("单项结论"), max_length=12, choices=Verdict, blank=True)
    reason = models.TextField(_("说明"), blank=True)
    path = models.TextField(_("限量查找过程"), blank=True)
    limit = models.JSONField(_("所用限量"), null=True, blank=True)
    forbidden = models.BooleanField(_("禁用物质项目"), default=False)
    found_banned = models.BooleanField(_("检出禁用物质"), default=False)
    unjudged_reason = models.CharField(_("不判定原因"), max_length=300, blank=True)

    __test__ = False  # the name is the laboratory's, not the test runner's

    class Meta:
        verbose_name = _("检测项目结果")
        constraints = [
            models.UniqueConstraint(fields=["specimen", "analyte"], name="test_analyte_once"),
            models.CheckConstraint(
                name="test_entered_by_somebody",
                condition=Q(text="") | Q(entered_by__isnull=False, entered_at__isnull=False),
            ),
            models.CheckConstraint(
                name="test_verified_by_another",
                condition=Q(verified_by__isnull=True)
                | Q(entered_by__isnull=False) & ~Q(text="") & ~Q(verified_by=F("entered_by")),
            ),
            models.CheckConstraint(
                name="test_banned_is_failed", condition=Q(found_banned=False) | Q(forbidden=True, verdict=Verdict.FAIL)
            ),
            models.CheckConstraint(
                name="test_unjudged_for_a_reason",
                condition=Q(unjudged_reason="") | Q(verdict=Verdict.UNJUDGED),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.specimen_id} {self.analyte_id}"

    @property
    def typed(self) -> Typed:
        """The row as typed, for the rules."""
        return Typed(self.text, self.unit, self.lod, self.loq, self.method)


class Report(models.Model):
    """What was signed (检测报告). Never changed, only withdrawn; a correction is a new report that replaces it.

    `content` is rules.report.Content as JSON, `digest` its SHA-256, which the journal line of the signing also holds.
    """

    number = models.CharField(_("报告编号"), max_length=32, unique=True)
    specimen = models.ForeignKey("laboratory.Specimen", models.PROTECT, related_name="reports")
    revision = models.PositiveSmallIntegerField(_("版次"), default=1)
    replaces = models.OneToOneField(
        "laboratory.Report", models.PROTECT, null=True, blank=True, related_name="replaced_by", verbose_name=_("代替")
    )
    verdict = models.CharField(_("结论"), max_length=12, choices=Verdict)
    banned = models.BooleanField(_("检出禁用物质"), default=False)
    content = models.JSONField(_("内容"))
    digest = models.CharField(_("内容 SHA-256"), max_length=64)
    signed_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+", verbose_name=_("签发人"), db_index=False)
    signed_at = models.DateTimeField(_("签发时间"))
    withdrawn_by = models.ForeignKey(
        PERSON, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("撤回人"), db_index=False
    )
    withdrawn_at = models.DateTimeField(_("撤回时间"), null=True, blank=True)
    withdrawn_reason = models.CharField(_("撤回原因"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("检测报告")
        constraints = [
            models.UniqueConstraint(fields=["specimen", "revision"], name="report_revision_once"),
            models.UniqueConstraint(
                fields=["specimen"], condition=Q(withdrawn_at__isnull=True), name="report_one_in_force"
            ),
            models.CheckConstraint(name="report_is_decided", condition=Q(verdict__in=SIGNABLE)),
            models.CheckConstraint(name="report_banned_is_failed", condition=Q(banned=False) | Q(verdict=Verdict.FAIL)),
            models.CheckConstraint(
                name="report_revised_replaces",
                condition=Q(revision=1, replaces__isnull=True) | Q(revision__gt=1, replaces__isnull=False),
            ),
            models.CheckConstraint(
                name="report_withdrawn_wholly_or_not_at_all",
                condition=Q(withdrawn_by__isnull=True, withdrawn_at__isnull=True, withdrawn_reason="")
                | Q(withdrawn_by__isnull=False, withdrawn_at__gte=F("signed_at")) & ~Q(withdrawn_reason=""),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Usual(models.Model):
    """What a laboratory last used for an analyte: offered as default on the next worksheet."""

    laboratory = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+", db_index=False)
    analyte = models.ForeignKey("standards.Analyte", models.PROTECT, related_name="+", db_index=False)
    unit = models.CharField(_("单位"), max_length=20)
    lod = models.CharField(_("检出限"), max_length=20, blank=True)
    loq = models.CharField(_("定量限"), max_length=20, blank=True)
    method = models.CharField(_("检测方法"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("常用检测条件")
        constraints = [models.UniqueConstraint(fields=["laboratory", "analyte"], name="usual_once")]

    def __str__(self) -> str:
        return f"{self.laboratory_id} {self.analyte_id}"


class Serial(models.Model):
    """The last number given out under a prefix (BG-2026-). The row is locked while numbers are taken."""

    prefix = models.CharField(max_length=32, primary_key=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.prefix}{self.last:06d}"
