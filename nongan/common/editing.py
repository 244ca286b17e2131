"""Two people, one record: the second to save is told, and nothing is overwritten."""

from typing import Any, Protocol

from django import forms
from django.utils.translation import gettext_lazy as _

from nongan.common.errors import RuleBroken


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
        if name != "version":
            field = form.fields[name]
            now = field.prepare_value(form.get_initial_for_field(field, name))
            form.add_error(name, _("现在是“%(now)s”。") % {"now": now})
    form.add_error(None, str(refusal))
    data: Any = form.data.copy()  # type: ignore[attr-defined]  # a QueryDict
    data[form.add_prefix("version")] = str(version)
    form.data = data
