"""Well-formed input about the law."""

from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from nongan.common.fields import PickField
from nongan.standards import queries, services
from nongan.standards.models import Analyte, Ban, Edition, Limit
from nongan.standards.queries import lists
from nongan.standards.rules import AnalyteKind, BanStatus

UNITS = [(unit, unit) for unit in ("mg/kg", "μg/kg", "g/kg", "mg/L", "g/100g", "%", "CFU/g")]
DAY = forms.DateInput({"type": "date"})


def food_field(**kwargs: Any) -> PickField:
    told = {"label": _("食品"), "help_text": _("输入名称、别名或编码，如 豇豆、长豆角")} | kwargs
    return PickField(url_name="standards:commodity-options", find=queries.pick_commodities, **told)


def item_field(**kwargs: Any) -> PickField:
    told = {"label": _("检测项目"), "help_text": _("如 克百威、呋喃丹；不填则列出全部")} | kwargs
    return PickField(url_name="standards:analyte-options", find=queries.pick_analytes, **told)


class LookUpForm(forms.Form):
    """Food, item and day; a result if one wants it judged."""

    food = food_field()
    item = item_field(required=False)
    on = forms.DateField(
        label=_("生产日期"),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text=_("不知道时填抽样日期"),
    )
    result = forms.CharField(label=_("检测结果"), required=False, max_length=60, help_text=_("如 0.03、未检出、<0.01"))
    unit = forms.ChoiceField(label=_("单位"), choices=UNITS, required=False)
    lod = forms.CharField(label=_("检出限"), required=False, max_length=30, help_text=_("方法的检出限，有则填"))

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if typed.get("result") and not typed.get("item") and "item" not in self.errors:
            self.add_error("item", _("要判定结果，请填写检测项目。"))
        return typed


class LimitFilter(forms.Form):
    """The query row of the limits; `rows` are those that fit."""

    item = forms.CharField(label=_("检测项目"), required=False, max_length=100)
    food = forms.CharField(label=_("食品"), required=False, max_length=100)
    edition = forms.ModelChoiceField(
        label=_("版本"), required=False, queryset=Edition.objects.order_by("series", "-valid_from"),
        to_field_name="code", empty_label=_("全部"),
    )  # fmt: skip
    on = forms.DateField(label=_("某日有效"), required=False, widget=DAY)

    def rows(self) -> "QuerySet[Limit]":
        """Nothing while the form is not well-formed."""
        if not self.is_valid():
            return lists.limits().none()
        typed = self.cleaned_data
        edition = typed["edition"].code if typed["edition"] else ""
        return lists.limits_like(item=typed["item"], food=typed["food"], edition=edition, on=typed["on"])


class BanFilter(forms.Form):
    """The query row of the bans; `rows` are those that fit."""

    item = forms.CharField(label=_("物质"), required=False, max_length=100)
    food = forms.CharField(label=_("食品"), required=False, max_length=100)
    status = forms.ChoiceField(label=_("状态"), required=False, choices=[("", _("全部")), *BanStatus.choices])
    on = forms.DateField(label=_("某日有效"), required=False, widget=DAY)

    def rows(self) -> "QuerySet[Ban]":
        return lists.bans_like(**self.cleaned_data) if self.is_valid() else lists.bans().none()


class AnalyteFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(label=_("名称或别名"), method="by_name")
    kind = django_filters.ChoiceFilter(label=_("类别"), choices=AnalyteKind, empty_label=_("全部"))

    class Meta:
        model = Analyte
        fields: list[str] = []

    def by_name(self, rows: "QuerySet[Analyte]", name: str, text: str) -> "QuerySet[Analyte]":
        return rows.filter(code__in=[code for code, _label in queries.pick_analytes(text, most=500)])


def day_field(label: Any, help_text: Any, **kwargs: Any) -> forms.DateField:
    widget = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, help_text=help_text, required=False, widget=widget, **kwargs)


class LimitRowForm(forms.Form):
    """A limit as the standard has it, with source and reason."""

    item = item_field(help_text=_("如 克百威、呋喃丹"))
    food = food_field(help_text=_("食品或食品类别的名称、别名或编码"))
    exclusions = forms.CharField(
        label=_("除外的食品"), required=False, max_length=500, help_text=_("用顿号分开，如 菜豆、食荚豌豆")
    )
    limit = forms.CharField(
        label=_("限量"), max_length=60, help_text=_("如 0.05 mg/kg、6.5~8.5、≥18%、不得检出、不得使用；临时限量后加 *")
    )
    food_text = forms.CharField(
        label=_("标准原文"), required=False, max_length=500, help_text=_("标准里的食品类别写法")
    )
    condition = forms.CharField(
        label=_("适用条件"), required=False, max_length=300,
        help_text=_("只适用于其中一部分产品时填写；超过的由人核对"),
    )  # fmt: skip
    note = forms.CharField(label=_("备注"), required=False, max_length=500)
    valid_from = day_field(_("生效日期"), _("晚于版本生效时填写；留空即随版本生效"))
    valid_to = day_field(_("最后有效日"), _("早于版本失效时填写；留空即随版本失效"))
    source = forms.CharField(label=_("来源"), max_length=300, help_text=_("公告、文件名或网址"))
    reason = forms.CharField(label=_("理由"), max_length=300, help_text=_("记入经过，任何人可查"))

    def clean_exclusions(self) -> tuple[str, ...]:
        """The codes of the foods that are named."""
        codes = []
        for name in services.listed(self.cleaned_data["exclusions"]):
            code = queries.find_exactly(name)
            if code is None:
                raise forms.ValidationError(
                    _("食品分类中没有“%(text)s”，或它不止一种食品。请填全称或编码。") % {"text": name}
                )
            codes.append(code)
        return tuple(dict.fromkeys(codes))

    def facts(self) -> services.LimitFacts:
        """What was typed, for the act."""
        typed = {name: self.cleaned_data[name] for name in services.LimitFacts.__dataclass_fields__ if name != "unit"}
        return services.LimitFacts(**typed)


class ChangeLimitForm(LimitRowForm):
    """The same about a row that is there."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class NewLimitForm(LimitRowForm):
    """A limit that a loaded edition lacks."""

    edition = forms.ModelChoiceField(
        label=_("版本"), queryset=Edition.objects.order_by("series", "-valid_from"),
        help_text=_("新的标准或修改单请导入为新版本，不要加到旧版本里"),
    )  # fmt: skip
    field_order = ("edition",)


class EndLimitForm(forms.Form):
    """The last day on which a limit holds; blank while it ends with its edition."""

    valid_to = day_field(_("最后有效日"), _("该日及以前生产的产品仍按本条判定；留空即随版本失效"))
    source = forms.CharField(label=_("来源"), max_length=300, help_text=_("公告、文件名或网址"))
    reason = forms.CharField(label=_("理由"), max_length=300, help_text=_("记入经过，任何人可查"))
    version = forms.IntegerField(widget=forms.HiddenInput)


class EndEditionForm(forms.Form):
    """The last day on which an edition is in force; blank while it has no end."""

    valid_to = forms.DateField(
        label=_("最后有效日"),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text=_("该日及以前生产的产品仍按本版判定；留空表示长期有效"),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
