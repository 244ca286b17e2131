"""Limits, bans and items as lists, each with its query row and export."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from nongan.accounts.rules import Permission
from nongan.accounts.services import require
from nongan.common.http import PageRequest, download, listed, page
from nongan.common.media import XLSX
from nongan.common.spreadsheet import write_table
from nongan.journal.queries import timeline
from nongan.standards import queries
from nongan.standards.forms import AnalyteFilter, BanFilter, LimitFilter
from nongan.standards.models import Limit
from nongan.standards.queries import lists
from nongan.standards.rules import BanStatus

BAN_TONES = {
    BanStatus.BANNED: "bad",
    BanStatus.STOPPED: "bad",
    BanStatus.RESTRICTED: "warn",
    BanStatus.CONTROLLED: "info",
}


@require_GET
def limits(request: PageRequest) -> HttpResponse:
    require(request.user, Permission.STANDARDS_VIEW)
    chosen = LimitFilter(request.GET)
    found = chosen.rows()
    if request.GET.get("export"):
        rows = found.order_by(*lists.LIMIT_ORDER)
        return download(write_table(_("限量"), *_limit_table(rows)), _("限量") + ".xlsx", XLSX)
    context = {
        "page": listed(request, found, order=lists.LIMIT_ORDER),
        "form": chosen,
        "today": timezone.localdate(),
        "may_edit": request.user.may(Permission.STANDARDS_EDIT),
    }
    return page(request, "standards/limits.html", context, part="list")


def _limit_table(rows: Any) -> tuple[list[str], Iterable[tuple[Any, ...]]]:
    heads = [
        _("检测项目"), _("食品"), _("标准原文"), _("除外"), _("限量"), _("数值"), _("单位"), _("临时限量"),
        _("适用条件"), _("版本"), _("生效日期"), _("失效日期"), _("演示数据"), _("备注"), _("来源"),
    ]  # fmt: skip
    return heads, (_limit_cells(limit) for limit in rows.iterator(chunk_size=1000))


def _limit_cells(limit: Limit) -> tuple[Any, ...]:
    edition = limit.edition
    return (
        limit.analyte.name, limit.commodity.name, limit.food_text,
        "、".join(food.name for food in limit.exclusions.all()), str(limit.bounds),
        limit.high if limit.high is not None else limit.low, limit.unit,
        _("是") if limit.temporary else "", limit.condition, edition.code, *limit.validity,
        _("是") if edition.demonstration else "", limit.note, limit.source or edition.source,
    )  # fmt: skip


@require_GET
def bans(request: PageRequest) -> HttpResponse:
    require(request.user, Permission.STANDARDS_VIEW)
    chosen = BanFilter(request.GET)
    found = chosen.rows()
    if request.GET.get("export"):
        heads = [
            _("物质"), _("状态"), _("范围"), _("生效日期"), _("失效日期"), _("依据"), _("名录所列名称"), _("判定方式"),
            _("核对情况"), _("演示数据"), _("备注"), _("来源"),
        ]  # fmt: skip
        return download(write_table(_("禁限用名录"), heads, _ban_cells(found)), _("禁限用名录") + ".xlsx", XLSX)
    context = {
        "page": listed(request, found, order=lists.BAN_ORDER),
        "form": chosen,
        "tones": BAN_TONES,
        "today": timezone.localdate(),
        "may_edit": request.user.may(Permission.STANDARDS_EDIT),
    }
    return page(request, "standards/bans.html", context, part="list")


def _ban_cells(rows: Any) -> Iterator[tuple[Any, ...]]:
    for ban in rows.order_by(*lists.BAN_ORDER):
        yield (
            ban.analyte.name, ban.get_status_display(), _("全部") if ban.everywhere else ban.scope_text, ban.valid_from,
            ban.valid_to, ban.basis, ban.listed_as, ban.get_test_display(), ban.confidence,
            _("是") if ban.demonstration else "", ban.note, ban.source,
        )  # fmt: skip


@require_GET
def analytes(request: PageRequest) -> HttpResponse:
    require(request.user, Permission.STANDARDS_VIEW)
    chosen = AnalyteFilter(request.GET, queryset=lists.analytes())
    if request.GET.get("export"):
        heads = [_("编码"), _("名称"), _("类别"), _("英文名"), _("别名"), _("残留物定义"), _("来源")]
        rows = (
            (
                one.code,
                one.name,
                one.get_kind_display(),
                one.english,
                "；".join(one.synonyms),
                one.definition,
                one.source,
            )
            for one in chosen.qs.order_by(*lists.ANALYTE_ORDER)
        )
        return download(write_table(_("检测项目"), heads, rows), _("检测项目") + ".xlsx", XLSX)
    context = {
        "page": listed(request, chosen.qs, order=lists.ANALYTE_ORDER),
        "form": chosen.form,
        "may_edit": request.user.may(Permission.STANDARDS_EDIT),
    }
    return page(request, "standards/analytes.html", context, part="list")


SHOWN = 100  # limits on the page of an item; all of them are one click away


@require_GET
def analyte(request: PageRequest, code: str) -> HttpResponse:
    """An item: names, residue definition, limits, bans."""
    require(request.user, Permission.STANDARDS_VIEW)
    found = get_object_or_404(lists.analytes(), pk=code)
    rows = lists.limits().filter(analyte=found)
    law = queries.book().analytes
    own = law.by_code.get(code)
    context = {
        "found": found,
        "parts": [(law.by_code[part.code], part.factor) for part in own.parts] if own else [],
        "wholes": [law.by_code[whole] for whole in law.sums.get(code, ())],
        "limits": rows.order_by("-edition__valid_from", "pk")[:SHOWN],
        "count": rows.count(),
        "shown": SHOWN,
        "bans": lists.bans().filter(analyte=found).order_by("-valid_from", "pk"),
        "tones": BAN_TONES,
        "today": timezone.localdate(),
        "history": timeline(found),
    }
    return page(request, "standards/analyte.html", context)
