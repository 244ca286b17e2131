"""Well-formed input about specimens and results."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

import django_filters
from django import forms
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _

from nongan.laboratory.models import Specimen
from nongan.laboratory.queries.specimens import of_food
from nongan.laboratory.queries.worksheet import Key, Sheet
from nongan.laboratory.rules.entry import Typed, tidy
from nongan.laboratory.rules.report import Verdict
from nongan.laboratory.rules.states import LONGEST_REASON, RejectCause, SpecimenState
from nongan.laboratory.services import Entry

if TYPE_CHECKING:
    from django.db.models import QuerySet

DAY = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
BOXES = ("text", "unit", "lod", "loq", "method")
RETURNED = "returned"


class SpecimenFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(
        label=_("状态"), method="in_state", empty_label=_("全部"),
        choices=[*SpecimenState.choices, (RETURNED, _("退回修改"))],
    )  # fmt: skip
    code = django_filters.CharFilter(label=_("盲样编号"), method="coded")
    commodity = django_filters.CharFilter(label=_("食品"), method="of_commodity")
    verdict = django_filters.ChoiceFilter(label=_("结论"), choices=Verdict, empty_label=_("全部"))
    since = django_filters.DateFilter(label=_("收样日期起"), method="received_since", widget=DAY)
    until = django_filters.DateFilter(label=_("收样日期止"), method="received_until", widget=DAY)

    class Meta:
        model = Specimen
        fields: list[str] = []

    def in_state(self, rows: "QuerySet[Specimen]", name: str, value: str) -> "QuerySet[Specimen]":
        if value == RETURNED:
            return rows.filter(state=SpecimenState.RECEIVED).exclude(return_reason="")
        return rows.filter(state=value)

    def coded(self, rows: "QuerySet[Specimen]", name: str, value: str) -> "QuerySet[Specimen]":
        """Read from a label, with or without the letters and in any case."""
        return rows.filter(code__contains=tidy(value).replace(" ", "").upper())

    def of_commodity(self, rows: "QuerySet[Specimen]", name: str, value: str) -> "QuerySet[Specimen]":
        return of_food(rows, value)

    def received_since(self, rows: "QuerySet[Specimen]", name: str, value: date) -> "QuerySet[Specimen]":
        return rows.filter(received_at__gte=_midnight(value))

    def received_until(self, rows: "QuerySet[Specimen]", name: str, value: date) -> "QuerySet[Specimen]":
        return rows.filter(received_at__lt=_midnight(value + timedelta(days=1)))


def _midnight(day: date) -> datetime:
    """The day's beginning here: a moment to compare with, so that the index by time of receipt is used."""
    return timezone.make_aware(datetime.combine(day, time.min))


class RejectForm(forms.Form):
    cause = forms.ChoiceField(label=_("拒收原因"), choices=[("", _("请选择")), *RejectCause.choices])
    note = forms.CharField(
        label=_("说明"), required=False, max_length=LONGEST_REASON, widget=forms.Textarea({"rows": 3}),
        help_text=_("选“其他”时必填。抽样单位会看到这段话"),
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput)

    def clean(self) -> dict[str, object]:
        typed: dict[str, object] = super().clean() or {}
        if typed.get("cause") == RejectCause.OTHER and not str(typed.get("note") or "").strip():
            self.add_error("note", _("请写明是什么原因。"))
        return typed


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        label=_("撤回原因"), max_length=LONGEST_REASON, widget=forms.Textarea({"rows": 4}),
        help_text=_("写明错在哪里、怎样发现的。原报告留存并标注“已撤回”，原因印在上面"),
    )  # fmt: skip


@dataclass(frozen=True)
class Posted:
    """What a worksheet sent: the rows as typed by blind code and analyte, what had been seen, the day of testing."""

    typed: Mapping[Key, Typed]
    seen: Mapping[Key, str]
    day: date | None
    day_text: str
    day_fault: str

    def entries(self, sheet: Sheet) -> list[Entry]:
        """Rows for the service. Those without a result on which only the offered conditions stand are no entry."""
        offered = {row.key: row.shown for row in sheet.rows if not row.seen}
        return [
            Entry(code, analyte, typed, self.seen.get((code, analyte), ""))
            for (code, analyte), typed in self.typed.items()
            if typed.text or typed != offered.get((code, analyte))
        ]


def read_worksheet(data: Mapping[str, str], sheet: Sheet, at: datetime) -> Posted:
    """Take a posted worksheet apart. Boxes are named `<field>-<key of the test>`, what was seen `seen-<key>`.

    A row that was not sent is not in the answer, so a cut-off request empties nothing.
    """
    typed = {
        row.key: Typed(**{box: tidy(data.get(f"{box}-{row.test}", "")) for box in BOXES})
        for row in sheet.rows
        if f"text-{row.test}" in data
    }
    seen = {row.key: data.get(f"seen-{row.test}", "") for row in sheet.rows}
    text = data.get("tested_on", "").strip()
    day, fault = _day(text, timezone.localdate(at))
    return Posted(typed, seen, day, text, fault)


def _day(text: str, today: date) -> tuple[date | None, str]:
    try:
        day = parse_date(text)
    except ValueError:
        day = None
    if day is None:
        return None, str(_("“%(text)s”不是日期，请按 2026-05-12 的样子填写。") % {"text": text})
    if day > today:
        return None, str(_("%(day)s 是将来的日期，请填今天或以前的日期。") % {"day": day})
    return day, ""
