"""What becomes of failed produce: a duty that opens with the failed sample, and a ledger of weights that balances."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Substr
from django.utils.translation import gettext_lazy as _

from nongan.common.divisions import Level, level_of, prefix_of
from nongan.enforcement.models.cases import PERSON, in_division
from nongan.enforcement.rules.disposal import Balance
from nongan.enforcement.rules.states import DisposalState, Method

UNDONE = [DisposalState.OPEN, DisposalState.PARTLY]


class DisposalQuerySet(models.QuerySet["Disposal"]):
    def in_division(self, code: str) -> "DisposalQuerySet":
        """Duties of a division; a blank code sees nothing."""
        if code and level_of(code) < Level.COUNTY:
            prefix = prefix_of(code)
            return self.alias(wide=Substr("county", 1, len(prefix))).filter(wide=prefix) if prefix else self
        return self.filter(in_division("division_id", code))

    def undone(self) -> "DisposalQuerySet":
        """Duties that wait for somebody: something is left, and the report stands. Few, found by their clock."""
        return self.filter(due_at__isnull=False)


class Disposal(models.Model):
    """The duty to dispose of what a failed sample was taken from. Weights in kilograms.

    `involved` is unknown (None) until somebody has established it. `disposed`, `lost` and `held` are the sums of the
    ledger, kept in step by the services under a lock. `done_on`: the day on which nothing was left. `due_at` runs while
    something is left and the report stands.
    """

    number = models.CharField(_("处置编号"), max_length=32, unique=True)
    case = models.OneToOneField("enforcement.Case", models.PROTECT, related_name="disposal", verbose_name=_("案件"))
    sample = models.OneToOneField("monitoring.Sample", models.PROTECT, related_name="+", verbose_name=_("样品"))
    division = models.ForeignKey(
        "places.Division", models.PROTECT, related_name="+", verbose_name=_("区划"), db_index=False
    )
    county = models.GeneratedField(
        expression=Substr("division", 1, 6), output_field=models.CharField(max_length=6), db_persist=True
    )
    state = models.CharField(_("状态"), max_length=8, choices=DisposalState, default=DisposalState.OPEN)
    opened_at = models.DateTimeField(_("产生时间"))
    due_at = models.DateTimeField(_("提醒期限"), null=True, blank=True)
    involved = models.DecimalField(_("涉案数量"), max_digits=10, decimal_places=3, null=True, blank=True)
    disposed = models.DecimalField(_("已处置"), max_digits=10, decimal_places=3, default=0)
    lost = models.DecimalField(_("已售无法追回"), max_digits=10, decimal_places=3, default=0)
    held = models.DecimalField(_("已封存、追回"), max_digits=10, decimal_places=3, default=0)
    done_on = models.DateField(_("处置完毕日期"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("检测报告撤回时间"), null=True, blank=True)
    lifted_reason = models.CharField(_("解除原因"), max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = DisposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("不合格处置")
        indexes = [
            models.Index(fields=["opened_at", "id", "county", "state"], name="disposal_newest"),
            models.Index(fields=["county", "opened_at", "id", "state"], name="disposal_county"),
            models.Index(fields=["division", "opened_at", "id"], name="disposal_division"),
            models.Index(fields=["state", "opened_at", "id", "county"], name="disposal_state"),
            models.Index(
                fields=["opened_at", "id", "county"], name="disposal_undone", condition=Q(due_at__isnull=False)
            ),
            models.Index(fields=["due_at", "id", "county"], name="disposal_due", condition=Q(due_at__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(
                name="disposal_weights_balance",
                condition=Q(involved=None, disposed=0, lost=0, held=0)
                | Q(involved__isnull=False, involved__gt=0, disposed__gte=0, lost__gte=0, held__gte=0)
                & Q(involved__gte=F("disposed") + F("lost"))
                & Q(involved__gte=F("held")),
            ),
            models.CheckConstraint(
                name="disposal_done_when_nothing_is_left",
                condition=Q(state=DisposalState.DONE, done_on__isnull=False, involved__isnull=False)
                & Q(involved=F("disposed") + F("lost"))
                | Q(state=DisposalState.LIFTED, done_on=None)
                | Q(state__in=UNDONE, done_on=None) & (Q(involved=None) | ~Q(involved=F("disposed") + F("lost"))),
            ),
            models.CheckConstraint(
                name="disposal_open_or_begun",
                condition=~Q(state=DisposalState.OPEN) | Q(disposed=0, lost=0),
            ),
            models.CheckConstraint(
                name="disposal_clock_runs_while_something_is_left",
                condition=Q(due_at__isnull=False, state__in=UNDONE, withdrawn_at=None)
                | Q(due_at=None) & (~Q(state__in=UNDONE) | Q(withdrawn_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="disposal_lifted_with_a_reason",
                condition=Q(state=DisposalState.LIFTED) & ~Q(lifted_reason="")
                | ~Q(state=DisposalState.LIFTED) & Q(lifted_reason=""),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def balance(self) -> Balance:
        return Balance(self.involved, self.disposed, self.lost, self.held)


class DisposalLine(models.Model):
    """One line of the ledger, never changed or removed (migration 0002): a mistake is reversed by a line of its own.

    `kg` is negative in a line that `reverses` another.
    """

    disposal = models.ForeignKey("enforcement.Disposal", models.PROTECT, related_name="lines", verbose_name=_("处置"))
    method = models.CharField(_("方式"), max_length=10, choices=Method)
    kg = models.DecimalField(_("重量（千克）"), max_digits=10, decimal_places=3)
    done_on = models.DateField(_("日期"))
    place = models.CharField(_("地点"), max_length=200, blank=True)
    witnesses = models.CharField(_("监督人员"), max_length=100, blank=True)
    note = models.CharField(_("说明"), max_length=500, blank=True)
    reverses = models.OneToOneField(
        "enforcement.DisposalLine", models.PROTECT, null=True, blank=True, related_name="reversed_by",
        verbose_name=_("冲销"),
    )  # fmt: skip
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+", verbose_name=_("登记人"), db_index=False)
    at = models.DateTimeField(_("登记时间"))

    class Meta:
        verbose_name = _("处置记录")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="disposal_line_weighs_something",
                condition=Q(reverses=None, kg__gt=0) | Q(reverses__isnull=False, kg__lt=0) & ~Q(note=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.disposal_id} {self.method} {self.kg}"


class DisposalFile(models.Model):
    """A photograph or paper that proves a line of the ledger."""

    line = models.ForeignKey("enforcement.DisposalLine", models.PROTECT, related_name="files")
    document = models.ForeignKey("documents.Document", models.PROTECT, related_name="+", verbose_name=_("文件"))

    class Meta:
        verbose_name = _("处置凭证")
        constraints = [models.UniqueConstraint(fields=["line", "document"], name="disposal_file_once")]

    def __str__(self) -> str:
        return f"{self.line_id} {self.document_id}"
