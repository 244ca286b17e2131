"""The journal: one append-only line for every act. It has no foreign keys, so it never holds live data back.

Triggers (migration 0002) refuse update and delete. `Head` is the one row that every act takes in turn:
it gives the chain its order on any database, and tells when the last lines have been cut off.

The list of lines goes by time, newest first, within milliseconds among millions: each index ends with that order, and
what most lines share (a city, several people of one name) is asked for through an expression that no index has, so that
the planner walks the order instead of sorting. SQLite keeps no statistics of values.
"""

import json
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Value
from django.db.models.functions import Concat, Substr
from django.utils.translation import gettext_lazy as _

from nongan.common.divisions import Level, is_code, level_of, prefix_of, within
from nongan.journal.rules import ACTS, FACTS

ORDER = ("at", "sequence")


class LineQuerySet(models.QuerySet["Line"]):
    def in_division(self, code: str) -> "LineQuerySet":
        """Lines about things in a division; a blank code, and one that is none, sees nothing."""
        if not is_code(code) or not code:
            return self.none()
        prefix = prefix_of(code)
        if level_of(code) < Level.COUNTY:
            return self.alias(wide=Substr("division", 1, len(prefix))).filter(wide=prefix)
        return self.filter(within("division", code), county=prefix[: Level.COUNTY])

    def by_any_of(self, names: list[str]) -> "LineQuerySet":
        """Lines of people, named in full."""
        if len(names) == 1:
            return self.filter(by=names[0])
        return self.alias(who=Concat("by", Value(""))).filter(who__in=names)


class Line(models.Model):
    sequence = models.BigIntegerField(_("序号"), primary_key=True)
    at = models.DateTimeField(_("时间"))
    by = models.CharField(_("操作人"), max_length=200)
    action = models.CharField(_("动作"), max_length=100)
    on_model = models.CharField(_("对象类型"), max_length=100)
    on_id = models.CharField(_("对象"), max_length=64)
    division = models.CharField(_("区划"), max_length=12, blank=True)
    county = models.GeneratedField(
        expression=Substr("division", 1, 6), output_field=models.CharField(max_length=6), db_persist=True
    )
    details = models.TextField(_("内容"), default="{}")
    previous = models.CharField(max_length=64)
    hash = models.CharField(_("哈希"), max_length=64)

    objects = LineQuerySet.as_manager()

    class Meta:
        verbose_name = _("日志")
        indexes = [
            models.Index(fields=[*ORDER], name="journal_line_newest"),
            models.Index(fields=["county", *ORDER], name="journal_line_county"),
            models.Index(fields=["action", *ORDER], name="journal_line_action"),
            models.Index(fields=["by", *ORDER], name="journal_line_by"),
            models.Index(fields=["on_id", "on_model", "sequence"], name="journal_line_about"),
        ]

    def __str__(self) -> str:
        return f"#{self.sequence} {self.at:%Y-%m-%d %H:%M:%S} {self.by} {self.action} {self.on_model} {self.on_id}"

    @property
    def facts(self) -> dict[str, Any]:
        """The details as values."""
        facts: dict[str, Any] = json.loads(self.details)
        return facts

    @property
    def told(self) -> list[tuple[Any, str]]:
        """The details as people read them: what it is called, and the value. What is empty is left out."""
        said = {True: str(_("是")), False: str(_("否"))}
        return [
            (FACTS.get(key, key), said[value] if isinstance(value, bool) else _in_words(value))
            for key, value in self.facts.items()
            if value not in ("", None, [], {})
        ]

    @property
    def name(self) -> str:
        """What the act is called on screen."""
        return str(ACTS.get(self.action, self.action))

    @property
    def thing(self) -> str:
        """What kind of thing it happened to, as it is called on screen."""
        try:
            return str(apps.get_model(self.on_model)._meta.verbose_name)
        except (LookupError, ValueError):
            return self.on_model

    @property
    def about(self) -> str:
        """Which thing: its kind, and its number, code or name where the act left one."""
        facts = self.facts
        which = next((str(facts[key]) for key in ("number", "code", "name") if facts.get(key)), "")
        return f"{self.thing} {which}".strip()

    @property
    def note(self) -> str:
        """The sentence that the act left for readers, if it left one."""
        return str(self.facts.get("note", ""))


def _in_words(value: Any) -> str:
    if isinstance(value, list):
        return "、".join(map(_in_words, value))
    if isinstance(value, dict):
        return "、".join(f"{FACTS.get(key, key)} {_in_words(one)}" for key, one in value.items())
    return str(value)


class Head(models.Model):
    """The end of the chain: one row, locked by each act while it appends."""

    sequence = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"#{self.sequence} {self.hash}"


class Delivery(models.Model):
    """The outbox: a line that one handler has yet to hear. A delivered row is removed."""

    line_sequence = models.BigIntegerField()
    handler = models.CharField(_("接收方"), max_length=200)
    attempts = models.PositiveIntegerField(_("已试次数"), default=0)
    due_at = models.DateTimeField(_("下次重试"), db_index=True)
    fault = models.TextField(_("失败原因"), blank=True)

    class Meta:
        verbose_name = _("待投递")
        constraints = [models.UniqueConstraint(fields=["line_sequence", "handler"], name="journal_delivery_once")]

    def __str__(self) -> str:
        return f"#{self.line_sequence} → {self.handler}"
