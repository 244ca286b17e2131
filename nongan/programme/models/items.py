"""The three lists of a county: what is wrong, what is to be done, who answers for it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from nongan.common.divisions import within
from nongan.programme.rules.states import ItemState, ListKind

PREFIX = {ListKind.PROBLEM: "WT", ListKind.TASK: "RW", ListKind.RESPONSIBILITY: "ZR"}


class ListItemQuerySet(models.QuerySet["ListItem"]):
    def in_division(self, code: str) -> "ListItemQuerySet":
        return self.filter(within("division_id", code))


class ListItem(models.Model):
    """A line of a county's problem, task or responsibility list that people wrote (the plan's tasks are not copied).

    A responsibility is unique per county and task: which organisation and person there answer for it.
    """

    kind = models.CharField(_("清单"), max_length=16, choices=ListKind)
    plan = models.ForeignKey("programme.Plan", models.PROTECT, related_name="+", verbose_name=_("方案"))
    division = models.ForeignKey("places.Division", models.PROTECT, related_name="+", verbose_name=_("区划"))
    line = models.ForeignKey(
        "programme.TaskLine", models.PROTECT, null=True, blank=True, related_name="items", verbose_name=_("对应任务")
    )
    text = models.TextField(_("内容"))
    measure = models.TextField(_("整改措施"), blank=True)
    organisation = models.ForeignKey(
        "accounts.Organisation", models.PROTECT, null=True, related_name="+", verbose_name=_("责任单位")
    )
    person = models.CharField(_("责任人"), max_length=50, blank=True)
    due = models.DateField(_("完成时限"), null=True, blank=True)
    source = models.CharField(_("来源"), max_length=200, blank=True, help_text=_("如：自查、上级督查、抽检记录"))
    state = models.CharField(_("状态"), max_length=10, choices=ItemState, default=ItemState.OPEN)
    found_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name=_("登记人"))
    found_at = models.DateTimeField(_("登记时间"))
    done_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name=_("整改人"))
    done_at = models.DateTimeField(_("整改时间"), null=True)
    result = models.TextField(_("整改情况"), blank=True)
    verified_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", verbose_name=_("核实人")
    )
    verified_at = models.DateTimeField(_("核实时间"), null=True)
    version = models.PositiveIntegerField(default=1)

    objects = ListItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("清单项")
        indexes = [models.Index(fields=["division", "kind", "state"], name="list_item_division_kind")]
        constraints = [
            models.UniqueConstraint(
                fields=["division", "line"],
                condition=Q(kind=ListKind.RESPONSIBILITY),
                name="list_one_responsibility_a_task",
            ),
            models.CheckConstraint(
                name="list_item_done_wholly_or_not_at_all",
                condition=Q(state=ItemState.OPEN) | Q(done_by__isnull=False, done_at__isnull=False),
            ),
            models.CheckConstraint(
                name="list_item_verified_wholly_or_not_at_all",
                condition=~Q(state=ItemState.VERIFIED) | Q(verified_by__isnull=False, verified_at__isnull=False),
            ),
            models.CheckConstraint(
                name="list_item_closed_by_somebody_else",
                condition=Q(verified_by__isnull=True)
                | (~Q(verified_by=models.F("found_by")) & ~Q(verified_by=models.F("done_by"))),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        return f"{PREFIX[ListKind(self.kind)]}-{self.division_id[:6]}-{self.pk:05d}"
