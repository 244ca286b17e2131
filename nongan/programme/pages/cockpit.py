"""The cockpit (驾驶舱): are we on target, where not, since when, who acts."""

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from nongan.accounts.rules import Permission
from nongan.accounts.services import require
from nongan.common.http import PageRequest, asked, page
from nongan.indicators.queries import records
from nongan.indicators.queries.figures import place_for, way_to
from nongan.indicators.rules.periods import NotAPeriod, Period, parse_period, recent
from nongan.programme.models import PlanVersion
from nongan.programme.queries import cockpit as queries
from nongan.programme.queries.plans import adopted_plans

FEW = 8  # records on the cockpit; the rest one click away


@require_GET
def cockpit(request: PageRequest) -> HttpResponse:
    """`?plan=&indicator=&division=&period=` is the selection; `?wall=1` the same without controls, for a wall."""
    require(request.user, Permission.PLAN_VIEW)
    division = place_for(request.user, asked(request, "division"))
    plans = list(adopted_plans(request.user).defer("content").prefetch_related("phases"))
    on = timezone.localdate()
    version = _chosen(request, plans, on)
    wall = asked(request, "wall") == "1"
    if version is None:
        return page(request, "programme/cockpit_empty.html", {"may_upload": request.user.may(Permission.PLAN_EDIT)})
    course = queries.course_of(version, on)
    periods = queries.periods_for(course, on, list(recent(on)))
    period = _period(request, periods[0])
    board = queries.board(request.user, version, division, period, on)
    row = _selected(request, board)
    way = way_to(request.user, division)
    context = {
        "plans": plans, "version": version, "course": course, "division": division, "way": way,
        "place": way[-1] if way else None, "period": period, "wall": wall, "board": board, "row": row,
        "periods": periods if period in periods else [period, *periods],
        "selection": _query(version, row, division, period),
        **(_details(row, division, wall=wall) if row else {}),
    }  # fmt: skip
    return page(request, "programme/cockpit_wall.html" if wall else "programme/cockpit.html", context)


def _chosen(request: PageRequest, plans: list[PlanVersion], on: date) -> PlanVersion | None:
    """The plan that was asked for, else of those whose days these are the one adopted last, else the last of all."""
    wanted = asked(request, "plan")
    found = next((v for v in plans if str(v.plan_id) == wanted), None)
    running = [v for v in plans if queries.course_of(v, on).running(on)] or plans
    return found or max(running, key=lambda v: (v.adopted_at is not None and v.adopted_at, v.pk), default=None)


def _period(request: PageRequest, usual: Period) -> Period:
    try:
        return parse_period(asked(request, "period") or str(usual))
    except NotAPeriod:
        return usual


def _selected(request: PageRequest, board: queries.Board) -> queries.Row | None:
    """The target that was asked for (its key, or the code of an indicator), else the first by which the divisions can
    be compared, else the first that is computed."""
    wanted = asked(request, "indicator")
    found = board.with_figures
    asked_for = next((r for r in found if wanted in (r.key, r.target.indicator)), None) if wanted else None
    return asked_for or next((r for r in found if r.below is not None), None) or next(iter(found), None)


def _query(version: PlanVersion, row: queries.Row | None, division: str, period: Period) -> dict[str, str]:
    chosen = {"plan": str(version.plan_id), "division": division, "period": str(period)}
    return chosen | ({"indicator": row.key} if row else {})


def _details(row: queries.Row, division: str, *, wall: bool) -> dict[str, Any]:
    """Map, ranking, trend and records of the selected target."""
    assert row.definition and row.period and row.trend
    one, series = row.definition, row.trend
    behind = records.behind(one, division, row.period)
    passing = one.kind == "count"
    outlined = queries.outlines(row)
    return {
        "map": None if outlined else queries.schema(row),
        "outlines": outlined,
        "ranking": queries.ranking(row),
        "chart": {
            "labels": [str(p) for p in series.periods],
            "values": [float(text) if (text := f.text_in(row.unit)) else None for f in series.figures],
            "unit": row.unit, "target": None if one.kind == "count" else float(row.target.value), "dark": wall,
        },
        "drawn": any(f.known for f in series.figures),
        "count": behind.count(passing),
        "passing": passing,
        "records": records.records(behind, passing, most=FEW).rows,
    }  # fmt: skip
