"""Well-formed input about files."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from nongan.documents.rules import LARGEST


class ImportForm(forms.Form):
    """A table, and whatever else its kind asks for (`ImportKind.options`)."""

    file = forms.FileField(
        label=_("表格文件"),
        widget=forms.FileInput({"accept": ".xlsx,.csv"}),
        help_text=_(".xlsx 或 .csv，不超过 20 MB，最多 100,000 行。只读第一张工作表"),
        error_messages={
            "required": _("请选择一个文件。"),
            "empty": _("文件是空的。请下载模板，填写后再上传。"),
        },
    )

    def __init__(self, *args: Any, options: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names = list(options)
        for name, label in options.items():
            self.fields[name] = forms.CharField(label=label, max_length=200)

    @property
    def options(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in self.names}

    def clean_file(self) -> "UploadedFile[Any]":
        """Refused by its size before it is read into memory."""
        file: UploadedFile[Any] = self.cleaned_data["file"]
        if file.size is None or file.size > LARGEST:
            raise forms.ValidationError(_("文件超过 20 MB，请拆分后上传。"))
        return file
