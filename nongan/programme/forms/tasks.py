"""The query row of the task list; the form of a progress report."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from nongan.programme.models import Task, TaskQuerySet
from nongan.programme.queries.tasks import with_light
from nongan.programme.rules.lights import Light, Window
from nongan.programme.rules.states import TaskState

WHOSE = [("mine", _("本单位承担")), ("all", _("全部"))]


class TaskFilter(django_filters.FilterSet):
    """`whose` is read by the page, which annotates progress accordingly before the filters run."""

    whose = django_filters.ChoiceFilter(label=_("范围"), choices=WHOSE, method="as_is", empty_label=None)
    light = django_filters.ChoiceFilter(label=_("期限"), choices=Light, method="of_light", empty_label=_("全部"))
    progress = django_filters.ChoiceFilter(label=_("进展"), choices=TaskState, empty_label=_("全部"))
    text = django_filters.CharFilter(label=_("任务或单位"), method="matching")
    plan = django_filters.ChoiceFilter(label=_("方案"), field_name="plan_version__plan_id", empty_label=_("全部"))
    chapter = django_filters.CharFilter(label=_("章"), method="of_chapter")
    key = django_filters.BooleanFilter(label=_("只看关键项"), widget=forms.CheckboxInput, method="only_key")

    class Meta:
        model = Task
        fields: list[str] = []

    def __init__(self, *args: Any, at: Window, plans: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.at = at
        self.filters["plan"].field.choices = [("", _("全部")), *plans]

    def as_is(self, rows: TaskQuerySet, name: str, value: str) -> TaskQuerySet:
        return rows

    def of_light(self, rows: TaskQuerySet, name: str, value: str) -> TaskQuerySet:
        return with_light(rows, value, self.at)

    def matching(self, rows: TaskQuerySet, name: str, value: str) -> TaskQuerySet:
        named = rows.filter(units__name__icontains=value.strip()).values("pk")
        return rows.filter(Q(text__icontains=value.strip()) | Q(pk__in=named))

    def of_chapter(self, rows: TaskQuerySet, name: str, value: str) -> TaskQuerySet:
        text = value.strip()
        return rows.filter(Q(chapter=text) | Q(chapter_heading__icontains=text))

    def only_key(self, rows: TaskQuerySet, name: str, value: bool) -> TaskQuerySet:
        return rows.filter(key=True) if value else rows


class Files(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files at once; cleans to a list."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=Files(), **kwargs)

    def clean(self, data: Any, initial: Any = None) -> Any:
        files = data if isinstance(data, list | tuple) else [data] if data else []
        return [super(FilesField, self).clean(file, initial) for file in files if file]


class ReportForm(forms.Form):
    text = forms.CharField(
        label=_("进展情况"), widget=forms.Textarea({"rows": 8}), max_length=5000,
        help_text=_("做了什么、到哪一步、有什么困难。能由台账和检测记录算出的数字不必填写"),
    )  # fmt: skip
    completes = forms.BooleanField(label=_("本单位已完成此项任务"), required=False)
    attachments = FilesField(label=_("附件"), required=False, help_text=_("文件、照片，每个不超过 20 MB，可一次选多个"))
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)


class ReasonForm(forms.Form):
    """Why something is sent back."""

    reason = forms.CharField(
        label=_("原因"), max_length=500, widget=forms.Textarea({"rows": 3}),
        help_text=_("哪里不符、要补什么，对方据此修改"),
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput)
