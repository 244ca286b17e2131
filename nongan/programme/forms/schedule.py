"""The monthly steps of one task."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nongan.programme.models import ScheduleItem


class StepForm(forms.Form):
    text = forms.CharField(label=_("计划步骤"), required=False, max_length=300)
    done = forms.BooleanField(label=_("已完成"), required=False)

    def __init__(self, *args: Any, month: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.month = month
        for field in self.fields.values():
            field.widget.attrs["aria-label"] = f"{month:%Y-%m} {field.label}"


def step_forms(months: Iterable[date], steps: dict[date, ScheduleItem], data: Any = None) -> list[StepForm]:
    return [
        StepForm(
            data,
            prefix=f"{month:%Y%m}",
            month=month,
            initial={"text": steps[month].text, "done": steps[month].done} if month in steps else {},
        )
        for month in months
    ]
