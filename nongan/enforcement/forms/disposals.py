"""Weights: how much there was, what became of it, what was booked wrongly."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nongan.enforcement.forms.acts import day_field, files_field, text_field
from nongan.enforcement.rules.states import Method


def weight_field(label: Any, **kwargs: Any) -> forms.DecimalField:
    widget = forms.NumberInput({"inputmode": "decimal", "step": "0.001"})
    return forms.DecimalField(label=label, max_digits=10, decimal_places=3, min_value=0, widget=widget, **kwargs)


class InvolvedForm(forms.Form):
    involved = weight_field(_("涉案数量（千克）"), help_text=_("这一批次产品的全部重量，含已售出的"))
    basis = text_field(_("依据"), _("生产记录、进货和销售台账、现场称重"))
    version = forms.IntegerField(widget=forms.HiddenInput)


class LineForm(forms.Form):
    method = forms.ChoiceField(label=_("方式"), choices=Method, widget=forms.RadioSelect)
    kg = weight_field(_("重量（千克）"))
    done_on = day_field(_("日期"))
    place = forms.CharField(label=_("地点"), max_length=200, required=False)
    witnesses = forms.CharField(
        label=_("监督人员"), max_length=100, required=False, help_text=_("在场的监管或执法人员")
    )
    note = forms.CharField(
        label=_("说明"), max_length=500, required=False, widget=forms.Textarea({"rows": 2}),
        help_text=_("无法追回的，写明去向和追查经过"),
    )  # fmt: skip
    attachments = files_field(_("凭证"), help_text=_("销毁、无害化处理须有现场照片或处理单"))
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, with_police: bool, **kwargs: Any) -> None:
        """`with_police`: goods of the case went to the police; only then is that a way to dispose of some."""
        super().__init__(*args, **kwargs)
        if not with_police:
            ways = [choice for choice in Method.choices if choice[0] != Method.POLICE]
            self.fields["method"].choices = ways  # type: ignore[attr-defined]


class ReverseForm(forms.Form):
    reason = text_field(_("冲销的原因"), _("原记录保留，另记一条相反的记录"))
    version = forms.IntegerField(widget=forms.HiddenInput)
