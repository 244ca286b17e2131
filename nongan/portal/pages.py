"""The public site: no login, phone first."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from nongan.common.http import PageRequest, asked, download, page
from nongan.common.keyset import keyset_page
from nongan.common.media import XLSX
from nongan.common.spreadsheet import write_table
from nongan.monitoring.queries import NEWEST
from nongan.places.queries import children_of
from nongan.portal import queries
from nongan.portal.forms import LookUpForm, ResultsForm
from nongan.standards import queries as standards

SHOWN = 20  # results on a page: a telephone shows four at a time
EXPORTED = 20_000  # results at most in one file


@login_not_required
@require_GET
def home(request: PageRequest) -> HttpResponse:
    """A search box first; then how many results are published and how they stand, with the records behind."""
    context = {
        "standing": queries.standing(settings.CITY, timezone.now()),
        "newest": queries.with_items(list(queries.results(division=settings.CITY).order_by(*NEWEST)[:5])),
    }
    return page(request, "portal/home.html", context)


@login_not_required
@require_GET
def results(request: PageRequest) -> HttpResponse:
    """Published sampling results, newest first."""
    counties = [(d.code, d.name) for d in children_of(settings.CITY)]
    form = ResultsForm(request.GET, counties=counties)
    wanted: dict[str, Any] = dict(form.cleaned_data) if form.is_valid() else {}
    rows = queries.results(**{**wanted, "division": wanted.get("division") or settings.CITY})
    if request.GET.get("export"):
        return _exported(rows)
    found = keyset_page(rows, order=NEWEST, at=asked(request, "at"), size=SHOWN)
    context = {"page": found, "results": queries.with_items(found.rows), "form": form}
    return page(request, "portal/results.html", context, part="list", status=422 if form.errors else 200)


def _exported(rows: Any) -> HttpResponse:
    heads = [_("抽样单号"), _("产品"), _("被抽样主体"), _("区划"), _("抽样日期"), _("生产日期"), _("结论"),
             _("不合格项目"), _("检测报告"), _("公布日期")]  # fmt: skip
    table = (
        (r["number"], r["commodity_name"], r["subject_name"], r["division_name"], r["sampled_on"], r["produced_on"],
         _("合格") if r["verdict"] == "pass" else _("不合格"), r["finding"], r["report"],
         timezone.localdate(r["published_at"]))
        for r in rows.order_by(*NEWEST)[:EXPORTED]
    )  # fmt: skip
    return download(write_table(_("抽检公示"), heads, table), _("抽检公示") + ".xlsx", XLSX)


@login_not_required
@require_GET
def result(request: PageRequest, number: str) -> HttpResponse:
    found = queries.result(number, division=settings.CITY)
    return page(request, "portal/result.html", {"found": found, "sample": found.sample})


@login_not_required
@require_GET
def look_up(request: PageRequest) -> HttpResponse:
    """The limit of an item in a food on a day; without an item, everything that is limited in the food."""
    today = timezone.localdate()
    if not asked(request, "food"):
        return page(request, "portal/look_up.html", {"form": LookUpForm(initial={"on": today})})
    typed = request.GET.copy()
    typed["on"] = asked(request, "on") or today.isoformat()
    form = LookUpForm(typed)
    context: dict[str, Any] = {"form": form}
    if form.is_valid():
        food, item, on = form.cleaned_data["food"], form.cleaned_data["item"], form.cleaned_data["on"]
        context |= {"food": food, "food_name": standards.commodity_names([food])[food], "on": on}
        if item:
            context["answer"] = standards.look_up(food=food, analyte=item, on=on)
        else:
            context["lines"] = standards.limits_in(food, on)
    return page(request, "portal/look_up.html", context, status=422 if form.errors else 200)


@login_not_required
@require_GET
def food_options(request: PageRequest) -> HttpResponse:
    """Suggestions while one types a food."""
    return _options(request, standards.pick_commodities)


@login_not_required
@require_GET
def item_options(request: PageRequest) -> HttpResponse:
    return _options(request, standards.pick_analytes)


def _options(request: PageRequest, pick: Any) -> HttpResponse:
    text = asked(request, next(iter(request.GET), ""))
    return page(request, "ui/widgets/options.html", {"options": pick(text) if text else []})
