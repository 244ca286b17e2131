"""The registry: list, one subject, new, change, supervision, leaving and coming back."""

from collections.abc import Iterable
from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nongan.accounts.rules import Permission
from nongan.accounts.services import require
from nongan.common.editing import Stale, renew
from nongan.common.errors import RuleBroken
from nongan.common.http import PageRequest, asked, download, go, listed, page
from nongan.common.media import XLSX
from nongan.common.related import related
from nongan.common.spreadsheet import write_table
from nongan.journal.queries import timeline
from nongan.places.queries import path_of
from nongan.registry import queries, services
from nongan.registry.forms import AssignForm, CloseForm, SubjectFilter, SubjectForm, add_faults, seen_of
from nongan.registry.models import Subject, SubjectQuerySet
from nongan.registry.rules import LikelyDuplicate, Scale, SubjectRefused, SubjectType

MOST_AT_ONCE = 100  # ticked rows: one page of the list


@require_GET
def subjects(request: PageRequest) -> HttpResponse:
    require(request.user, Permission.SUBJECT_VIEW)
    chosen = SubjectFilter(request.GET, queryset=queries.subjects_visible_to(request.user), by=request.user)
    if request.GET.get("export"):
        return download(_table(chosen.qs.order_by(*queries.ORDER)), _("监管名录") + ".xlsx", XLSX)
    context = {
        "page": listed(request, chosen.qs, order=queries.ORDER),
        "form": chosen.form,
        "asked": any(asked(request, name) for name in chosen.filters),
        "may_edit": request.user.may(Permission.SUBJECT_EDIT),
    }
    return page(request, "registry/subjects.html", context, part="list")


def _table(rows: SubjectQuerySet) -> Any:
    """Every field of an import, under the same headings, and what the import does not have."""
    heads = [
        _("主体编号"), "名称", "类型", "规模", "统一社会信用代码", "区划代码", "区划名称", "地址", "联系人", "联系电话",
        "主要产品", "纳入名录日期", "监管单位", "监管责任人", "落实监管日期", _("退出日期"), _("退出原因"),
    ]  # fmt: skip
    words = {value: str(label) for value, label in SubjectType.choices + Scale.choices}  # translated once, not per row
    return write_table(_("监管名录"), heads, (_line(s, words) for s in rows.iterator(chunk_size=2000)))


def _line(s: Subject, words: dict[str, str]) -> list[Any]:
    return [
        s.number, s.name, words[s.type], words[s.scale], s.uscc, s.division_id, s.division.name,
        s.address, s.contact, s.phone, s.products, s.registered_on, s.supervising.name if s.supervising else "",
        s.supervisor, s.supervised_from, s.closed_on, s.close_reason,
    ]  # fmt: skip


@require_GET
def subject_options(request: PageRequest) -> HttpResponse:
    """Suggestions for a box of any name in which somebody picks a subject."""
    return _options(request, queries.pick_subjects(request.user, _typed(request)))


@require_GET
def supervising_options(request: PageRequest) -> HttpResponse:
    """Suggestions for a box in which somebody picks the supervising organisation."""
    require(request.user, Permission.SUBJECT_EDIT)
    return _options(request, queries.pick_supervising(request.user, _typed(request)))


def _typed(request: PageRequest) -> str:
    return asked(request, next(iter(request.GET), ""))


def _options(request: PageRequest, options: list[tuple[str, str]]) -> HttpResponse:
    return page(request, "ui/widgets/options.html", {"options": options})


@require_GET
def subject(request: PageRequest, number: str) -> HttpResponse:
    found = queries.subject_named(number, request.user)
    context = {
        "found": found,
        "path": path_of(found.division_id),
        "history": timeline(found),
        "related": related(request.user, found),
        "may_edit": request.user.may(Permission.SUBJECT_EDIT),
        "may_list": request.user.may(Permission.SUBJECT_VIEW),
    }
    return page(request, "registry/subject.html", context)


@require_http_methods(["GET", "POST"])
def new_subject(request: PageRequest) -> HttpResponse:
    require(request.user, Permission.SUBJECT_EDIT)
    today = timezone.localdate()
    initial = {"registered_on": today, "division": asked(request, "division")}
    form = SubjectForm(request.POST or None, initial=initial, by=request.user, today=today, new=True)
    same: list[Subject] = []
    if form.is_valid():
        try:
            added = services.register_subject(
                facts=form.facts, confirmed=form.cleaned_data["confirmed"], by=request.user, at=timezone.now()
            )
            return go(request, "registry:subject", added.number)
        except LikelyDuplicate:
            same = _lookalikes(form, None)
        except SubjectRefused as refusal:
            add_faults(form, refusal.faults)
    return _edit(request, form, None, same)


