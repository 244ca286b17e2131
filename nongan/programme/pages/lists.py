"""The three lists of each county: problems, tasks, responsibilities."""

from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from nongan.accounts.rules import Permission
from nongan.accounts.services import require, require_scope
from nongan.common.editing import Stale, renew
from nongan.common.errors import RuleBroken
from nongan.common.http import PageRequest, go, listed, page
from nongan.journal.queries import timeline
from nongan.programme.forms.items import DutyForm, ItemForm, RectifyForm
from nongan.programme.forms.tasks import ReasonForm
from nongan.programme.models import ListItem
from nongan.programme.pages import papers
from nongan.programme.queries import items as queries
from nongan.programme.queries.tasks import light_of, tasks_visible_to, window_on
from nongan.programme.rules.lights import TONES, Window
from nongan.programme.rules.states import ItemState, ListKind
from nongan.programme.services import items as services

ITEM_TONES = {"open": "warn", "done": "info", "verified": "ok"}


@require_GET
def lists(request: PageRequest) -> HttpResponseBase:
    """One list of one county; problems also of all counties at once. `?export=xlsx|docx` makes a file of it."""
    require(request.user, Permission.PLAN_VIEW)
    counties = queries.counties_of(request.user)
    kind = _kind(request.GET.get("kind", ""))
    county = _county(request, counties, kind)
    at = window_on(timezone.localdate())
    division = county.pk if county else ""
    form = request.GET.get("export", "")
    if form in ("xlsx", "docx"):
        place = next((one.name for one in (county, request.user.division) if one), "")
        return papers.list_file(
            form, kind, place, _table(request, kind, division, at), timezone.localdate(), request.user.full_name
        )
    context = {
        "kind": kind.value,
        "kinds": ListKind.choices,
        "counties": counties,
        "county": county,
        "counts": queries.counts(request.user, division),
        "may_keep": request.user.may(Permission.TASK_REVIEW),
        **_content(request, kind, division, at),
    }
    return page(request, "programme/lists.html", context)


def _kind(text: str) -> ListKind:
    return ListKind(text) if text in ListKind.values else ListKind.PROBLEM


def _county(request: PageRequest, counties: list[Any], kind: ListKind) -> Any:
    """The county that was asked for; one's only county; for problems none means all. Raises Http404."""
    wanted = request.GET.get("county", "")
    if wanted:
        asked = next((county for county in counties if county.pk == wanted), None)
        if asked is None:
            raise Http404
        return asked
    if len(counties) == 1:
        return counties[0]
    return None if kind == ListKind.PROBLEM or not counties else counties[0]


def _items(request: PageRequest, kind: ListKind, division: str) -> Any:
    items = queries.items_visible_to(request.user).filter(kind=kind)
    return items.in_division(division) if division else items


def _content(request: PageRequest, kind: ListKind, division: str, at: Window) -> dict[str, Any]:
    if kind == ListKind.RESPONSIBILITY:
        return {"duties": queries.duties(request.user, division) if division else []}
    found = listed(request, _items(request, kind, division), order=("-found_at", "-pk"))
    shown = [_item(item, at) for item in found.rows]
    if kind == ListKind.PROBLEM:
        return {"page": found, "items": shown}
    tasks = queries.county_tasks(request.user, division) if division else []
    lights = [(task, light_of(task, at)) for task in tasks]
    return {"page": found, "items": shown, "tasks": [(task, light, TONES[light]) for task, light in lights]}


def _item(item: ListItem, at: Window) -> dict[str, Any]:
    light = queries.light_of_item(item, at)
    return {"item": item, "light": light, "tone": TONES[light], "state_tone": ITEM_TONES[item.state]}


def _table(request: PageRequest, kind: ListKind, division: str, at: Window) -> tuple[list[str], list[list[Any]]]:
    if kind == ListKind.RESPONSIBILITY:
        return papers.duty_table(queries.duties(request.user, division) if division else [])
    items = _items(request, kind, division).order_by("found_at", "pk")
    if kind == ListKind.PROBLEM:
        return papers.problem_table(items, at)
    return papers.task_table(list(queries.county_tasks(request.user, division)) if division else [], items, at)


