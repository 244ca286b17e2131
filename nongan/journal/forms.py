"""The query row of the journal."""

from datetime import date, datetime, time, timedelta
from typing import Any

import django_filters
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from nongan.journal.models import Line, LineQuerySet
from nongan.journal.queries import names_with
from nongan.journal.rules import ACTS

DAY = forms.DateInput(attrs={"type": "date"})


def acts() -> list[tuple[str, Any]]:
    """Every act that a context has named, by what it is called on screen."""
    return sorted(((code, str(name)) for code, name in ACTS.items()), key=lambda act: act[0])


def midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


class LineFilter(django_filters.FilterSet):
    by = django_filters.CharFilter(label=_("操作人"), method="by_somebody")
    action = django_filters.ChoiceFilter(label=_("动作"), choices=acts, empty_label=_("全部"))
    since = django_filters.DateFilter(label=_("自"), method="from_day", widget=DAY)
    until = django_filters.DateFilter(label=_("至"), method="until_day", widget=DAY)
    on_id = django_filters.CharFilter(label=_("对象编号"))
    sequence = django_filters.NumberFilter(label=_("序号"))

    class Meta:
        model = Line
        fields: list[str] = []

    def by_somebody(self, lines: LineQuerySet, name: str, value: str) -> LineQuerySet:
        return lines.by_any_of(names_with(value))

    def from_day(self, lines: LineQuerySet, name: str, value: date) -> LineQuerySet:
        return lines.filter(at__gte=midnight(value))

    def until_day(self, lines: LineQuerySet, name: str, value: date) -> LineQuerySet:
        return lines.filter(at__lt=midnight(value + timedelta(days=1)))
