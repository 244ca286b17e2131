"""Figures, what they mean, and the records behind them."""

from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_GET, require_POST

from nongan.accounts.rules import Permission
from nongan.common.http import PageRequest, asked, download, go, page
from nongan.common.spreadsheet import write_table
from nongan.indicators import services
from nongan.indicators.queries import figures, records
from nongan.indicators.queries.catalogue import definition, views, words
from nongan.indicators.rules.figures import Figure
from nongan.indicators.rules.periods import NotAPeriod, Period, parse_period, recent

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEADINGS = (lazy("数值"), lazy("单位"), lazy("分子"), lazy("分母"), lazy("95 % 下限"), lazy("95 % 上限"))


@require_GET
def indicators(request: PageRequest) -> HttpResponse:
    """Every indicator of a division in a period: `?division=&period=`."""
    division = figures.place_for(request.user, asked(request, "division"))
    period = _period(request)
    lines = figures.table(division, period, timezone.localdate())
    if asked(request, "export"):
        rows = [
            [words(line.shown.definition).name, line.shown.period.label, *_cells(line.shown.figure), line.shown.at]
            for line in lines
        ]
        return _file(_("指标"), [_("指标"), _("时段"), *map(str, HEADINGS), _("计算时间")], rows)
    context = {
        "lines": lines,
        "may_compute": request.user.may(Permission.INDICATOR_COMPUTE),
        **_where(request, division, period),
    }
    return page(request, "indicators/list.html", context)


@require_GET
def indicator(request: PageRequest, code: str) -> HttpResponse:
    """One indicator: what it is, its value, how it went, where it stands in the divisions below."""
    division = figures.place_for(request.user, asked(request, "division"))
    one, on, period = definition(code), timezone.localdate(), _period(request)
    period = figures.period_for(one, period, on)
    parts = figures.breakdown(one, division, period)
    if asked(request, "export"):
        rows = [[part.division.code, part.division.name, period.label, *_cells(part.figure)] for part in parts]
        headings = [_("区划代码"), _("区划"), _("时段"), *map(str, HEADINGS)]
        return _file(words(one).name, headings, rows)
    found = records.behind(one, division, period)
    series = figures.trend(one, division, on)
    context = {
        "one": one,
        "words": words(one),
        "view": views()[one.view],
        "shown": figures.value(code, division, period),
        "counts": (found.count(True), found.count(False)),
        "parts": parts,
        "months": list(zip(reversed(series.periods), reversed(series.figures), strict=True)),
        "chart": {"known": any(f.known for f in series.figures), "data": chart_data(series, one.unit)},
        **_where(request, division, period),
    }
    return page(request, "indicators/indicator.html", context)


def chart_data(series: figures.Series, unit: str) -> dict[str, Any]:
    """What charts.js draws. The numbers on screen are exact; those of a line may be floats."""
    values = [float(text) if (text := figure.text_in(unit)) else None for figure in series.figures]
    return {"labels": [str(period) for period in series.periods], "values": values, "unit": unit, "target": None}


@require_GET
def evidence(request: PageRequest, code: str) -> HttpResponse:
    """The records behind a value: `?division=&period=&passing=0`."""
    division = figures.place_for(request.user, asked(request, "division"))
    one = definition(code)
    period = figures.period_for(one, _period(request), timezone.localdate())
    passing = asked(request, "passing") != "0" or one.kind == "count"
    found, said = records.behind(one, division, period), words(one)
    heading = said.passing if passing else said.failing
    if asked(request, "export"):
        rows = [[r.number, r.title, r.place, r.date] for r in records.all_records(found, passing)]
        return _file(f"{said.name}-{heading}", [_("编号"), _("记录"), _("区划"), _("日期")], rows)
    size = asked(request, "size")
    context = {
        "one": one,
        "words": said,
        "heading": heading,
        "passing": passing,
        "shown": found.shown,
        "counts": (found.count(True), found.count(False)),
        "page": records.records(
            found, passing, at=asked(request, "at"), size=int(size) if size.isdecimal() and len(size) < 4 else 0
        ),
        **_where(request, division, period),
    }
    return page(request, "indicators/records.html", context)


@require_POST
def recount(request: PageRequest) -> HttpResponse:
    """Have everything read and computed again."""
    services.ask_recount(by=request.user, at=timezone.now())
    return go(request, "indicators:list")


def _period(request: PageRequest) -> Period:
    """The period of the address bar; what nobody can read is everything."""
    try:
        return parse_period(asked(request, "period") or "all")
    except NotAPeriod:
        return parse_period("all")


def _where(request: PageRequest, division: str, period: Period) -> dict[str, Any]:
    way = figures.way_to(request.user, division)
    periods = list(recent(timezone.localdate()))
    return {
        "division": division,
        "place": way[-1] if way else None,
        "way": way,
        "inside": figures.parts_of(division),
        "period": period,
        "periods": periods if period in periods else [period, *periods],
        "kept": [(name, asked(request, name)) for name in ("passing",) if asked(request, name)],
    }


def _cells(figure: Figure) -> list[Any]:
    interval = [Decimal(end) for end in figure.interval] if figure.interval else ["", ""]
    value = Decimal(figure.text) if figure.known else _("无数据")
    return [value, figure.definition.unit, figure.numerator, figure.denominator, *interval]


def _file(title: str, headings: list[str], rows: list[list[Any]]) -> HttpResponse:
    return download(write_table(title, headings, rows), f"{title}.xlsx", XLSX)
