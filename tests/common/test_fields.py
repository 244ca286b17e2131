"""Boxes in which one picks a thing, and boxes for files."""

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from nongan.common.fields import FilesField, PickField

PLACES = [
    ("360902100000", "彬江镇 · 袁州区"), ("360902001000", "灵泉街道 · 袁州区"), ("360981100000", "彬江镇 · 丰城市"),
    ("360902100201", "彬江村 · 彬江镇"),
]  # fmt: skip


def find(text):
    return [place for place in PLACES if text in place[0] or text in place[1]]


def form(required=True):
    class Sheet(forms.Form):
        place = PickField(url_name="home", find=find, required=required)

    return Sheet


@pytest.mark.parametrize(
    "typed, key",
    [
        ("360902100000", "360902100000"), ("灵泉", "360902001000"), (" 灵泉街道 · 袁州区 ", "360902001000"),
        ("彬江镇 · 丰城市", "360981100000"),
    ],
)  # fmt: skip
def test_a_key_a_label_or_what_fits_one_thing_is_taken(typed, key):
    sheet = form()({"place": typed})
    assert sheet.is_valid()
    assert sheet.cleaned_data["place"] == key


@pytest.mark.parametrize("typed, said", [("", "必填"), ("彬江", "不止一个"), ("丰城县", "没有找到“丰城县”")])
def test_anything_else_is_asked_back_with_what_it_might_mean(typed, said):
    sheet = form()({"place": typed})
    assert said in sheet.errors["place"][0]
    assert f'value="{typed}"' in str(sheet["place"]) or not typed
    if said == "不止一个":
        assert "彬江镇 · 袁州区；" in sheet.errors["place"][0]


def test_optional_and_left_empty():
    sheet = form(required=False)({"place": " "})
    assert sheet.is_valid()
    assert sheet.cleaned_data["place"] == ""


def test_a_stored_key_is_shown_as_its_label():
    assert 'value="灵泉街道 · 袁州区"' in str(form()(initial={"place": "360902001000"})["place"])
    assert 'value="gone"' in str(form()(initial={"place": "gone"})["place"])


@pytest.mark.parametrize(
    "typed, changed", [("灵泉街道 · 袁州区", False), ("360902001000", False), ("彬江村", True), ("?", True)]
)
def test_the_label_of_the_stored_key_is_no_change(typed, changed):
    sheet = form()(QueryDict(f"place={typed}"), initial={"place": "360902001000"})
    assert sheet.has_changed() == changed


class Files(forms.Form):
    files = FilesField(required=False)
    needed = FilesField()


def test_several_files_at_once():
    some = [SimpleUploadedFile("a.txt", b"a"), SimpleUploadedFile("b.txt", b"b")]
    sheet = Files({}, MultiValueDict({"needed": some}))
    assert sheet.is_valid()
    assert ([f.name for f in sheet.cleaned_data["needed"]], sheet.cleaned_data["files"]) == (["a.txt", "b.txt"], [])
    assert "needed" in Files({}, MultiValueDict({"files": some})).errors
    empty = [SimpleUploadedFile("a.txt", b"a"), SimpleUploadedFile("b.txt", b"")]
    assert "needed" in Files({}, MultiValueDict({"needed": empty})).errors
