"""How figures look: the value with its fraction and its interval, and a small line."""

from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from nongan.indicators.queries.catalogue import words
from nongan.indicators.queries.figures import Series
from nongan.indicators.rules.definition import Definition, Words
from nongan.indicators.rules.drawing import HEIGHT, WIDTH, strokes
from nongan.indicators.rules.figures import Figure

register = template.Library()


@register.filter
def said(definition: Definition) -> Words:
    """The indicator in words: name, why, denominator, numerator, passing, failing."""
    return words(definition)


@register.inclusion_tag("indicators/figure.html")
def figure(shown: Figure, fraction: bool = True) -> dict[str, Any]:
    """A value with its unit, what it is a fraction of, and how sure it is."""
    return {"f": shown, "fraction": fraction}


@register.simple_tag
def sparkline(series: Series) -> SafeString:
    """The months as a line; the word for it says from where to where it went."""
    known = [(p, f) for p, f in zip(series.periods, series.figures, strict=True) if f.known]
    if not known:
        return format_html('<span class="muted">{}</span>', _("无数据"))
    (first, was), (last, now) = known[0], known[-1]
    unit = was.definition.unit
    label = _("%(first)s %(was)s%(unit)s，%(last)s %(now)s%(unit)s") % {
        "first": first.label, "was": was.text, "last": last.label, "now": now.text, "unit": unit,
    }  # fmt: skip
    drawn = strokes([f.value for f in series.figures])
    lines = format_html_join(
        "", '<polyline points="{}"/>', ((" ".join(f"{x},{y}" for x, y in line),) for line in drawn if len(line) > 1)
    )
    x, y = drawn[-1][-1]
    return format_html(
        '<svg class="spark" viewBox="0 0 {} {}" width="{}" height="{}" role="img" aria-label="{}"><title>{}</title>'
        '{}<circle cx="{}" cy="{}" r="2.5"/></svg>',
        WIDTH, HEIGHT, WIDTH, HEIGHT, label, label, lines, x, y,
    )  # fmt: skip
