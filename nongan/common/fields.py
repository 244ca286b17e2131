"""A box in which one types a code or a name, and the server finds the thing: no list of thousands on the page."""

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _

from nongan.common.words import listed

Option = tuple[str, str]  # key, label
Find = Callable[[str], Sequence[Option]]


class PickInput(forms.TextInput):
    """Suggestions come from the URL while one types; without JavaScript the box takes the whole code or name."""

    template_name = "ui/widgets/pick.html"

    def __init__(self, url_name: str, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"autocomplete": "off", "spellcheck": "false", **(attrs or {})})
        self.url_name = url_name

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        options = f"{name}-options"
        context["widget"]["attrs"] |= {
            "list": options,
            "hx-get": reverse(self.url_name),
            "hx-trigger": "input changed delay:200ms, focus once",
            "hx-target": f"#{options}",
            "hx-swap": "innerHTML",
            "hx-push-url": "false",
        }
        return context


class PickField(forms.CharField):
    """Cleans to the key. `find(text)` gives at most some (key, label), those that fit best first.

    A text that is a key or a label itself is taken; one that fits a single thing too; anything else is refused
    with what it might have meant.
    """

    def __init__(self, *, url_name: str, find: Find, **kwargs: Any) -> None:
        super().__init__(widget=PickInput(url_name), **kwargs)
        self.find = find

    def prepare_value(self, value: Any) -> Any:
        """A stored key is shown as its label; what somebody typed stays as typed."""
        return next((label for key, label in self.find(str(value)) if key == str(value)), value) if value else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compares keys: the label of the stored key is no change."""
        try:
            return self.clean(data) != str(initial or "")
        except forms.ValidationError:
            return True

    def clean(self, value: Any) -> str:
        text = str(super().clean(value) or "").strip()
        if not text:
            return ""
        found = self.find(text)
        exact = [key for key, label in found if text in (key, label)]
        if len(exact) == 1:
            return exact[0]
        if len(found) == 1:
            return found[0][0]
        if not found:
            raise forms.ValidationError(_("没有找到“%(text)s”。请输入代码或名称，从提示中选择。") % {"text": text})
        labels = listed((label for _key, label in found[:3]), "；")
        raise forms.ValidationError(
            _("“%(text)s”不止一个：%(labels)s。请从提示中选择。") % {"text": text, "labels": labels}
        )


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files at once; cleans to a list, empty when none was chosen."""

    def __init__(self, *, attrs: dict[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(widget=FilesInput(attrs), **kwargs)

    def clean(self, data: Any, initial: Any = None) -> Any:
        files = data if isinstance(data, list | tuple) else [data]
        if self.required and not any(files):
            super().clean(None, initial)
        return [super(FilesField, self).clean(file, initial) for file in files if file]
