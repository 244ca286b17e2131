"""A suspected crime on its way to the police (国务院令第310号)."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from nongan.enforcement.rules.states import WITH_POLICE, TransferState
from nongan.enforcement.rules.transfer import Paper, goods_late, in_time

PERSON = "accounts.User"
DECIDED = (TransferState.APPROVED, TransferState.REFUSED, *WITH_POLICE)
ANSWERED = (TransferState.FILED, TransferState.NOT_FILED, TransferState.RECONSIDERED)


class Transfer(models.Model):
    """The transfer of one case. `decide_by` three days after the suspicion, `hand_over_by` 24 hours after the approval;
    both are kept as they were computed. `police_by`: until when the police examine (or examine again). `goods_by`:
    until when goods and materials follow after the police filed the case; `goods_at`: when they did, or when it was
    recorded that there are none."""

    case = models.OneToOneField("enforcement.Case", models.PROTECT, related_name="transfer", verbose_name=_("案件"))
    state = models.CharField(_("状态"), max_length=12, choices=TransferState, default=TransferState.SUSPECTED)
    suspected_at = models.DateTimeField(_("发现涉嫌犯罪时间"))
    grounds = models.TextField(_("涉嫌犯罪的事实和依据"))
    decide_by = models.DateTimeField(_("决定期限"))
    decided_at = models.DateTimeField(_("负责人决定时间"), null=True, blank=True)
    decided_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    refused_reason = models.CharField(_("不批准的理由"), max_length=500, blank=True)
    hand_over_by = models.DateTimeField(_("移送期限"), null=True, blank=True)
    handed_over_at = models.DateTimeField(_("移送时间"), null=True, blank=True)
    police = models.CharField(_("接收的公安机关"), max_length=100, blank=True)
    letter_number = models.CharField(_("移送书文号"), max_length=60, blank=True)
    received_at = models.DateTimeField(_("公安机关签收时间"), null=True, blank=True)
    receiver = models.CharField(_("签收人"), max_length=50, blank=True)
    police_by = models.DateTimeField(_("公安审查期限"), null=True, blank=True)
    answered_at = models.DateTimeField(_("公安决定日期"), null=True, blank=True)
    answer_number = models.CharField(_("公安决定文号"), max_length=60, blank=True)
    answer_reason = models.CharField(_("不予立案理由"), max_length=500, blank=True)
    reconsider_by = models.DateTimeField(_("复议期限"), null=True, blank=True)
    reconsidered_at = models.DateTimeField(_("提请复议时间"), null=True, blank=True)
    goods_by = models.DateTimeField(_("涉案物品移交期限"), null=True, blank=True)
    goods_at = models.DateTimeField(_("涉案物品移交时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("移送")
        indexes = [models.Index(fields=["state"], name="transfer_state")]
        constraints = [
            models.CheckConstraint(name="transfer_has_grounds", condition=~Q(grounds="")),
            models.CheckConstraint(name="transfer_decided_in_order", condition=Q(decide_by__gte=F("suspected_at"))),
            models.CheckConstraint(
                name="transfer_decided_by_the_head",
                condition=Q(state__in=DECIDED, decided_at__isnull=False, decided_by__isnull=False)
                | ~Q(state__in=DECIDED) & Q(decided_at=None, decided_by=None),
            ),
            models.CheckConstraint(
                name="transfer_refused_with_a_reason",
                condition=Q(state=TransferState.REFUSED) & ~Q(refused_reason="")
                | ~Q(state=TransferState.REFUSED) & Q(refused_reason=""),
            ),
            models.CheckConstraint(
                name="transfer_approved_has_a_clock",
                condition=Q(state__in=[TransferState.APPROVED, *WITH_POLICE], hand_over_by__isnull=False)
                | ~Q(state__in=[TransferState.APPROVED, *WITH_POLICE]) & Q(hand_over_by=None),
            ),
            models.CheckConstraint(
                name="transfer_handed_over_wholly_or_not_at_all",
                condition=Q(state__in=WITH_POLICE, handed_over_at__isnull=False, handed_over_at__gte=F("decided_at"))
                & ~Q(police="")
                | ~Q(state__in=WITH_POLICE) & Q(handed_over_at=None, police=""),
            ),
            models.CheckConstraint(
                name="transfer_received_after_handed_over",
                condition=Q(received_at=None, receiver="", police_by=None)
                | Q(received_at__isnull=False, handed_over_at__isnull=False, police_by__isnull=False)
                & Q(received_at__gte=F("handed_over_at"))
                & ~Q(receiver=""),
            ),
            models.CheckConstraint(
                name="transfer_answered_after_received",
                condition=Q(state__in=ANSWERED, answered_at__isnull=False, received_at__isnull=False)
                & Q(answered_at__gte=F("received_at"))
                | ~Q(state__in=ANSWERED) & Q(answered_at=None),
            ),
            models.CheckConstraint(
                name="transfer_goods_follow_when_filed",
                condition=Q(state=TransferState.FILED, goods_by__isnull=False)
                | ~Q(state=TransferState.FILED) & Q(goods_by=None, goods_at=None),
            ),
            models.CheckConstraint(
                name="transfer_goods_after_the_answer",
                condition=Q(goods_at=None) | Q(goods_at__gte=F("answered_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.state}"

    @property
    def in_time(self) -> bool:
        return in_time(self.decided_at, self.decide_by, self.handed_over_at, self.hand_over_by)

    @property
    def goods_late(self) -> bool:
        return goods_late(self.goods_at, self.goods_by)


class TransferFile(models.Model):
    """One of the materials that went to the police (第六条)."""

    transfer = models.ForeignKey("enforcement.Transfer", models.PROTECT, related_name="files")
    kind = models.CharField(_("材料"), max_length=10, choices=Paper)
    document = models.ForeignKey("documents.Document", models.PROTECT, related_name="+", verbose_name=_("文件"))

    class Meta:
        verbose_name = _("移送材料")
        constraints = [models.UniqueConstraint(fields=["transfer", "kind", "document"], name="transfer_file_once")]

    def __str__(self) -> str:
        return f"{self.transfer_id} {self.kind}"


class Handover(models.Model):
    """Goods and materials of a case handed to the police (第十二条), or the record that there are none, and why.

    `kinds`: how many lines its list has. What was forgotten follows in a hand-over of its own; none is ever changed.
    """

    transfer = models.ForeignKey("enforcement.Transfer", models.PROTECT, related_name="handovers")
    handed_at = models.DateTimeField(_("移交时间"))
    receiver = models.CharField(_("接收人"), max_length=50, blank=True)
    materials = models.CharField(_("一并移交的材料"), max_length=500, blank=True)
    kinds = models.PositiveSmallIntegerField(_("物品种数"), default=0)
    none_reason = models.CharField(_("没有涉案物品的原因"), max_length=500, blank=True)
    files = models.ManyToManyField("documents.Document", related_name="+", verbose_name=_("交接清单和回执"))
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+", verbose_name=_("登记人"), db_index=False)
    at = models.DateTimeField(_("登记时间"))

    class Meta:
        verbose_name = _("涉案物品移交")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="handover_lists_goods_or_says_why_not",
                condition=Q(kinds__gt=0, none_reason="") & ~Q(receiver="") | Q(kinds=0) & ~Q(none_reason=""),
            ),
            models.CheckConstraint(name="handover_before_its_record", condition=Q(handed_at__lte=F("at"))),
        ]

    def __str__(self) -> str:
        return f"{self.transfer_id} {self.handed_at:%Y-%m-%d}"


class HandoverItem(models.Model):
    """One line of the list of goods."""

    handover = models.ForeignKey("enforcement.Handover", models.PROTECT, related_name="items")
    name = models.CharField(_("物品名称"), max_length=100)
    quantity = models.DecimalField(_("数量"), max_digits=10, decimal_places=3, null=True, blank=True)
    unit = models.CharField(_("单位"), max_length=10, blank=True)
    note = models.CharField(_("特征、批号、说明"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("移交物品")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(name="handover_item_is_named", condition=~Q(name="")),
            models.CheckConstraint(
                name="handover_item_counts_in_a_unit",
                condition=Q(quantity=None) | Q(quantity__gt=0) & ~Q(unit=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.quantity} {self.unit}"
