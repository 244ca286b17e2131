"""What the page that corrects a draft says beside a field."""

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from nongan.indicators.queries.catalogue import definitions
from nongan.ui.templatetags.ui import icon

register = template.Library()


@register.simple_tag
def said(row: Any, field: str) -> SafeString:
    """The fault of a field, what somebody else made of it, and what one should look at; nothing when all is well."""
    parts = []
    if field in row.now:
        parts.append(
            format_html(
                '<div class="field-error" role="alert">{}{}</div>', icon("users"), _("现在是“%s”。") % row.now[field]
            )
        )
    if field in row.faults:
        parts.append(
            format_html('<div class="field-error" role="alert">{}{}</div>', icon("alert-circle"), row.faults[field])
        )
    elif field in row.warnings:
        parts.append(format_html('<div class="field-warn">{}{}</div>', icon("info-circle"), row.warnings[field]))
    return mark_safe("".join(parts))  # noqa: S308


@register.simple_tag
def bad(row: Any, *fields: str) -> str:
    """The class of a box with a fault or a clash in one of its fields."""
    return "bad" if any(field in row.faults or field in row.now for field in fields) else ""


@register.filter
def computed(code: str) -> bool:
    """Is the indicator computed from records? A plan may name others."""
    return code in definitions()
