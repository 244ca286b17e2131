"""The pieces of every page. A built-in of all templates: no `load` needed."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from nongan.common import words
from nongan.common.keyset import SIZES

register = template.Library()

# A state never speaks by colour alone: each tone has its icon.
TONES = {
    "ok": "circle-check",
    "bad": "alert-circle",
    "warn": "clock-exclamation",
    "info": "info-circle",
    "idle": "circle-dashed",
}

register.simple_tag(words.mark)  # {% mark "：" %}
register.filter(words.listed)  # {{ names|listed }}


@register.simple_tag
def icon(name: str) -> SafeString:
    return format_html('<i class="ti ti-{}" aria-hidden="true"></i>', name)


@register.simple_tag
def tag(text: object, tone: str = "idle") -> SafeString:
    """A state with colour, icon and word."""
    tone = tone if tone in TONES else "idle"
    return format_html('<span class="state state-{}">{}{}</span>', tone, icon(TONES[tone]), text)


@register.filter
def day(value: date | datetime | None) -> str:
    """2026-11-24, or a dash."""
    if isinstance(value, datetime):
        value = timezone.localtime(value) if timezone.is_aware(value) else value
    return value.strftime("%Y-%m-%d") if value else "—"


@register.filter
def moment(value: datetime | None) -> str:
    """2026-11-24 14:30, or a dash."""
    return timezone.localtime(value).strftime("%Y-%m-%d %H:%M") if value else "—"


@register.filter
def amount(value: Decimal | int | None) -> str:
    """A number in plain notation with thousands separators, or a dash."""
    if value is None:
        return "—"
    text = f"{value:,f}" if isinstance(value, Decimal) else f"{value:,}"  # the formats of zh-hans group nothing
    return text.rstrip("0").rstrip(".") if "." in text else text


@register.filter
def minutes(seconds: float) -> int:
    """Whole minutes, rounded up."""
    return -int(-seconds // 60)


@register.filter
def get(mapping: dict[Any, Any], key: Any) -> Any:
    """The value of a key, or nothing."""
    return mapping.get(key, "")


@register.inclusion_tag("ui/pager.html", takes_context=True)
def pager(context: template.Context, page: Any) -> dict[str, Any]:
    """共 N 条, page size, previous and next; keeps the query of the address bar."""
    return {"page": page, "request": context["request"], "sizes": SIZES}


@register.inclusion_tag("ui/timeline.html")
def timeline(lines: list[Any]) -> dict[str, Any]:
    """What happened, newest first (lines of the journal)."""
    return {"lines": lines}


@register.inclusion_tag("ui/empty.html")
def empty(text: str, action: str = "", url: str = "") -> dict[str, Any]:
    """Why a list is empty, and the one thing to do."""
    return {"text": text, "action": action, "url": url}


@register.inclusion_tag("ui/errors.html")
def errors(form: Any, refusal: str = "") -> dict[str, Any]:
    """The summary of errors at the top of a form, each a link to its field."""
    return {"form": form, "refusal": refusal}