@require_http_methods(["GET", "POST"])
def change_subject(request: PageRequest, number: str) -> HttpResponse:
    found = queries.subject_named(number, request.user)
    require(request.user, Permission.SUBJECT_EDIT)
    initial = {**vars(found.facts), "version": found.version}
    form = SubjectForm(request.POST or None, initial=initial, by=request.user, today=timezone.localdate(), new=False)
    same: list[Subject] = []
    if form.is_valid():
        try:
            services.change_subject(
                number=number, seen=form.cleaned_data["version"] or 0, facts=form.facts,
                confirmed=form.cleaned_data["confirmed"], by=request.user, at=timezone.now(),
            )  # fmt: skip
            return go(request, "registry:subject", number)
        except LikelyDuplicate:
            same = _lookalikes(form, found.pk)
        except SubjectRefused as refusal:
            add_faults(form, refusal.faults)
        except Stale as refusal:
            renew(form, refusal, found.version)
        except RuleBroken as refusal:
            form.add_error(None, str(refusal))
    return _edit(request, form, found, same)


def _lookalikes(form: SubjectForm, but: int | None) -> list[Subject]:
    """Those who look like the same, to be compared; the form waits for a person to confirm."""
    form.add_error("confirmed", _("名录里已有疑似同一主体。请核对；确认不是同一主体的，勾选后再保存。"))
    return queries.same_as(form.facts, but=but)


def _edit(request: PageRequest, form: SubjectForm, found: Subject | None, same: list[Subject]) -> HttpResponse:
    cancel = reverse("registry:subject", args=[found.number]) if found else reverse("registry:subjects")
    context = {
        "form": form, "found": found, "cancel": cancel, "same": same,
        "visible": {s.pk for s in queries.subjects_visible_to(request.user).filter(pk__in=[s.pk for s in same])}
        if same else set(),
    }  # fmt: skip
    return page(request, "registry/edit_subject.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def assign(request: PageRequest) -> HttpResponse:
    """Who answers for one subject or for those ticked in the list (`subject`, repeated)."""
    require(request.user, Permission.SUBJECT_EDIT)
    seen = seen_of((request.POST if request.method == "POST" else request.GET).getlist("subject"))
    found = _ticked(request, seen)
    initial = {"supervised_from": timezone.localdate(), **_before(request, found)}
    form = AssignForm(request.POST or None, initial=initial, by=request.user)
    back = reverse("registry:subject", args=[found[0].number]) if len(found) == 1 else reverse("registry:subjects")
    if found and form.is_valid():
        typed = form.cleaned_data
        try:
            services.assign_supervisor(
                seen=seen, organisation_id=int(typed["organisation"]), supervisor=typed["supervisor"],
                start=typed["supervised_from"], by=request.user, at=timezone.now(),
            )  # fmt: skip
            return go(request, back)
        except SubjectRefused as refusal:
            add_faults(form, refusal.faults)
        except RuleBroken as refusal:
            form.add_error(None, str(refusal))
    context = {"form": form, "found": found, "cancel": back, "one": found[0] if len(found) == 1 else None}
    return page(request, "registry/assign.html", context, status=422 if form.errors else 200)


def _ticked(request: PageRequest, seen: dict[str, int]) -> list[Subject]:
    """The ticked subjects in the order of the list. All must be one's own to see."""
    if not seen:
        return []
    visible = queries.subjects_visible_to(request.user)
    found = list(visible.filter(number__in=list(seen)[: MOST_AT_ONCE + 1]).order_by(*queries.ORDER))
    if len(found) != len(seen):
        raise Http404
    return found


def _before(request: PageRequest, found: Iterable[Subject]) -> dict[str, Any]:
    """What the boxes begin with: what stands already where it is one and the same, else the person's own unit."""
    now = {(s.supervising_id, s.supervisor) for s in found if s.supervising_id}
    if len(now) == 1:
        organisation, supervisor = next(iter(now))
        return {"organisation": organisation, "supervisor": supervisor}
    return {"organisation": request.user.organisation_id or ""}


@require_http_methods(["GET", "POST"])
def close(request: PageRequest, number: str) -> HttpResponse:
    found = queries.subject_named(number, request.user)
    require(request.user, Permission.SUBJECT_EDIT)
    form = CloseForm(request.POST or None, initial={"version": found.version}, today=timezone.localdate())
    if form.is_valid():
        typed = form.cleaned_data
        try:
            services.close_subject(
                number=number, seen=typed["version"], closed_on=typed["closed_on"], reason=typed["close_reason"],
                by=request.user, at=timezone.now(),
            )  # fmt: skip
            return go(request, "registry:subject", number)
        except SubjectRefused as refusal:
            add_faults(form, refusal.faults)
        except Stale as refusal:
            renew(form, refusal, found.version)
        except RuleBroken as refusal:
            form.add_error(None, str(refusal))
    context = {"form": form, "found": found, "cancel": reverse("registry:subject", args=[number])}
    return page(request, "registry/close.html", context, status=422 if form.errors else 200)


@require_POST
def reopen(request: PageRequest, number: str) -> HttpResponse:
    version = request.POST.get("version", "")
    seen = int(version) if version.isdecimal() else 0
    services.reopen_subject(number=number, seen=seen, by=request.user, at=timezone.now())
    return go(request, "registry:subject", number)
