"""A document on its way to becoming a plan."""

from functools import partial
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nongan.common.fields import PickField
from nongan.documents.rules import LARGEST
from nongan.places.queries import pick_divisions

if TYPE_CHECKING:
    from nongan.accounts.models import User


class UploadForm(forms.Form):
    file = forms.FileField(
        label=_("方案文件"),
        max_length=200,
        help_text=_(".docx 或 .txt，最大 20 MB。一个文件里可以有几篇方案。旧版 .doc 请另存为 .docx"),
        widget=forms.ClearableFileInput({"accept": ".docx,.txt"}),
    )
    division = PickField(
        label=_("方案所属区划"),
        url_name="places:division-options",
        find=lambda text: [],
        help_text=_("制定方案的市或县。输入代码或名称，从提示中选择"),
    )

    def __init__(self, *args: Any, by: "User", next_version: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["division"].find = partial(pick_divisions, scope=by.scope)  # type: ignore[attr-defined]
        if next_version:
            del self.fields["division"]

    def clean_file(self) -> Any:
        """A file that is too large is refused before it is read."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(_("文件超过 20 MB。请去掉图片或拆分后再上传。"))
        if not file.name.lower().endswith((".docx", ".txt")):
            raise forms.ValidationError(_("只能读取 .docx 和 .txt。旧版 .doc 或 PDF 请另存为 .docx 后上传。"))
        return file
