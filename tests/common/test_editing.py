"""The second to save is told; what was typed stays."""

from types import SimpleNamespace

import pytest
from django import forms
from django.http import QueryDict

from nongan.common.editing import Stale, check_version, renew
from nongan.common.fields import PickField

PLACES = [("1", "彬江镇"), ("2", "灵泉街道")]


class Sheet(forms.Form):
    name = forms.CharField()
    kind = forms.ChoiceField(choices=[("a", "企业"), ("组", [("b", "合作社")])])
    many = forms.MultipleChoiceField(choices=[("x", "甲"), ("y", "乙")], required=False)
    agreed = forms.BooleanField(required=False)
    day = forms.DateField(required=False)
    place = PickField(url_name="home", find=lambda text: [p for p in PLACES if text in p])
    today = forms.CharField(initial="default", required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)


NOW = {"name": "新名", "kind": "b", "many": ["x", "y"], "agreed": True, "day": None, "place": "1", "version": 2}


def stale(typed):
    form = Sheet(QueryDict(typed), initial=NOW)
    assert form.is_valid(), form.errors
    with pytest.raises(Stale) as refusal:
        check_version(SimpleNamespace(version=2), form.cleaned_data["version"])
    renew(form, refusal.value, 2)
    return form


def test_the_version_is_counted_on():
    thing = SimpleNamespace(version=4)
    check_version(thing, 4)
    assert thing.version == 5


def test_each_field_that_differs_says_what_stands_now():
    form = stale("name=旧名&kind=a&many=x&day=2026-05-12&place=灵泉街道&today=changed&version=1")
    assert {field: errors[0] for field, errors in form.errors.items() if field != "__all__"} == {
        "name": "现在是“新名”。", "kind": "现在是“合作社”。", "many": "现在是“甲、乙”。", "agreed": "现在是“是”。",
        "day": "现在是空的。", "place": "现在是“彬江镇”。",
    }  # fmt: skip
    assert "刚被他人修改" in form.non_field_errors()[0]


def test_what_was_typed_stays_and_the_next_save_goes_through():
    form = stale("name=旧名&kind=b&many=x&many=y&agreed=on&place=彬江镇&version=1")
    assert [field for field in form.errors if field != "__all__"] == ["name"]
    assert 'value="旧名"' in str(form["name"])
    again = Sheet(form.data, initial=NOW)
    assert again.is_valid()
    assert again.cleaned_data["version"] == 2
