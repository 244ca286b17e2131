import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from nongan.journal.models import Line

DAY = forms.DateInput(attrs={"type": "date"})


class LineFilter(django_filters.FilterSet):
    by = django_filters.CharFilter(label=_("操作人"), lookup_expr="icontains")
    action = django_filters.CharFilter(label=_("动作代码"), lookup_expr="startswith")
    since = django_filters.DateFilter(label=_("自"), field_name="at", lookup_expr="date__gte", widget=DAY)
    until = django_filters.DateFilter(label=_("至"), field_name="at", lookup_expr="date__lte", widget=DAY)
    on_id = django_filters.CharFilter(label=_("对象"))
    sequence = django_filters.NumberFilter(label=_("序号"))

    class Meta:
        model = Line
        fields: list[str] = []
