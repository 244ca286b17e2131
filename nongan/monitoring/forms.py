"""Well-formed input about samples."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from nongan.common.fields import FilesField, Option, PickField, PickInput
from nongan.common.quantity import plain
from nongan.common.words import listed, sentence
from nongan.laboratory.queries import laboratories
from nongan.monitoring import queries
from nongan.monitoring.models import Sample, SampleQuerySet
from nongan.monitoring.rules import (
    FIELDS,
    LONGEST,
    LONGEST_REASON,
    Packaging,
    SampleKind,
    SampleRefused,
    SampleState,
    Sampling,
    Unit,
    Verdict,
    parts_of,
)
from nongan.places.queries import pick_divisions
from nongan.registry.queries import division_choices, pick_subjects
from nongan.standards.queries import (
    analyte_names,
    find_analyte,
    find_commodity,
    pick_analytes,
    pick_commodities,
    usual_panel,
)

if TYPE_CHECKING:
    from nongan.accounts.models import User

RETURNED = "returned"  # not a state: waits to be sent, because the laboratory refused it
STATES = [*SampleState.choices, (RETURNED, _("检测机构拒收，待重新送检"))]
PAPERS = "image/*,application/pdf,.docx,.xlsx"


def nothing(text: str) -> list[Option]:
    """Until a form knows its reader it finds nothing."""
    return []


def day_field(label: Any, **kwargs: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"), **kwargs)


class ItemsField(forms.CharField):
    """Analytes by name or code, parted by 、; cleans to their codes. Every one that is unknown is named."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=PickInput("monitoring:item-options"), required=False, **kwargs)

    def clean(self, value: Any) -> Any:
        names = parts_of(str(super().clean(value) or ""))
        found = {name: find_analyte(name) for name in names}
        if unknown := [name for name, code in found.items() if code is None]:
            raise forms.ValidationError(
                _("没有“%(names)s”这个检测项目。请输入名称或编码，从提示中选择；几项之间用顿号隔开。")
                % {"names": listed(unknown)}
            )
        return tuple(dict.fromkeys(code for code in found.values() if code))


def pick_items(text: str, most: int = 12) -> list[Option]:
    """Suggestions while one types the last of several items: what stands before it is kept."""
    head, sign, last = text.rpartition("、")
    return [(code, f"{head}{sign}{label}") for code, label in pick_analytes(last.strip(), most)]


def panel_choices(codes: Iterable[str]) -> list[Option]:
    """(code, name) in the order given."""
    codes = list(dict.fromkeys(codes))
    names = analyte_names(codes)
    return [(code, names[code]) for code in codes if code in names]


class SamplingForm(forms.Form):
    """What is written at the place of sampling: made for a phone, with choices before typing."""

    subject = PickField(
        url_name="registry:subject-options", find=nothing, label=FIELDS["subject"],
        help_text=_("输入名称或编号，从提示中选择"),
    )  # fmt: skip
    commodity = PickField(
        url_name="standards:commodity-options", find=pick_commodities, label=FIELDS["commodity"],
        help_text=_("按食品分类的名称，如“豇豆”"),
    )  # fmt: skip
    kind = forms.ChoiceField(label=FIELDS["kind"], choices=SampleKind, widget=forms.RadioSelect)
    produced_on = day_field(
        FIELDS["produced_on"], required=False, help_text=_("生产、采收、屠宰或进货日期。监督抽查必填")
    )
    sampled_on = day_field(FIELDS["sampled_on"])
    quantity = forms.DecimalField(
        label=FIELDS["quantity"], required=False, max_digits=10, decimal_places=3,
        widget=forms.NumberInput({"inputmode": "decimal", "step": "any"}),
    )  # fmt: skip
    unit = forms.ChoiceField(label=FIELDS["unit"], choices=Unit)
    packaging = forms.ChoiceField(label=FIELDS["packaging"], choices=Packaging, widget=forms.RadioSelect)
    place = forms.CharField(
        label=FIELDS["place"],
        required=False,
        max_length=LONGEST["place"],
        help_text=_("如“2 号大棚”“东门市场 12 号摊”"),
    )
    division = PickField(
        url_name="places:division-options", find=nothing, label=FIELDS["division"], required=False,
        help_text=_("不在主体所在地抽样时填写"),
    )  # fmt: skip
    samplers = forms.CharField(
        label=FIELDS["samplers"], max_length=LONGEST["samplers"], help_text=_("姓名，用顿号隔开。监督抽查不少于两人")
    )
    panel = forms.MultipleChoiceField(label=FIELDS["panel"], required=False, widget=forms.CheckboxSelectMultiple)
    more = ItemsField(label=_("另加项目"), help_text=_("几项之间用顿号隔开"))
    photos = FilesField(
        label=_("现场照片"), required=False, attrs={"accept": "image/*", "capture": "environment"},
        help_text=_("样品、封签、抽样单。照片中的位置信息会自动去掉"),
    )  # fmt: skip
    note = forms.CharField(
        label=FIELDS["note"], required=False, max_length=LONGEST["note"], widget=forms.Textarea({"rows": 2})
    )
    panel_shown = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, by: "User", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["subject"].find = partial(pick_subjects, by)  # type: ignore[attr-defined]
        self.fields["division"].find = partial(pick_divisions, scope=by.scope)  # type: ignore[attr-defined]
        usual = usual_panel(find_commodity(str(self["commodity"].value() or "")) or "")
        ticked = self.data.getlist("panel") if self.is_bound else ()  # type: ignore[attr-defined]
        self.fields["panel"].choices = panel_choices([*usual, *ticked])  # type: ignore[attr-defined]
        self.initial.setdefault("panel", list(usual))
        self.initial.setdefault("panel_shown", bool(usual))

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or {}
        if typed.get("panel_shown") and not typed.get("panel") and not typed.get("more") and not self.errors:
            self.add_error("panel", _("请至少选一项。"))
        return typed

    @property
    def sampling(self) -> Sampling:
        """What was typed, for the rules; only of a valid form."""
        typed = self.cleaned_data
        names = ("kind", "subject", "commodity", "sampled_on", "samplers", "produced_on", "division", "quantity",
                 "unit", "packaging", "place", "note")  # fmt: skip
        panel = tuple(dict.fromkeys([*typed["panel"], *typed["more"]]))
        return Sampling(**{name: typed[name] for name in names}, panel=panel)

    def add_faults(self, refusal: SampleRefused) -> None:
        """Each fault beside its field."""
        for fault in refusal.faults:
            text = sentence("", fault.reason, fault.remedy)
            self.add_error(fault.field if fault.field in self.fields else None, text)


