"""Two people, one record: the second to save is told, and nothing is overwritten."""

from typing import Any, Protocol

from django import forms
from django.utils.choices import flatten_choices
from django.utils.translation import gettext_lazy as _

from nongan.common.errors import RuleBroken
from nongan.common.words import listed


class Stale(RuleBroken):
    """Somebody saved the record between this person's reading and saving."""

    code = "stale"


class Versioned(Protocol):
    version: int


def check_version(thing: Versioned, seen: int) -> None:
    """Raise `Stale` unless the locked `thing` is still the version that the person saw; then count it on."""
    if thing.version != seen:
        raise Stale(_("这条记录刚被他人修改，您的修改未保存。请核对最新内容后再次保存。"))
    thing.version += 1


def renew(form: forms.Form, refusal: Stale, version: int) -> None:
    """After `Stale`: what was typed stays, each field that differs says what stands now, the next save knows it.

    The form must be bound, with the record as it stands now as `initial`, and hold a hidden `version`.
    """
    for name in form.changed_data:
        if name != "version" and name in form.initial:
            now = _shown(form.fields[name], form.initial[name])
            form.add_error(name, _("现在是“%(now)s”。") % {"now": now} if now else _("现在是空的。"))
    form.add_error(None, str(refusal))
    data: Any = form.data.copy()  # type: ignore[attr-defined]  # a QueryDict
    data[form.add_prefix("version")] = str(version)
    form.data = data


def _shown(field: forms.Field, value: Any) -> str:
    """A stored value as the form shows it: the label of a choice, not its code word."""
    if isinstance(field, forms.BooleanField):
        return str(_("是") if value else _("否"))
    if isinstance(field, forms.ChoiceField):
        choices: Any = field.choices
        labels = dict(flatten_choices(choices))
        values = value if isinstance(value, list | tuple) else [value]
        return listed(labels.get(field.prepare_value(v), v) for v in values)
    shown = field.prepare_value(value)
    return "" if shown is None else str(shown)
