"""Two people, one record: the second to save is told, and nothing is overwritten."""

from typing import Protocol

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
