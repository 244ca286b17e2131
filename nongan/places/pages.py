"""Divisions, population, boundaries."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nongan.common.editing import Stale, renew
from nongan.common.errors import RuleBroken
from nongan.common.http import PageRequest, asked, download, go, listed, page
from nongan.common.media import XLSX
from nongan.common.spreadsheet import write_table
from nongan.documents.queries import token_for
from nongan.documents.services import store
from nongan.journal.queries import timeline
from nongan.places import queries, services
from nongan.places.forms import BoundaryForm, DivisionFilter, PopulationForm
from nongan.places.models import Division, Population

COUNTRY = "0" * 12
EXPORTED = 50_000  # divisions at most in one file


@require_GET
def division_options(request: PageRequest) -> HttpResponse:
    """Suggestions for a box of any name in which somebody picks a division (common.fields.PickField)."""
    text = asked(request, next(iter(request.GET), ""))
    options = queries.pick_divisions(text, request.user.scope)
    return page(request, "ui/widgets/options.html", {"options": options})


@require_GET
def divisions(request: PageRequest, code: str = "") -> HttpResponse:
    """The own division, or any: what lies one level below; with a query, everything inside that fits."""
    code = code or request.user.scope or COUNTRY
    here = None if code == COUNTRY else get_object_or_404(Division, pk=code)
    inside = queries.divisions_in(code) if here else Division.objects.order_by("code")
    below = queries.levels_below(code if here else "")
    chosen = DivisionFilter(request.GET, queryset=inside if asked(request, "text") else below)
    year = timezone.localdate().year
    if request.GET.get("export"):
        return _exported(list(chosen.qs[:EXPORTED]), year, here)
    found = listed(request, chosen.qs, order=("code",))
    shown = found.rows + ([here] if here else [])
    known = queries.known_of([d.code for d in shown], year)
    context = {
        "page": found,
        "form": chosen.form,
        "known": known,
        "here": here,
        "own": known.get(code),
        "path": queries.path_of(code) if here else [],
        "populations": queries.populations_of(code) if here else [],
        "boundary": queries.boundary_of(code) if here else None,
        "history": timeline(here, most=8) if here else [],
        "may_edit": queries.may_edit(request.user, code),
    }
    return page(request, "places/divisions.html", context, part="list")


def _exported(rows: list[Division], year: int, here: Division | None) -> HttpResponse:
    known = queries.known_of([d.code for d in rows], year)
    heads = [_("区划代码"), _("名称"), _("层级"), _("下级数"), _("常住人口"), _("年份"), _("来源"), _("边界")]
    table = []
    for row in rows:
        facts = known[row.code]
        people = facts.population
        table.append(
            [row.code, row.name, row.get_level_display(), facts.children, people.residents if people else "",
             people.year if people else "", people.source if people else "", _("有") if facts.outlined else _("无")]
        )  # fmt: skip
    title = _("%(name)s区划") % {"name": here.name if here else _("全国")}
    return download(write_table(title, heads, table), title + ".xlsx", XLSX)


@require_http_methods(["GET", "POST"])
def population(request: PageRequest, code: str, year: int = 0) -> HttpResponse:
    """Enter the residents of a year, or correct a figure."""
    services.require_editor(request.user)
    here = get_object_or_404(queries.divisions_in(request.user.scope), pk=code)
    known = get_object_or_404(Population, division=here, year=year) if year else None
    fields = ("year", "residents", "source", "version")
    initial: dict[str, Any] = {name: getattr(known, name) for name in fields} if known else {}
    form = PopulationForm(request.POST or None, initial=initial)
    form.fields["year"].disabled = known is not None
    if form.is_valid():
        typed = dict(form.cleaned_data)
        seen = typed.pop("version")
        try:
            services.set_population(division=code, **typed, seen=seen, by=request.user, at=timezone.now())
            return go(request, "places:division", code)
        except Stale as refusal:
            _already(form, refusal, here, typed["year"])
        except RuleBroken as refusal:
            form.add_error("year" if "年" in str(refusal)[:3] else "residents", str(refusal))
    context = {"form": form, "here": here, "known": known, "cancel": reverse("places:division", args=[code])}
    return page(request, "places/population.html", context, status=422 if form.errors else 200)


def _already(form: PopulationForm, refusal: Stale, here: Division, year: int) -> None:
    """Somebody corrected the figure meanwhile, or the year has one already: show it, keep what was typed."""
    now = Population.objects.get(division=here, year=year)
    form.initial = {"year": now.year, "residents": now.residents, "source": now.source, "version": now.version}
    renew(form, refusal, now.version)


@require_POST
def remove_population(request: PageRequest, code: str, year: int) -> HttpResponse:
    services.remove_population(division=code, year=year, by=request.user, at=timezone.now())
    return go(request, "places:division", code)


@require_http_methods(["GET", "POST"])
def new_boundaries(request: PageRequest) -> HttpResponse:
    """Bring a GeoJSON file; the next page says what it holds, nothing is saved before that is confirmed."""
    services.require_editor(request.user)
    form = BoundaryForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            kept = store(name=upload.name, data=upload.read(), by=request.user, at=timezone.now())
            token = token_for(kept, request.user.username)
            services.read_boundary_file(token=token, source=form.cleaned_data["source"], by=request.user)
        except RuleBroken as refusal:
            form.add_error("file", str(refusal))
        else:
            query = {"source": form.cleaned_data["source"]}
            return go(request, reverse("places:check-boundaries", args=[token], query=query))
    context = {"form": form, "cancel": reverse("places:divisions")}
    return page(request, "places/new_boundaries.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def check_boundaries(request: PageRequest, token: str) -> HttpResponse:
    """Which features fit which division, which do not and why; the POST saves those that fit."""
    source = asked(request, "source") or request.POST.get("source", "").strip()
    refusal = ""
    if request.method == "POST":
        try:
            services.import_boundaries(token=token, source=source, by=request.user, at=timezone.now())
            return go(request, "places:divisions")
        except RuleBroken as broken:
            refusal = str(broken)
    found = services.read_boundary_file(token=token, source=source, by=request.user)
    context = {"found": found, "refusal": refusal}
    return page(request, "places/check_boundaries.html", context, status=422 if refusal else 200)
