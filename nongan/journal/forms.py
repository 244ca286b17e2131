"""The query row of the journal."""

from typing import Any

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from nongan.journal.models import Line
from nongan.journal.rules import ACTS

DAY = forms.DateInput(attrs={"type": "date"})


def acts() -> list[tuple[str, Any]]:
    """Every act that a context has named, by what it is called on screen."""
    return sorted(((code, str(name)) for code, name in ACTS.items()), key=lambda act: act[0])


class LineFilter(django_filters.FilterSet):
    by = django_filters.CharFilter(label=_("操作人"), lookup_expr="icontains")
    action = django_filters.ChoiceFilter(label=_("动作"), choices=acts, empty_label=_("全部"))
    since = django_filters.DateFilter(label=_("自"), field_name="at", lookup_expr="date__gte", widget=DAY)
    until = django_filters.DateFilter(label=_("至"), field_name="at", lookup_expr="date__lte", widget=DAY)
    on_id = django_filters.CharFilter(label=_("对象编号"))
    sequence = django_filters.NumberFilter(label=_("序号"))

    class Meta:
        model = Line
        fields: list[str] = []
