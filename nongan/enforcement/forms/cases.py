"""The query rows of the lists; a lead by hand."""

from functools import partial
from typing import TYPE_CHECKING, Any

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from nongan.common.fields import Option, PickField
from nongan.enforcement.models import Case, CaseQuerySet, Disposal, DisposalQuerySet
from nongan.enforcement.queries import cases, disposals
from nongan.enforcement.rules.states import CaseState, DisposalState, Procedure, Source, TransferState
from nongan.places.queries import pick_divisions
from nongan.registry.queries import division_choices, pick_subjects

if TYPE_CHECKING:
    from datetime import datetime

    from nongan.accounts.models import User

CLOCKS = [("late", _("已逾期")), ("day", _("24 小时内到期")), ("three", _("3 天内到期")), ("any", _("有期限在走"))]
ORDERS = [("newest", _("最新在前")), ("urgent", _("最急在前（只列有期限的）"))]
UNDONE = "undone"  # open or partly
DUTIES = [(UNDONE, _("未处置完毕")), *DisposalState.choices, ("withdrawn", _("报告已撤回"))]


def nothing(text: str) -> list[Option]:
    """Until a form knows its reader it finds nothing."""
    return []


class CaseFilter(django_filters.FilterSet):
    """`order` is read by the page; “urgent” leaves only cases with a clock."""

    text = django_filters.CharFilter(label=_("编号、当事人、案由"), method="matching")
    state = django_filters.ChoiceFilter(label=_("状态"), choices=CaseState, empty_label=_("全部"))
    clock = django_filters.ChoiceFilter(label=_("期限"), choices=CLOCKS, method="of_clock", empty_label=_("全部"))
    order = django_filters.ChoiceFilter(label=_("排序"), choices=ORDERS, method="of_order", empty_label=None)
    mine = django_filters.BooleanFilter(label=_("只看本人承办"), widget=forms.CheckboxInput, method="only_mine")
    source = django_filters.ChoiceFilter(label=_("来源"), choices=Source, empty_label=_("全部"))
    transfer = django_filters.ChoiceFilter(
        label=_("移送"), choices=TransferState, field_name="transfer__state", empty_label=_("全部")
    )
    withdrawn = django_filters.BooleanFilter(
        label=_("只看报告已撤回"), widget=forms.CheckboxInput, method="only_withdrawn"
    )
    division = django_filters.ChoiceFilter(label=_("地区"), method="as_is", empty_label=_("全部"))

    class Meta:
        model = Case
        fields: list[str] = []

    def __init__(self, *args: Any, by: "User", at: "datetime", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by, self.at = by, at
        self.filters["division"].field.choices = [("", _("全部")), *division_choices(by)]

    def as_is(self, rows: CaseQuerySet, name: str, value: str) -> CaseQuerySet:
        return rows

    def matching(self, rows: CaseQuerySet, name: str, value: str) -> CaseQuerySet:
        return cases.matching(rows, value)

    def of_clock(self, rows: CaseQuerySet, name: str, value: str) -> CaseQuerySet:
        return cases.with_clock(rows, value, self.at)

    def of_order(self, rows: CaseQuerySet, name: str, value: str) -> CaseQuerySet:
        return rows.running() if value == "urgent" else rows

    def only_mine(self, rows: CaseQuerySet, name: str, value: bool) -> CaseQuerySet:
        return cases.mine(rows, self.by) if value else rows

    def only_withdrawn(self, rows: CaseQuerySet, name: str, value: bool) -> CaseQuerySet:
        return rows.filter(withdrawn_at__isnull=False) if value else rows


class DisposalFilter(django_filters.FilterSet):
    text = django_filters.CharFilter(label=_("编号、当事人、产品"), method="matching")
    state = django_filters.ChoiceFilter(label=_("状态"), choices=DUTIES, method="of_state", empty_label=_("全部"))
    division = django_filters.ChoiceFilter(label=_("地区"), method="as_is", empty_label=_("全部"))

    class Meta:
        model = Disposal
        fields: list[str] = []

    def __init__(self, *args: Any, by: "User", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["division"].field.choices = [("", _("全部")), *division_choices(by)]

    def as_is(self, rows: DisposalQuerySet, name: str, value: str) -> DisposalQuerySet:
        return rows

    def matching(self, rows: DisposalQuerySet, name: str, value: str) -> DisposalQuerySet:
        return disposals.matching(rows, value)

    def of_state(self, rows: DisposalQuerySet, name: str, value: str) -> DisposalQuerySet:
        if value == UNDONE:
            return rows.undone()
        return rows.filter(withdrawn_at__isnull=False) if value == "withdrawn" else rows.filter(state=value)


class LeadForm(forms.Form):
    """A lead that does not come from a sample."""

    source = forms.ChoiceField(label=_("线索来源"), choices=[c for c in Source.choices if c[0] != Source.SAMPLE])
    subject = PickField(
        url_name="registry:subject-options", find=nothing, label=_("名录中的主体"), required=False,
        help_text=_("输入名称或编号选择；不在名录中的，只填当事人"),
    )  # fmt: skip
    party = forms.CharField(
        label=_("当事人"), max_length=200, required=False, help_text=_("营业执照或身份证上的名称。选了主体可以不填")
    )
    division = PickField(url_name="places:division-options", find=nothing, label=_("违法行为发生地"))
    cause = forms.CharField(label=_("案由"), max_length=200, help_text=_("如“涉嫌销售病死猪肉”"))
    finding = forms.CharField(
        label=_("违法线索"), max_length=5000, widget=forms.Textarea({"rows": 5}),
        help_text=_("何时、何地、谁、做了什么、有何证据"),
    )  # fmt: skip
    found_at = forms.DateTimeField(
        label=_("发现线索时间"), required=False, help_text=_("不填为现在。立案期限从这时起算"),
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )  # fmt: skip
    procedure = forms.ChoiceField(label=_("适用程序"), choices=Procedure)

    def __init__(self, *args: Any, by: "User", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["subject"].find = partial(pick_subjects, by)
        fields["division"].find = lambda text: pick_divisions(text, by.scope)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not cleaned.get("party") and not cleaned.get("subject") and "subject" not in self.errors:
            self.add_error("party", _("请填当事人，或从名录中选择主体。"))
        return cleaned
