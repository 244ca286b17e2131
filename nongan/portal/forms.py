"""What a visitor may ask."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nongan.common.fields import PickField, PickInput
from nongan.standards import queries

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
VERDICTS = [("", _("全部")), ("pass", _("合格")), ("fail", _("不合格"))]


class ResultsForm(forms.Form):
    food = forms.CharField(
        label=_("食品"), required=False, max_length=60, widget=PickInput("portal:food-options"),
    )  # fmt: skip
    division = forms.ChoiceField(label=_("县市区"), required=False)
    verdict = forms.ChoiceField(label=_("结论"), required=False, choices=VERDICTS)
    by_plan = forms.BooleanField(label=_("只看例行监测和监督抽查"), required=False)
    since = forms.DateField(label=_("抽样日期从"), required=False, widget=DAY)
    until = forms.DateField(label=_("到"), required=False, widget=DAY)

    def __init__(self, data: Any, *, counties: list[tuple[str, str]]) -> None:
        super().__init__(data)
        self.fields["division"].choices = [("", _("全市")), *counties]  # type: ignore[attr-defined]


class LookUpForm(forms.Form):
    food = PickField(
        label=_("食品"), url_name="portal:food-options", find=queries.pick_commodities, help_text=_("如 豇豆、猪肉")
    )
    item = PickField(
        label=_("检测项目"), url_name="portal:item-options", find=queries.pick_analytes, required=False,
        help_text=_("如 克百威；不填则列出全部"),
    )  # fmt: skip
    on = forms.DateField(label=_("生产日期"), widget=DAY, help_text=_("按当日有效的标准查"))