class CorrectForm(SamplingForm):
    """The sampling form again, with what stands; photographs are added on the page of the sample."""

    reason = forms.CharField(
        label=FIELDS["reason"], max_length=LONGEST_REASON, widget=forms.Textarea({"rows": 2}),
        help_text=_("如“产品选错”“日期笔误”。单号不变，改前改后都留在记录里"),
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, found: Sample, **kwargs: Any) -> None:
        names = ("kind", "produced_on", "sampled_on", "quantity", "unit", "packaging", "place", "samplers", "note")
        usual = usual_panel(found.commodity_id)
        quantity = None if found.quantity is None else Decimal(plain(found.quantity))  # 3, not 3.000
        stands = {
            **{name: getattr(found, name) for name in names}, "subject": found.subject.number,
            "quantity": quantity, "commodity": found.commodity_id, "division": found.division_id,
            "version": found.version, "panel_shown": bool(usual),
            "panel": [code for code in usual if code in found.panel],
            "more": "、".join(label for code, label in panel_choices(found.panel) if code not in usual),
        }  # fmt: skip
        super().__init__(*args, initial=stands, **kwargs)
        del self.fields["photos"]


class SendForm(forms.Form):
    laboratory = forms.ChoiceField(label=_("检测机构"))
    panel = ItemsField(label=_("统一改为这些项目"), help_text=_("不填则按下表各样品的项目送检。几项之间用顿号隔开"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = laboratories()
        chosen: Sequence[Any] = found if len(found) == 1 else [("", _("请选择")), *found]
        self.fields["laboratory"].choices = chosen  # type: ignore[attr-defined]


class VoidForm(forms.Form):
    reason = forms.CharField(
        label=FIELDS["void_reason"], max_length=LONGEST_REASON, widget=forms.Textarea({"rows": 3}),
        help_text=_("如登记错误、样品在途中损坏。作废后不能恢复，原记录保留"),
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput)


class FilesForm(forms.Form):
    papers = FilesField(label=_("照片、文件"), attrs={"accept": PAPERS}, help_text=_("可一次选多个，每个不超过 20 MB"))


class SampleFilter(django_filters.FilterSet):
    """The division is read by the page: a narrower place takes the place of the wider one (models.py)."""

    text = django_filters.CharFilter(label=_("抽样单号、盲样编号或主体"), method="matching")
    state = django_filters.ChoiceFilter(label=_("状态"), method="in_state", choices=STATES, empty_label=_("全部"))
    verdict = django_filters.ChoiceFilter(label=_("结论"), method="judged", choices=Verdict, empty_label=_("全部"))
    division = django_filters.ChoiceFilter(label=_("抽样地"), method="as_is", empty_label=_("全部"))
    kind = django_filters.ChoiceFilter(label=_("类别"), choices=SampleKind, empty_label=_("全部"))
    commodity = django_filters.CharFilter(label=_("产品"), method="of_commodity")
    since = django_filters.DateFilter(label=_("抽样日期起"), method="taken_since", widget=day_field("").widget)
    until = django_filters.DateFilter(label=_("抽样日期止"), method="taken_until", widget=day_field("").widget)

    class Meta:
        model = Sample
        fields: list[str] = []

    def __init__(self, *args: Any, by: "User", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        self.filters["division"].field.choices = [("", _("全部")), *division_choices(by)]

    def as_is(self, rows: SampleQuerySet, name: str, value: str) -> SampleQuerySet:
        return rows

    def matching(self, rows: SampleQuerySet, name: str, value: str) -> SampleQuerySet:
        return queries.matching(rows, value, self.by)

    def in_state(self, rows: SampleQuerySet, name: str, value: str) -> SampleQuerySet:
        if value == RETURNED:
            return rows.in_state(SampleState.TAKEN).exclude(returned="")
        return rows.in_state(value)

    def judged(self, rows: SampleQuerySet, name: str, value: str) -> SampleQuerySet:
        return rows.with_verdict(value)

    def of_commodity(self, rows: SampleQuerySet, name: str, value: str) -> SampleQuerySet:
        return queries.of_food(rows, value)

    def taken_since(self, rows: SampleQuerySet, name: str, value: date) -> SampleQuerySet:
        return rows.filter(sampled_on__gte=value)

    def taken_until(self, rows: SampleQuerySet, name: str, value: date) -> SampleQuerySet:
        return rows.filter(sampled_on__lte=value)
