"""Well-formed input about population and boundaries."""

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from nongan.places import queries
from nongan.places.models import Division, DivisionQuerySet


class DivisionFilter(django_filters.FilterSet):
    text = django_filters.CharFilter(label=_("名称或代码"), method="matching")

    class Meta:
        model = Division
        fields: list[str] = []

    def matching(self, rows: DivisionQuerySet, name: str, value: str) -> DivisionQuerySet:
        return queries.divisions_matching(rows, value.strip())


class PopulationForm(forms.Form):
    year = forms.IntegerField(label=_("年份"), min_value=1949, widget=forms.NumberInput({"inputmode": "numeric"}))
    residents = forms.IntegerField(
        label=_("年末常住人口（人）"), min_value=1, help_text=_("单位是人，不是万人"),
        widget=forms.NumberInput({"inputmode": "numeric"}),
    )  # fmt: skip
    source = forms.CharField(label=_("来源"), max_length=200, help_text=_("如“宜春市2025年国民经济和社会发展统计公报”"))
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)


class BoundaryForm(forms.Form):
    file = forms.FileField(
        label=_("GeoJSON 文件"),
        help_text=_("要素集合（FeatureCollection），每个区划一个面要素，CGCS2000 经纬度，不超过 20 MB。"
                    "属性中有区划代码（code、adcode、PAC…）的按代码对应，否则按名称。"),
        widget=forms.ClearableFileInput({"accept": ".geojson,.json"}),
    )  # fmt: skip
    source = forms.CharField(
        label=_("来源"), max_length=200, help_text=_("哪个部门、哪一版，如“市自然资源局 2025 年版”")
    )
