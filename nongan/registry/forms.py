"""Well-formed input about subjects."""

from collections.abc import Iterable
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from nongan.common.fields import Option, PickField
from nongan.common.words import sentence
from nongan.places.queries import pick_divisions
from nongan.registry import queries
from nongan.registry.models import Subject, SubjectQuerySet
from nongan.registry.rules import FIELDS, LONGEST, Facts, Fault, Scale, SubjectType, faults_of

if TYPE_CHECKING:
    from nongan.accounts.models import User

YES_NO = [("yes", _("已落实")), ("no", _("未落实"))]
ACTIVE = [("yes", _("在册")), ("no", _("已退出"))]
ASKED = [("", _("请选择"))]


def nothing(text: str) -> list[Option]:
    """Until a form knows its reader it finds nothing."""
    return []


def day_field(label: Any, **kwargs: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"), **kwargs)


class SubjectForm(forms.Form):
    name = forms.CharField(
        label=FIELDS["name"], max_length=LONGEST["name"], help_text=_("与营业执照或登记证书一致；大户填户主姓名")
    )
    type = forms.ChoiceField(label=FIELDS["type"], choices=[*ASKED, *SubjectType.choices])
    scale = forms.ChoiceField(label=FIELDS["scale"], choices=Scale, widget=forms.RadioSelect, initial=Scale.BELOW)
    uscc = forms.CharField(
        label=FIELDS["uscc"], required=False, max_length=40,
        help_text=_("18 位，可扫描营业执照上的条码。大户、家庭农场、经纪人没有的可不填"),
    )  # fmt: skip
    division = PickField(
        url_name="places:division-options", find=nothing, label=_("所在区划"),
        help_text=_("县（区）、乡镇或村。输入代码或名称，从提示中选择"),
    )  # fmt: skip
    address = forms.CharField(label=FIELDS["address"], required=False, max_length=LONGEST["address"])
    contact = forms.CharField(label=FIELDS["contact"], max_length=LONGEST["contact"])
    phone = forms.CharField(
        label=FIELDS["phone"], max_length=20, widget=forms.TelInput, help_text=_("11 位手机号，或带区号的固定电话")
    )
    products = forms.CharField(
        label=FIELDS["products"],
        required=False,
        max_length=LONGEST["products"],
        help_text=_("用顿号分开，如 辣椒、茄子"),
    )
    registered_on = day_field(FIELDS["registered_on"])
    confirmed = forms.BooleanField(label=_("已核对，确认不是同一主体"), required=False)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, by: "User", today: date, new: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["division"].find = partial(pick_divisions, scope=by.scope)  # type: ignore[attr-defined]
        if new:
            del self.fields["version"]

    @property
    def facts(self) -> Facts:
        """What was typed, for the rules. Of a form with errors: blanks, and today, where a field could not be read."""
        blank: dict[str, Any] = {name: "" for name in Facts.__dataclass_fields__} | {"registered_on": self.today}
        return Facts(**{name: self.cleaned_data.get(name, value) for name, value in blank.items()}).tidy

    def clean(self) -> dict[str, Any]:
        """What the rules find wrong stands beside what the form finds wrong: one look mends it all."""
        typed: dict[str, Any] = super().clean() or {}
        for fault in faults_of(self.facts, on=self.today):
            if fault.field not in self.errors:
                add_faults(self, [fault])
        return typed


class AssignForm(forms.Form):
    organisation = PickField(
        url_name="registry:supervising-options", find=nothing, label=FIELDS["supervising"],
        help_text=_("输入名称，从提示中选择"),
    )  # fmt: skip
    supervisor = forms.CharField(label=FIELDS["supervisor"], max_length=LONGEST["supervisor"], help_text=_("填姓名"))
    supervised_from = day_field(FIELDS["supervised_from"])

    def __init__(self, *args: Any, by: "User", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].find = partial(queries.pick_supervising, by)  # type: ignore[attr-defined]


class CloseForm(forms.Form):
    closed_on = day_field(FIELDS["closed_on"])
    close_reason = forms.CharField(
        label=FIELDS["close_reason"], max_length=LONGEST["close_reason"], widget=forms.Textarea({"rows": 3}),
        help_text=_("如注销、停产、迁出本市、与某主体重复"),
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["closed_on"].initial = today


class SubjectFilter(django_filters.FilterSet):
    text = django_filters.CharFilter(label=_("名称、编号或信用代码"), method="matching")
    type = django_filters.ChoiceFilter(label=_("类型"), choices=SubjectType, empty_label=_("全部"))
    division = django_filters.ChoiceFilter(label=_("所在区划"), method="inside", empty_label=_("全部"))
    supervised = django_filters.ChoiceFilter(label=_("监管责任"), method="held", choices=YES_NO, empty_label=_("全部"))
    scale = django_filters.ChoiceFilter(label=_("规模"), choices=Scale, empty_label=_("全部"))
    active = django_filters.ChoiceFilter(label=_("状态"), method="standing", choices=ACTIVE, empty_label=_("全部"))

    class Meta:
        model = Subject
        fields: list[str] = []

    def __init__(self, *args: Any, by: "User", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["division"].extra["choices"] = queries.division_choices(by)

    def matching(self, rows: SubjectQuerySet, name: str, value: str) -> SubjectQuerySet:
        return queries.matching(rows, value.strip())

    def inside(self, rows: SubjectQuerySet, name: str, value: str) -> SubjectQuerySet:
        return rows.in_division(value)

    def held(self, rows: SubjectQuerySet, name: str, value: str) -> SubjectQuerySet:
        return rows.unsupervised() if value == "no" else rows.supervised()

    def standing(self, rows: SubjectQuerySet, name: str, value: str) -> SubjectQuerySet:
        return rows.active() if value == "yes" else rows.closed()


def add_faults(form: forms.Form, faults: Iterable[Fault]) -> None:
    """Each fault beside its field."""
    for fault in faults:
        text = sentence("", fault.reason, fault.remedy)
        form.add_error(fault.field if fault.field in form.fields else None, text)


def seen_of(values: Iterable[str]) -> dict[str, int]:
    """`ZT-360902-000001:3` → number and version; without a version (a tick in the list) it is 0."""
    parts = [value.partition(":") for value in values]
    return {number: int(version) if version.isdecimal() else 0 for number, _sign, version in parts}
