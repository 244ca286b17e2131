"""Taking, correcting, sending, publishing, making void: each a form page."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from nongan.accounts.rules import Permission
from nongan.accounts.services import require
from nongan.common.editing import Stale, renew
from nongan.common.errors import RuleBroken
from nongan.common.http import PageRequest, asked, go, page
from nongan.monitoring import queries, services
from nongan.monitoring.forms import CorrectForm, SamplingForm, SendForm, VoidForm, panel_choices, pick_items
from nongan.monitoring.models import Sample
from nongan.monitoring.pages.samples import TONES
from nongan.monitoring.rules import (
    Packaging,
    SampledAbove,
    SampleKind,
    SampleRefused,
    Unit,
    is_correctable,
    is_publishable,
    is_sendable,
)
from nongan.standards.queries import usual_panel

KEPT = ("kind", "samplers", "unit", "packaging")  # offered again on the next form
LAST = "monitoring.last"


@require_GET
def item_options(request: PageRequest) -> HttpResponse:
    """Suggestions for a box in which somebody writes several items."""
    text = asked(request, next(iter(request.GET), ""))
    return page(request, "ui/widgets/options.html", {"options": pick_items(text)})


@require_GET
def panel(request: PageRequest) -> HttpResponse:
    """The items usually tested in the product that was just chosen, ticked; swapped into the form."""
    require(request.user, Permission.SAMPLE_TAKE)
    form = SamplingForm(initial={"commodity": asked(request, "commodity")}, by=request.user)
    return page(request, "monitoring/panel.html", {"form": form})


@require_http_methods(["GET", "POST"])
def new_sample(request: PageRequest) -> HttpResponse:
    require(request.user, Permission.SAMPLE_TAKE)
    services.organisation_of(request.user)
    posted = request.method == "POST"
    form = SamplingForm(
        request.POST if posted else None, request.FILES if posted else None, initial=_offered(request), by=request.user
    )
    if form.is_valid():
        files = [(file.name, file.read()) for file in form.cleaned_data["photos"]]
        try:
            taken = services.take_sample(sampling=form.sampling, files=files, by=request.user, at=timezone.now())
            request.session[LAST] = {name: form.cleaned_data[name] for name in KEPT}
            return go(request, "monitoring:sample", taken.number)
        except SampleRefused as refusal:
            form.add_faults(refusal)
        except SampledAbove as refusal:
            form.add_error("produced_on", str(refusal))
        except RuleBroken as refusal:
            form.add_error("photos" if refusal.code == "file_not_accepted" else None, str(refusal))
    context = {"form": form, "cancel": reverse("monitoring:samples")}
    return page(request, "monitoring/new_sample.html", context, status=422 if form.errors else 200)


def _offered(request: PageRequest) -> dict[str, Any]:
    """What the boxes begin with: what the person used last, and what the address bar names."""
    usual = {
        "kind": SampleKind.ROUTINE, "unit": Unit.KILOGRAM, "packaging": Packaging.LOOSE,
        "samplers": request.user.full_name, "sampled_on": timezone.localdate(),
    }  # fmt: skip
    named = {name: text for name in ("subject", "commodity", "division") if (text := asked(request, name))}
    last: dict[str, Any] = request.session.get(LAST, {})
    return {**usual, **last, **named}


@require_http_methods(["GET", "POST"])
def correct(request: PageRequest, number: str) -> HttpResponse:
    """What the form says is put right while the sample waits to be sent."""
    seen = queries.samples_visible_to(request.user).select_related("subject", "commodity", "organisation")
    found = get_object_or_404(seen, number=number)
    require(request.user, Permission.SAMPLE_TAKE)
    form = CorrectForm(request.POST or None, found=found, by=request.user)
    if form.is_valid():
        typed = form.cleaned_data
        try:
            services.correct_sample(
                number=number, seen=typed["version"], sampling=form.sampling, reason=typed["reason"],
                by=request.user, at=timezone.now(),
            )  # fmt: skip
            return go(request, "monitoring:sample", number)
        except Stale as refusal:
            renew(form, refusal, found.version)
        except SampleRefused as refusal:
            form.add_faults(refusal)
        except RuleBroken as refusal:
            form.add_error("produced_on" if isinstance(refusal, SampledAbove) else None, str(refusal))
    barred = not is_correctable(found.state)
    context = {"form": form, "found": found, "barred": barred, "cancel": reverse("monitoring:sample", args=[number])}
    return page(request, "monitoring/correct.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def send(request: PageRequest) -> HttpResponse:
    """The ticked samples (`sample`, repeated) go to one laboratory."""
    require(request.user, Permission.SAMPLE_TAKE)
    found = _ticked(request)
    form = SendForm(request.POST or None)
    refusal = ""
    if found and form.is_valid():
        panels = {sample.number: form.cleaned_data["panel"] for sample in found}
        place = int(form.cleaned_data["laboratory"])
        try:
            services.send_samples(panels=panels, laboratory_id=place, by=request.user, at=timezone.now())
            return go(request, _back(found))
        except RuleBroken as broken:
            refusal = str(broken)
    usual = {code: usual_panel(code) for code in {s.commodity_id for s in found if not s.panel}}
    names = dict(panel_choices(code for s in found for code in (s.panel or usual[s.commodity_id])))
    rows = [(s, [names.get(code, code) for code in s.panel or usual[s.commodity_id]], is_sendable(s.state))
            for s in found]  # fmt: skip
    context = {"form": form, "rows": rows, "refusal": refusal, "cancel": _back(found)}
    return page(request, "monitoring/send.html", context, status=422 if form.errors or refusal else 200)


@require_http_methods(["GET", "POST"])
def publish(request: PageRequest) -> HttpResponse:
    """The results of the ticked samples are made public, once a person has read them through."""
    require(request.user, Permission.SAMPLE_PUBLISH)
    found = _ticked(request)
    refusal = ""
    if found and request.method == "POST":
        numbers = [sample.number for sample in found]
        try:
            services.publish_samples(numbers=numbers, by=request.user, at=timezone.now())
            return go(request, _back(found))
        except RuleBroken as broken:
            refusal = str(broken)
    rows = [(s, is_publishable(s.state, s.verdict)) for s in found]
    context = {
        "rows": rows, "refusal": refusal, "cancel": _back(found), "tones": TONES,
        "ready": [s for s, ready in rows if ready], "barred": [s for s, ready in rows if not ready],
    }  # fmt: skip
    return page(request, "monitoring/publish.html", context, status=422 if refusal else 200)


@require_http_methods(["GET", "POST"])
def void(request: PageRequest, number: str) -> HttpResponse:
    found = get_object_or_404(queries.samples_visible_to(request.user), number=number)
    require(request.user, Permission.SAMPLE_TAKE)
    form = VoidForm(request.POST or None, initial={"version": found.version})
    if form.is_valid():
        typed = form.cleaned_data
        try:
            services.void_sample(
                number=number, seen=typed["version"], reason=typed["reason"], by=request.user, at=timezone.now()
            )
            return go(request, "monitoring:sample", number)
        except Stale as refusal:
            renew(form, refusal, found.version)
        except RuleBroken as refusal:
            form.add_error(None, str(refusal))
    context = {"form": form, "found": found, "cancel": reverse("monitoring:sample", args=[number])}
    return page(request, "monitoring/void.html", context, status=422 if form.errors else 200)


def _ticked(request: PageRequest) -> list[Sample]:
    """The ticked samples in the order of the list. All must be one's own to see."""
    sent = request.POST if request.method == "POST" else request.GET
    numbers = list(dict.fromkeys(sent.getlist("sample")))
    if not numbers:
        return []
    seen = queries.samples_visible_to(request.user, rare=True).filter(number__in=numbers)
    found = list(seen.prefetch_related("subject", "commodity").order_by(*queries.NEWEST))
    if len(found) != len(numbers):
        raise Http404
    return found


def _back(found: list[Sample]) -> str:
    if len(found) == 1:
        return reverse("monitoring:sample", args=[found[0].number])
    return reverse("monitoring:samples")
