"""A case from the lead to its closing (行政处罚法 第五章)."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Substr
from django.utils.translation import gettext_lazy as _

from nongan.common.divisions import Level, level_of, prefix_of, within
from nongan.enforcement.rules.acts import Act, Standing
from nongan.enforcement.rules.deadlines import Clock
from nongan.enforcement.rules.penalties import Article
from nongan.enforcement.rules.states import ASSIGNED, ENDED, CaseState, Outcome, Procedure, Source

PERSON = "accounts.User"
DECIDED = (CaseState.DECIDED, CaseState.EXECUTED)


def in_division(column: str, code: str) -> Q:
    """Rows of a division by the county column where it can be: an equal county finds them in the order of the lists.

    A wide scope (city, province) is asked for through an expression that no index has: most rows fit, so that walking
    the list in its order is quicker than sorting a range (SQLite keeps no statistics of values).
    """
    return Q(county=prefix_of(code)) if code and level_of(code) == Level.COUNTY else within(column, code)


class CaseQuerySet(models.QuerySet["Case"]):
    def in_division(self, code: str) -> "CaseQuerySet":
        """Cases of a division; a blank code sees nothing."""
        if code and level_of(code) < Level.COUNTY:
            prefix = prefix_of(code)
            return self.alias(wide=Substr("county", 1, len(prefix))).filter(wide=prefix) if prefix else self
        return self.filter(in_division("division_id", code))

    def running(self) -> "CaseQuerySet":
        """Cases with a clock."""
        return self.filter(due_at__isnull=False)


class Case(models.Model):
    """One administrative case.

    `party`: the name of the person as the papers call it; `subject` is the entry of the registry where it is known.
    `finding`, `report`, `banned` are copied from the sample when it is judged. Amounts in yuan.
    `due_at`, `due_for`: the most urgent clock that runs, of the case or of its transfer.
    `withdrawn_at`: the report that the case rests on was withdrawn. `refuted_at`: the new one says that all is well.
    """

    number = models.CharField(_("案件编号"), max_length=32, unique=True)
    source = models.CharField(_("案件来源"), max_length=12, choices=Source)
    sample = models.OneToOneField(
        "monitoring.Sample", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("样品")
    )
    subject = models.ForeignKey(
        "registry.Subject", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("主体")
    )
    party = models.CharField(_("当事人"), max_length=200)
    division = models.ForeignKey(
        "places.Division", models.PROTECT, related_name="+", verbose_name=_("违法行为发生地"), db_index=False
    )
    county = models.GeneratedField(
        expression=Substr("division", 1, 6), output_field=models.CharField(max_length=6), db_persist=True
    )
    procedure = models.CharField(_("程序"), max_length=12, choices=Procedure, default=Procedure.AGRICULTURE)
    cause = models.CharField(_("案由"), max_length=200)
    finding = models.TextField(_("违法线索"), blank=True)
    report = models.CharField(_("检测报告编号"), max_length=32, blank=True)
    banned = models.BooleanField(_("检出禁用物质"), default=False)
    state = models.CharField(_("状态"), max_length=14, choices=CaseState, default=CaseState.LEAD)
    opened_at = models.DateTimeField(_("发现线索时间"))
    due_at = models.DateTimeField(_("期限"), null=True, blank=True)
    due_for = models.CharField(_("期限事项"), max_length=14, choices=Clock, blank=True)
    withdrawn_at = models.DateTimeField(_("检测报告撤回时间"), null=True, blank=True)
    refuted_at = models.DateTimeField(_("新报告合格时间"), null=True, blank=True)

    organisation = models.ForeignKey(
        "accounts.Organisation", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("办案机关")
    )
    officer = models.ForeignKey(
        PERSON, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("主办执法人员")
    )
    second = models.ForeignKey(
        PERSON, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("协办执法人员")
    )
    asked_at = models.DateTimeField(_("提请立案时间"), null=True, blank=True)
    grounds = models.TextField(_("立案依据"), blank=True)
    filed_at = models.DateTimeField(_("立案时间"), null=True, blank=True)
    filed_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    filing_extended = models.BooleanField(_("立案期限已延长"), default=False)
    declined_reason = models.CharField(_("不予立案理由"), max_length=500, blank=True)

    facts = models.TextField(_("查明的事实"), blank=True)
    article = models.CharField(_("处罚依据"), max_length=8, choices=Article, blank=True)
    basis = models.CharField(_("其他依据"), max_length=200, blank=True)
    goods_value = models.DecimalField(_("货值金额"), max_digits=14, decimal_places=2, null=True, blank=True)
    household = models.BooleanField(_("当事人是农户"), default=False)
    proposed = models.CharField(_("处理意见"), max_length=10, choices=Outcome, blank=True)
    proposed_at = models.DateTimeField(_("提出意见时间"), null=True, blank=True)
    proposed_fine = models.DecimalField(_("拟罚款"), max_digits=14, decimal_places=2, default=0)
    proposed_confiscated = models.DecimalField(_("拟没收违法所得"), max_digits=14, decimal_places=2, default=0)
    mitigation = models.CharField(_("从轻、减轻理由"), max_length=500, blank=True)
    reviewed_at = models.DateTimeField(_("法制审核时间"), null=True, blank=True)
    reviewed_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    notified_at = models.DateTimeField(_("告知时间"), null=True, blank=True)
    answer_until = models.DateTimeField(_("听证申请截止"), null=True, blank=True)
    hearing_told = models.BooleanField(_("已告知听证权利"), default=False)
    answered_at = models.DateTimeField(_("登记陈述申辩时间"), null=True, blank=True)
    answer = models.TextField(_("陈述申辩"), blank=True)
    hearing_on = models.DateField(_("听证日期"), null=True, blank=True)
    hearing_held_at = models.DateTimeField(_("听证笔录登记时间"), null=True, blank=True)

    outcome = models.CharField(_("决定"), max_length=10, choices=Outcome, blank=True)
    decision_number = models.CharField(_("决定书文号"), max_length=60, blank=True)
    decided_at = models.DateTimeField(_("决定时间"), null=True, blank=True)
    decided_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    decision_extended = models.BooleanField(_("办案期限已延长"), default=False)
    fine = models.DecimalField(_("罚款"), max_digits=14, decimal_places=2, default=0)
    confiscated = models.DecimalField(_("没收违法所得"), max_digits=14, decimal_places=2, default=0)
    served_at = models.DateTimeField(_("送达时间"), null=True, blank=True)
    paid = models.DecimalField(_("已缴罚没款"), max_digits=14, decimal_places=2, default=0)
    executed_at = models.DateTimeField(_("执行完毕时间"), null=True, blank=True)
    closed_at = models.DateTimeField(_("结案时间"), null=True, blank=True)
    closed_reason = models.CharField(_("结案说明"), max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("案件")
        indexes = [
            models.Index(fields=["opened_at", "id", "county", "state"], name="case_newest"),
            models.Index(fields=["county", "opened_at", "id", "state"], name="case_county"),
            models.Index(fields=["division", "opened_at", "id"], name="case_division"),
            models.Index(fields=["state", "opened_at", "id", "county"], name="case_state"),
            models.Index(fields=["due_at", "id", "county"], name="case_due", condition=Q(due_at__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(
                name="case_sample_is_its_source",
                condition=Q(source=Source.SAMPLE, sample__isnull=False) | ~Q(source=Source.SAMPLE) & Q(sample=None),
            ),
            models.CheckConstraint(name="case_has_a_party", condition=~Q(party="") & ~Q(cause="")),
            models.CheckConstraint(
                name="case_two_different_officers",
                condition=Q(officer=None, second=None)
                | Q(officer__isnull=False, second__isnull=False) & ~Q(officer=F("second")),
            ),
            models.CheckConstraint(
                name="case_beyond_a_lead_has_officers",
                condition=~Q(state__in=ASSIGNED) | Q(officer__isnull=False, second__isnull=False),
            ),
            models.CheckConstraint(
                name="case_filed_by_the_head",
                condition=Q(filed_at=None, filed_by=None) | Q(filed_at__isnull=False, filed_by__isnull=False),
            ),
            models.CheckConstraint(
                name="case_investigated_after_filing",
                condition=Q(state__in=[CaseState.LEAD, CaseState.NOT_FILED, CaseState.TRANSFERRED, CaseState.CLOSED])
                | Q(filed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="case_declined_with_a_reason",
                condition=Q(state=CaseState.NOT_FILED) & ~Q(declined_reason="")
                | ~Q(state=CaseState.NOT_FILED) & Q(declined_reason=""),
            ),
            models.CheckConstraint(
                name="case_reviewed_by_another",
                condition=Q(reviewed_at=None, reviewed_by=None)
                | Q(reviewed_at__isnull=False, reviewed_by__isnull=False)
                & ~Q(reviewed_by=F("officer"))
                & ~Q(reviewed_by=F("second")),
            ),
            models.CheckConstraint(
                name="case_notified_after_review",
                condition=~Q(state__in=[CaseState.REVIEWED, CaseState.NOTIFIED, CaseState.HEARING])
                | Q(proposed_at__isnull=False) & ~Q(proposed=""),
            ),
            models.CheckConstraint(
                name="case_decided_wholly_or_not_at_all",
                condition=Q(outcome="", decided_at=None, decided_by=None, fine=0, confiscated=0)
                | ~Q(outcome="") & Q(decided_at__isnull=False, decided_by__isnull=False, reviewed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="case_decision_stands", condition=~Q(state__in=DECIDED) | ~Q(outcome="")
            ),
            models.CheckConstraint(
                name="case_penalty_was_told",
                condition=~Q(outcome=Outcome.PENALTY) | Q(notified_at__isnull=False, decided_at__gte=F("notified_at")),
            ),
            models.CheckConstraint(
                name="case_penalty_not_heavier_than_told",
                condition=Q(fine__gte=0, fine__lte=F("proposed_fine"))
                & Q(confiscated__gte=0, confiscated__lte=F("proposed_confiscated")),
            ),
            models.CheckConstraint(
                name="case_without_penalty_takes_nothing",
                condition=Q(outcome=Outcome.PENALTY) | Q(fine=0, confiscated=0, paid=0),
            ),
            models.CheckConstraint(
                name="case_paid_at_most_what_is_due", condition=Q(paid__gte=0)
            ),
            models.CheckConstraint(
                name="case_closed_at_a_time",
                condition=Q(state=CaseState.CLOSED, closed_at__isnull=False) & ~Q(closed_reason="")
                | ~Q(state=CaseState.CLOSED) & Q(closed_at=None, closed_reason=""),
            ),
            models.CheckConstraint(
                name="case_clock_runs_for_something",
                condition=Q(due_at=None, due_for="") | Q(due_at__isnull=False) & ~Q(due_for="") & ~Q(state__in=ENDED),
            ),
            models.CheckConstraint(
                name="case_refuted_only_where_withdrawn",
                condition=Q(refuted_at=None) | Q(withdrawn_at__isnull=False, sample__isnull=False),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.number

    def standing(self, transfer: str, disposal: str, *, goods_moved: bool = False) -> Standing:
        """What the rules ask; the states of the transfer and of the disposal come from their own rows."""
        after = max(filter(None, [self.proposed_at, self.hearing_held_at]), default=None)
        return Standing(
            state=self.state, officers=self.officer_id is not None, asked=self.asked_at is not None,
            withdrawn=self.withdrawn_at is not None, refuted=self.refuted_at is not None, proposed=self.proposed,
            reviewed=bool(self.reviewed_at and after and self.reviewed_at >= after),
            answer_until=self.answer_until, answered=self.answered_at is not None, hearing_told=self.hearing_told,
            hearing_held=self.hearing_held_at is not None, outcome=self.outcome,
            filing_extended=self.filing_extended, decision_extended=self.decision_extended,
            transfer=transfer, goods_moved=goods_moved, disposal=disposal,
        )  # fmt: skip

    @property
    def with_police(self) -> bool:
        return self.state == CaseState.TRANSFERRED


class InquiryKind(models.TextChoices):
    """行政处罚法 第五十五条、第五十六条."""

    QUESTION = "question", _("询问笔录")
    SITE = "site", _("现场检查（勘验）笔录")
    SAMPLING = "sampling", _("抽样取证")
    SEALING = "sealing", _("先行登记保存")
    PAPERS = "papers", _("调取书证、电子数据")
    OTHER = "other", _("其他")


class Inquiry(models.Model):
    """One step of an investigation: what was asked, looked at, taken; by the two officers of the case."""

    case = models.ForeignKey("enforcement.Case", models.PROTECT, related_name="inquiries", verbose_name=_("案件"))
    kind = models.CharField(_("类型"), max_length=10, choices=InquiryKind)
    held_on = models.DateField(_("日期"))
    text = models.TextField(_("内容"))
    files = models.ManyToManyField("documents.Document", related_name="+", verbose_name=_("附件"))
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+", verbose_name=_("登记人"), db_index=False)
    at = models.DateTimeField(_("登记时间"))

    class Meta:
        verbose_name = _("调查记录")
        constraints = [
            models.CheckConstraint(name="inquiry_says_something", condition=~Q(text="")),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind} {self.held_on}"


class CaseFile(models.Model):
    """A file that an act on the case left where nothing else keeps it: notices, answers, records of a hearing."""

    case = models.ForeignKey("enforcement.Case", models.PROTECT, related_name="files", verbose_name=_("案件"))
    act = models.CharField(_("环节"), max_length=14, choices=Act)
    document = models.ForeignKey("documents.Document", models.PROTECT, related_name="+", verbose_name=_("文件"))

    class Meta:
        verbose_name = _("案件文件")
        constraints = [models.UniqueConstraint(fields=["case", "act", "document"], name="case_file_once")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.act}"


class Serial(models.Model):
    """The last number given out under a prefix (AJ-360902-2026-). The row is locked while a number is taken."""

    prefix = models.CharField(max_length=32, primary_key=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.prefix}{self.last:06d}"
