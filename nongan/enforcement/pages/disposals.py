"""Disposal duties: the list, one duty with its ledger, booking."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from nongan.accounts.rules import Permission
from nongan.accounts.services import require
from nongan.common.errors import RuleBroken
from nongan.common.http import PageRequest, asked, download, go, listed, page
from nongan.common.media import XLSX
from nongan.common.spreadsheet import write_table
from nongan.documents.queries import link_to
from nongan.enforcement import services
from nongan.enforcement.forms.acts import read
from nongan.enforcement.forms.cases import DisposalFilter
from nongan.enforcement.forms.disposals import InvolvedForm, LineForm, ReverseForm
from nongan.enforcement.models import Disposal, DisposalLine, DisposalQuerySet
from nongan.enforcement.pages.shown import disposal_tone, duty_clock
from nongan.enforcement.queries import disposals as queries
from nongan.enforcement.rules.deadlines import Clock, period
from nongan.enforcement.rules.states import DisposalState
from nongan.journal.queries import timeline
from nongan.places.queries import path_of

MOST_EXPORTED = 100_000


@require_GET
def disposals(request: PageRequest) -> HttpResponse:
    require(request.user, Permission.CASE_VIEW)
    at = timezone.now()
    seen = queries.disposals_visible_to(request.user, asked(request, "division"))
    chosen = DisposalFilter(request.GET, queryset=seen, by=request.user)
    if request.GET.get("export"):
        if not chosen.qs.order_by()[MOST_EXPORTED : MOST_EXPORTED + 1].exists():
            return download(_table(chosen.qs), _("不合格处置") + ".xlsx", XLSX)
        chosen.form.add_error(None, _("符合条件的超过 100,000 条，一次导不完。请先缩小范围。"))
    found = listed(request, queries.with_parts(chosen.qs), order=queries.NEWEST)
    context = {
        "page": found,
        "rows": [{"duty": d, "tone": disposal_tone(d.state), "clock": duty_clock(d, at)} for d in found.rows],
        "form": chosen.form,
        "asked": any(asked(request, name) for name in chosen.filters),
    }
    return page(request, "enforcement/disposals.html", context, part="list")


def _table(rows: DisposalQuerySet) -> Any:
    heads = [
        _("处置编号"), _("案件编号"), _("抽样单号"), _("产品"), _("当事人"), _("区划代码"), _("地区"), _("状态"),
        _("涉案（千克）"), _("已处置（千克）"), _("无法追回（千克）"), _("封存追回（千克）"), _("剩余（千克）"),
        _("产生时间"), _("提醒期限"), _("处置完毕日期"),
    ]  # fmt: skip
    return write_table(_("不合格处置"), heads, _lines(queries.with_parts(rows).order_by(*queries.NEWEST)))


def _lines(rows: DisposalQuerySet) -> Iterator[list[Any]]:
    for d in rows.iterator(chunk_size=2000):
        yield [
            d.number, d.case.number, d.sample.number, d.sample.commodity.name, d.case.party, d.division_id,
            d.division.name, d.get_state_display(), d.involved, d.disposed, d.lost, d.held, d.balance.remaining,
            d.opened_at, d.due_at, d.done_on,
        ]  # fmt: skip


def _duty(request: PageRequest, number: str) -> Disposal:
    require(request.user, Permission.CASE_VIEW)
    seen = queries.with_parts(queries.disposals_visible_to(request.user))
    return get_object_or_404(seen, number=number)


@require_GET
def disposal(request: PageRequest, number: str) -> HttpResponse:
    found, at = _duty(request, number), timezone.now()
    may = request.user.may(Permission.DISPOSAL_RECORD)
    context = {
        "duty": found,
        "balance": found.balance,
        "bar": _bar(found),
        "tone": disposal_tone(found.state),
        "clock": duty_clock(found, at),
        "source": period(Clock.DISPOSE, timezone.localdate(found.opened_at)).source,
        "path": path_of(found.division_id),
        "lines": [_line(line, request.user.username) for line in queries.lines_of(found)],
        "history": timeline(found),
        "may": may,
        "stopped": _stopped(found),
        "done": found.state == DisposalState.DONE,
    }
    return page(request, "enforcement/disposal.html", context)


def _bar(found: Disposal) -> tuple[int, int] | None:
    """Widths of what is disposed of and what is lost, in thousandths of the weight involved; cut, never rounded up."""
    if found.involved is None:
        return None
    return int(found.disposed * 1000 / found.involved), int(found.lost * 1000 / found.involved)


def _stopped(found: Disposal) -> str:
    if found.state == DisposalState.LIFTED:
        return _("处置责任已解除：%(why)s") % {"why": found.lifted_reason}
    if found.withdrawn_at is not None:
        return _("检测报告已撤回，暂不处置。已封存的继续封存，等待新报告。")
    return ""


def _line(line: DisposalLine, username: str) -> dict[str, Any]:
    return {
        "one": line,
        "files": [(f.document, link_to(f.document, username)) for f in line.files.all()],
        "reversible": line.reverses_id is None and not hasattr(line, "reversed_by"),
        "reversed": hasattr(line, "reversed_by"),
    }


@require_http_methods(["GET", "POST"])
def involved(request: PageRequest, number: str) -> HttpResponse:
    """How much there was."""
    found = _duty(request, number)
    require(request.user, Permission.DISPOSAL_RECORD)
    form = InvolvedForm(
        request.POST if request.method == "POST" else None,
        initial={"involved": found.involved, "version": found.version},
    )
    if form.is_valid():
        facts = form.cleaned_data
        done = _tried(form, found, lambda: services.establish_weight(
            number=number, involved=facts["involved"], basis=facts["basis"], seen=facts["version"], by=request.user,
            at=timezone.now(),
        ))  # fmt: skip
        if done:
            return go(request, "enforcement:disposal", number)
    return _shown(request, found, form, _("登记涉案数量"))


@require_http_methods(["GET", "POST"])
def book(request: PageRequest, number: str) -> HttpResponse:
    """What became of some of it."""
    found = _duty(request, number)
    require(request.user, Permission.DISPOSAL_RECORD)
    posted = request.method == "POST"
    form = LineForm(
        request.POST if posted else None, request.FILES if posted else None,
        initial={"kg": found.balance.remaining, "done_on": timezone.localdate(), "version": found.version},
        with_police=queries.goods_with_police(found),
    )  # fmt: skip
    if form.is_valid():
        facts = dict(form.cleaned_data)
        files, version = read(facts.pop("attachments")), facts.pop("version")
        done = _tried(form, found, lambda: services.record_disposal(
            number=number, **facts, files=files, seen=version, by=request.user, at=timezone.now()
        ))  # fmt: skip
        if done:
            return go(request, "enforcement:disposal", number)
    return _shown(request, found, form, _("登记处置"))


@require_http_methods(["GET", "POST"])
def reverse_line(request: PageRequest, number: str, line_id: int) -> HttpResponse:
    """Take a wrong line back."""
    found = _duty(request, number)
    require(request.user, Permission.DISPOSAL_RECORD)
    line = get_object_or_404(DisposalLine, disposal=found, pk=line_id)
    form = ReverseForm(request.POST if request.method == "POST" else None, initial={"version": found.version})
    if form.is_valid():
        facts = form.cleaned_data
        done = _tried(form, found, lambda: services.reverse_disposal(
            number=number, line_id=line_id, reason=facts["reason"], seen=facts["version"], by=request.user,
            at=timezone.now(),
        ))  # fmt: skip
        if done:
            return go(request, "enforcement:disposal", number)
    return _shown(request, found, form, _("冲销处置记录"), line=line)


def _tried(form: forms.Form, found: Disposal, act: Any) -> bool:
    try:
        act()
    except RuleBroken as refused:
        field = {"files": "attachments"}.get(getattr(refused, "field", ""), getattr(refused, "field", ""))
        if refused.code in ("file_not_accepted", "file_refused"):
            field = "attachments"
        elif refused.code == "disposal_refused":
            field = "kg" if "kg" in form.fields else "involved" if "involved" in form.fields else ""
        form.add_error(field if field in form.fields else None, str(refused))
        if refused.code == "stale":
            data: Any = form.data.copy()  # type: ignore[attr-defined]  # a QueryDict
            data["version"] = str(Disposal.objects.get(pk=found.pk).version)
            form.data = data
        return False
    return True


def _shown(
    request: PageRequest, found: Disposal, form: forms.Form, title: str, line: DisposalLine | None = None
) -> HttpResponse:
    context = {
        "form": form,
        "duty": found,
        "balance": found.balance,
        "title": title,
        "line": line,
        "cancel": reverse("enforcement:disposal", args=[found.number]),
    }
    return page(request, "enforcement/book.html", context, status=422 if form.errors else 200)
