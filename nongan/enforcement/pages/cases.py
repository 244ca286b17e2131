"""Cases: the list, one case, a lead by hand."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

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
from nongan.enforcement.forms.cases import CaseFilter, LeadForm
from nongan.enforcement.models import Case, CaseQuerySet, Handover, Transfer
from nongan.enforcement.pages.shown import (
    Ticking,
    case_tone,
    clock_of,
    disposal_tone,
    duty_clock,
    ticking,
    transfer_tone,
)  # fmt: skip
from nongan.enforcement.queries import cases as queries
from nongan.enforcement.queries.files import files_of
from nongan.enforcement.queries.officers import pick_officers
from nongan.enforcement.queries.work import PAUSED
from nongan.enforcement.rules.acts import Act, AlreadyDone
from nongan.enforcement.rules.deadlines import Clock, period
from nongan.enforcement.rules.penalties import fine_range
from nongan.enforcement.rules.states import Outcome, TransferState
from nongan.enforcement.services import open_case
from nongan.journal.queries import timeline
from nongan.laboratory.queries import report_of
from nongan.places.queries import path_of

MOST_EXPORTED = 100_000  # rows of one file
ASIDE = {Act.SUSPECT, Act.REFUSE, Act.DECLINE, Act.HEARING, Act.RETURN, Act.EXTEND}  # never the filled button


@require_GET
def cases(request: PageRequest) -> HttpResponse:
    require(request.user, Permission.CASE_VIEW)
    at = timezone.now()
    seen = queries.cases_visible_to(request.user, asked(request, "division"))
    chosen = CaseFilter(request.GET, queryset=seen, by=request.user, at=at)
    if request.GET.get("export"):
        if not chosen.qs.order_by()[MOST_EXPORTED : MOST_EXPORTED + 1].exists():
            return download(_table(chosen.qs, at), _("案件") + ".xlsx", XLSX)
        chosen.form.add_error(None, _("符合条件的超过 100,000 条，一次导不完。请先缩小范围。"))
    order = queries.URGENT if asked(request, "order") == "urgent" else queries.NEWEST
    found = listed(request, queries.with_parts(chosen.qs), order=order)
    context = {
        "page": found,
        "rows": [_row(case, at) for case in found.rows],
        "form": chosen.form,
        "asked": any(asked(request, name) for name in chosen.filters),
        "may_handle": request.user.may(Permission.CASE_HANDLE),
    }
    return page(request, "enforcement/cases.html", context, part="list")


def _row(case: Case, at: datetime) -> dict[str, Any]:
    transfer = queries.transfer_of(case)
    return {
        "case": case,
        "tone": case_tone(case.state),
        "clock": _clock(case, at),
        "transfer": transfer,
        "transfer_tone": transfer_tone(transfer.state) if transfer else "",
        "goods_late": transfer is not None and transfer.goods_late,
    }


def _clock(case: Case, at: datetime) -> Ticking | None:
    """The clock on screen; that of the case itself stands still while its report is withdrawn."""
    paused = case.withdrawn_at is not None and case.due_for in PAUSED
    return None if paused else clock_of(case, at)


def _table(rows: CaseQuerySet, at: datetime) -> Any:
    heads = [
        _("案件编号"), _("当事人"), _("案由"), _("来源"), _("抽样单号"), _("产品"), _("状态"), _("期限事项"), _("期限"),
        _("剩余"), _("移送"), _("主办"), _("协办"), _("区划代码"), _("发生地"), _("发现线索时间"), _("立案时间"),
        _("决定时间"), _("决定"), _("罚款（元）"), _("没收（元）"), _("已缴（元）"), _("结案时间"),
        _("涉案物品移交期限"), _("涉案物品移交时间"),
    ]  # fmt: skip
    return write_table(_("案件"), heads, _lines(queries.with_parts(rows).order_by(*queries.NEWEST), at))


def _lines(rows: CaseQuerySet, at: datetime) -> Iterator[list[Any]]:
    for c in rows.iterator(chunk_size=2000):
        clock, transfer = _clock(c, at), queries.transfer_of(c)
        yield [
            c.number, c.party, c.cause, c.get_source_display(), c.sample.number if c.sample else "",
            c.sample.commodity.name if c.sample else "", c.get_state_display(), clock.what if clock else "",
            clock.due if clock else None, clock.text if clock else "",
            transfer.get_state_display() if transfer else "", c.officer.full_name if c.officer else "",
            c.second.full_name if c.second else "", c.division_id, c.division.name, c.opened_at, c.filed_at,
            c.decided_at, c.get_outcome_display(), c.fine, c.confiscated, c.paid, c.closed_at,
            transfer.goods_by if transfer else None, transfer.goods_at if transfer else None,
        ]  # fmt: skip


def found_case(request: PageRequest, number: str) -> Case:
    require(request.user, Permission.CASE_VIEW)
    seen = queries.with_parts(queries.cases_visible_to(request.user))
    parts = ("subject", "organisation", "filed_by", "reviewed_by", "decided_by", "transfer__decided_by")
    return get_object_or_404(seen.select_related(*parts), number=number)


@require_GET
def case(request: PageRequest, number: str) -> HttpResponse:
    found, at = found_case(request, number), timezone.now()
    transfer, duty = queries.transfer_of(found), queries.disposal_of(found)
    specimen = found.sample.specimen_id if found.sample else None
    context = {
        "case": found,
        "tone": case_tone(found.state),
        "clock": _clock(found, at),
        "source": _source(found),
        "path": path_of(found.division_id),
        "report": report_of(specimen) if specimen and found.withdrawn_at is None else None,
        "penalty": found.proposed == Outcome.PENALTY,
        "range": _range(found),
        "inquiries": found.inquiries.select_related("by").order_by("held_on", "pk") if found.filed_at else [],
        "transfer": transfer,
        "transfer_tone": transfer_tone(transfer.state) if transfer else "",
        "transfer_clock": _transfer_clock(found, at),
        "handovers": _handovers(transfer),
        "files": [(file, link_to(file.document, request.user.username)) for file in files_of(found)],
        "duty": duty,
        "duty_tone": disposal_tone(duty.state) if duty else "",
        "duty_clock": duty_clock(duty, at) if duty else None,
        "earlier": [(c, case_tone(c.state)) for c in queries.earlier_cases(found, request.user)],
        "history": timeline(found),
        "may_see_sample": request.user.may(Permission.SAMPLE_VIEW),
        "may_see_subject": request.user.may(Permission.SUBJECT_VIEW),
        **_buttons(found, request, at),
    }
    return page(request, "enforcement/case.html", context)


def _buttons(found: Case, request: PageRequest, at: datetime) -> dict[str, Any]:
    """The one filled button, the others that are lawful, and those that the law refuses now, with the reason."""
    acts = queries.acts_for(found, request.user, at)
    if found.withdrawn_at is None:
        acts = [(act, refused) for act, refused in acts if act != Act.DISMISS]
    lawful = [act for act, refused in acts if refused is None]
    transfer = queries.transfer_of(found)
    moved = transfer is not None and transfer.goods_at is not None
    settled = ASIDE | ({Act.ASK_FILING} if found.asked_at else set()) | ({Act.GOODS} if moved else set())
    first = next((act for act in lawful if act not in settled), None)
    if found.refuted_at is not None:  # the page says what is to be done; “wait for the report” would be wrong
        acts = [(act, refused) for act, refused in acts if refused is None]
    return {
        "first": first,
        "others": [act for act in lawful if act != first],
        "refused": [(act, r) for act, r in acts if r is not None and not isinstance(r, AlreadyDone)],
        "acting": bool(acts),
    }


def _source(found: Case) -> str:
    """The article behind the clock that runs."""
    if not found.due_for:
        return ""
    return period(Clock(found.due_for), timezone.localdate(found.opened_at), found.procedure).source


def _range(found: Case) -> tuple[Any, Any] | None:
    if found.proposed != Outcome.PENALTY or found.goods_value is None:
        return None
    return fine_range(found.article, found.goods_value, found.household)


def _handovers(transfer: Transfer | None) -> list[Handover]:
    if transfer is None or transfer.goods_at is None:
        return []
    return list(transfer.handovers.select_related("by").prefetch_related("items"))


def _transfer_clock(found: Case, at: datetime) -> Any:
    transfer = queries.transfer_of(found)
    if transfer is None:
        return None
    if transfer.state == TransferState.SUSPECTED:
        return ticking(transfer.decide_by, Clock.TRANSFER, at)
    if transfer.state == TransferState.APPROVED and transfer.hand_over_by:
        return ticking(transfer.hand_over_by, Clock.HAND_OVER, at)
    police = {TransferState.RECEIVED: Clock.POLICE, TransferState.RECONSIDERED: Clock.POLICE_AGAIN}
    clock = police.get(TransferState(transfer.state))
    if transfer.state == TransferState.FILED and found.with_police and transfer.goods_by and not transfer.goods_at:
        return ticking(transfer.goods_by, Clock.GOODS, at)
    return ticking(transfer.police_by, clock, at) if clock and transfer.police_by else None


@require_http_methods(["GET", "POST"])
def new_case(request: PageRequest) -> HttpResponse:
    require(request.user, Permission.CASE_HANDLE)
    initial = {"subject": asked(request, "subject")}
    form = LeadForm(request.POST if request.method == "POST" else None, initial=initial, by=request.user)
    if form.is_valid():
        facts = {name: value for name, value in form.cleaned_data.items() if name != "found_at"}
        try:
            made = open_case(**facts, found_at=form.cleaned_data["found_at"], by=request.user, at=timezone.now())
            return go(request, "enforcement:case", made.number)
        except RuleBroken as refusal:
            field = getattr(refusal, "field", "")
            form.add_error(field if field in form.fields else None, str(refusal))
    context = {"form": form, "cancel": reverse("enforcement:cases")}
    return page(request, "enforcement/new_case.html", context, status=422 if form.errors else 200)


@require_GET
def officer_options(request: PageRequest) -> HttpResponse:
    """Suggestions for a box in which somebody picks an officer."""
    require(request.user, Permission.CASE_HANDLE)
    text = asked(request, next(iter(request.GET), ""))
    return page(request, "ui/widgets/options.html", {"options": pick_officers(request.user, text)})
