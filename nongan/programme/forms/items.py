"""Lines of a county's lists."""

from functools import partial
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nongan.accounts.queries import organisations_in, organisations_matching
from nongan.common.fields import Option, PickField
from nongan.programme.models import Plan
from nongan.programme.queries.items import county_tasks
from nongan.programme.rules.states import ListKind

if TYPE_CHECKING:
    from nongan.accounts.models import User

DATE = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
KINDS = [(ListKind.PROBLEM.value, _("问题")), (ListKind.TASK.value, _("补充任务"))]


def pick_in(division: str, text: str) -> list[Option]:
    """Organisations of a county by key, name, former name or label."""
    name, _dot, place = text.partition(" · ")
    here = organisations_in(division).filter(active=True)
    found = here.filter(pk=int(text)) if text.isdecimal() else organisations_matching(here, name)
    if place:
        found = found.filter(name=name, division__name=place)
    return [(str(o.pk), f"{o.name} · {o.division.name}") for o in found.order_by("name")[:12]]


def organisation_field() -> PickField:
    return PickField(
        label=_("责任单位"), url_name="accounts:organisation-options", find=lambda text: [],
        help_text=_("本县市区的机构。输入名称，从提示中选择"),
    )  # fmt: skip


class ItemForm(forms.Form):
    kind = forms.ChoiceField(label=_("类别"), choices=KINDS)
    plan = forms.ChoiceField(label=_("所属方案"))
    text = forms.CharField(label=_("内容"), widget=forms.Textarea({"rows": 4}), max_length=2000)
    task = forms.ChoiceField(label=_("对应任务"), required=False)
    source = forms.CharField(
        label=_("来源"), required=False, max_length=200, help_text=_("如：自查、上级督查、抽检记录")
    )
    organisation = organisation_field()
    person = forms.CharField(label=_("责任人"), max_length=50, required=False)
    due = forms.DateField(label=_("完成时限"), required=False, widget=DATE)

    def __init__(self, *args: Any, by: "User", division: str, plans: list[Plan], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].find = partial(pick_in, division)  # type: ignore[attr-defined]
        self.fields["plan"].choices = [(str(plan.pk), plan.title) for plan in plans]  # type: ignore[attr-defined]
        tasks = [(str(t.pk), f"{t.label} {t.text[:40]}") for t in county_tasks(by, division)]
        self.fields["task"].choices = [("", _("不对应具体任务")), *tasks]  # type: ignore[attr-defined]


class RectifyForm(forms.Form):
    measure = forms.CharField(label=_("整改措施"), widget=forms.Textarea({"rows": 3}), max_length=2000)
    result = forms.CharField(
        label=_("整改情况"), widget=forms.Textarea({"rows": 4}), max_length=2000, help_text=_("做了什么，结果如何")
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class DutyForm(forms.Form):
    organisation = organisation_field()
    person = forms.CharField(label=_("责任人"), max_length=50, help_text=_("对这项任务负责的个人"))
    text = forms.CharField(
        label=_("职责"), required=False, widget=forms.Textarea({"rows": 3}), max_length=1000,
        help_text=_("在本县市区具体做什么"),
    )  # fmt: skip
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, division: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].find = partial(pick_in, division)  # type: ignore[attr-defined]