@require_http_methods(["GET", "POST"])
def new_item(request: PageRequest) -> HttpResponse:
    """A problem, or a task of the county's own."""
    require(request.user, Permission.TASK_REVIEW)
    counties = queries.counties_of(request.user)
    county = next(
        (c for c in counties if c.pk == request.GET.get("county", "")), counties[0] if len(counties) == 1 else None
    )
    if county is None:
        return page(request, "programme/pick_county.html", {"counties": counties})
    plans = queries.plans_for_lists(request.user, county.pk)
    kind = ListKind.TASK if request.GET.get("kind") == ListKind.TASK else ListKind.PROBLEM
    form = ItemForm(
        request.POST or None, by=request.user, division=county.pk, plans=plans,
        initial={"kind": kind, "task": request.GET.get("task")},
    )  # fmt: skip
    if form.is_valid():
        typed = form.cleaned_data
        try:
            item = services.add_item(
                kind=typed["kind"], plan_id=int(typed["plan"]), division=county.pk, text=typed["text"],
                organisation_id=int(typed["organisation"]), person=typed["person"], due=typed["due"],
                source=typed["source"], task_id=int(typed["task"]) if typed["task"] else None,
                by=request.user, at=timezone.now(),
            )  # fmt: skip
            return go(request, "programme:item", item.pk)
        except RuleBroken as refusal:
            form.add_error(None, str(refusal))
    back = reverse("programme:lists") + f"?county={county.pk}"
    context = {"form": form, "county": county, "plans": plans, "cancel": back}
    return page(request, "programme/new_item.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def item(request: PageRequest, item_id: int) -> HttpResponse:
    """One line of a list: its state, and what may be done next."""
    require(request.user, Permission.PLAN_VIEW)
    found = get_object_or_404(queries.items_visible_to(request.user), pk=item_id)
    rectify = RectifyForm(initial={"measure": found.measure, "result": found.result, "version": found.version})
    reopen = ReasonForm(initial={"version": found.version})
    refusal = ""
    if request.method == "POST":
        rectify, reopen, refusal = _act_on(request, found, rectify, reopen)
        if not (rectify.errors or reopen.errors or refusal):
            return go(request, "programme:item", found.pk)
    user = request.user
    own = found.organisation_id is not None and found.organisation_id == user.organisation_id
    keeps = user.may(Permission.TASK_REVIEW)
    at = window_on(timezone.localdate())
    failed = bool(rectify.errors or reopen.errors or refusal)
    context = {
        "found": found,
        **_item(found, at),
        "rectify": rectify,
        "reopen": reopen,
        "refusal": refusal,
        "may_rectify": found.state == ItemState.OPEN and (keeps or (own and user.may(Permission.TASK_REPORT))),
        "may_verify": found.state == ItemState.DONE and keeps,
        "same_hand": user.pk in (found.found_by_id, found.done_by_id),
        "task": tasks_visible_to(user).filter(line=found.line_id).first() if found.line_id else None,
        "history": timeline(found),
    }
    return page(request, "programme/item.html", context, status=422 if failed else 200)


def _act_on(
    request: PageRequest, found: ListItem, rectify: RectifyForm, reopen: ReasonForm
) -> tuple[RectifyForm, ReasonForm, str]:
    act, by, at = request.POST.get("act", ""), request.user, timezone.now()
    seen = request.POST.get("version", "")
    if act == "rectify":
        rectify = RectifyForm(request.POST, initial=rectify.initial)
        if rectify.is_valid():
            typed = rectify.cleaned_data
            try:
                services.rectify_item(
                    item_id=found.pk,
                    seen=typed["version"],
                    measure=typed["measure"],
                    result=typed["result"],
                    by=by,
                    at=at,
                )
            except Stale as refusal:
                renew(rectify, refusal, found.version)
            except RuleBroken as refusal:
                rectify.add_error(None, str(refusal))
    elif act == "reopen":
        reopen = ReasonForm(request.POST)
        if reopen.is_valid():
            typed = reopen.cleaned_data
            try:
                services.reopen_item(item_id=found.pk, seen=typed["version"], reason=typed["reason"], by=by, at=at)
            except RuleBroken as refusal:
                reopen.add_error("reason", str(refusal))
    else:
        try:
            services.verify_item(item_id=found.pk, seen=int(seen) if seen.isdecimal() else -1, by=by, at=at)
        except RuleBroken as refusal:
            return rectify, reopen, str(refusal)
    return rectify, reopen, ""


@require_http_methods(["GET", "POST"])
def duty(request: PageRequest, task_id: int, division: str) -> HttpResponse:
    """Who answers for a task in a county."""
    require(request.user, Permission.TASK_REVIEW)
    require_scope(request.user, division)
    task = get_object_or_404(queries.county_tasks(request.user, division), pk=task_id)
    items = queries.items_visible_to(request.user).filter(kind=ListKind.RESPONSIBILITY, division_id=division)
    now = items.filter(line=task.line_id).first()
    initial = {"version": 0}
    if now:
        initial = {"organisation": now.organisation_id, "person": now.person, "text": now.text, "version": now.version}  # type: ignore[dict-item]
    form = DutyForm(request.POST or None, division=division, initial=initial)
    if form.is_valid():
        typed = form.cleaned_data
        try:
            services.assign_duty(
                task_id=task.pk, division=division, organisation_id=int(typed["organisation"]), person=typed["person"],
                text=typed["text"], seen=typed["version"] or 0, by=request.user, at=timezone.now(),
            )  # fmt: skip
            return go(request, reverse("programme:lists") + f"?kind=responsibility&county={division}")
        except Stale as refusal:
            renew(form, refusal, now.version if now else 0)
        except RuleBroken as refusal:
            form.add_error(None, str(refusal))
    back = reverse("programme:lists") + f"?kind=responsibility&county={division}"
    context = {"form": form, "task": task, "cancel": back, "county": division}
    return page(request, "programme/duty.html", context, status=422 if form.errors else 200)
