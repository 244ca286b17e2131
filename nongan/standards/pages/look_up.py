"""The limit of an item in a food on a day, the way to it, and the verdict on a result."""

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from nongan.accounts.rules import Permission
from nongan.accounts.services import require
from nongan.common.http import PageRequest, download, page
from nongan.common.media import XLSX
from nongan.common.spreadsheet import write_table
from nongan.standards import queries
from nongan.standards.forms import LookUpForm
from nongan.standards.queries.look_up import DetectionLimitRefused

TONES = {"pass": "ok", "fail": "bad", "undecided": "warn", "unjudged": "idle"}


@require_GET
def look_up(request: PageRequest) -> HttpResponse:
    """`?food=&item=&on=&result=` answer; without an item, everything that is limited in the food."""
    require(request.user, Permission.STANDARDS_VIEW)
    today = timezone.localdate()
    if not request.GET:
        return page(request, "standards/look_up.html", {"form": LookUpForm(initial={"on": today})})
    asked = request.GET.copy()
    if not asked.get("on"):
        asked["on"] = today.isoformat()
    form = LookUpForm(asked)
    context: dict[str, Any] = {"form": form, "tones": TONES} | (_answered(form) if form.is_valid() else {})
    if form.is_valid() and request.GET.get("export") and "lines" in context:
        return _exported(context["food_name"], form.cleaned_data["on"], context["lines"])
    return page(request, "standards/look_up.html", context, status=422 if form.errors else 200)


def _answered(form: LookUpForm) -> dict[str, Any]:
    typed = form.cleaned_data
    food, item, on = typed["food"], typed["item"], typed["on"]
    names = queries.commodity_names([food])
    if not item:
        lines = queries.limits_in(food, on)
        return {"food": food, "food_name": names[food], "on": on, "lines": lines}
    try:
        answer = queries.look_up(
            food=food, analyte=item, on=on, result=typed["result"], unit=typed["unit"] or "mg/kg", lod=typed["lod"]
        )
    except DetectionLimitRefused as refusal:
        form.add_error("lod", str(refusal))
        return {}
    return {"food": food, "food_name": names[food], "on": on, "answer": answer}


def _exported(food: str, on: date, lines: list[Any]) -> HttpResponse:
    heads = [_("检测项目"), _("类别"), _("限量"), _("禁限用"), _("依据"), _("演示数据")]
    rows = (
        (line.name, line.kind, line.text, _("是") if line.forbidden else "", line.words,
         _("是") if line.demonstration else "")
        for line in lines
    )  # fmt: skip
    title = _("%(food)s限量（%(on)s）") % {"food": food, "on": on}
    return download(write_table(title, heads, rows), title + ".xlsx", XLSX)
