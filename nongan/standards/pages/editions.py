"""Editions of standards: which are loaded, in force from when until when."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from nongan.accounts.rules import Permission
from nongan.accounts.services import require
from nongan.common.editing import Stale, renew
from nongan.common.errors import RuleBroken
from nongan.common.http import PageRequest, download, go, listed, page
from nongan.common.media import XLSX
from nongan.common.spreadsheet import write_table
from nongan.journal.queries import timeline
from nongan.standards import services
from nongan.standards.forms import EndEditionForm
from nongan.standards.queries import lists


@require_GET
def editions(request: PageRequest) -> HttpResponse:
    require(request.user, Permission.STANDARDS_VIEW)
    rows = lists.editions()
    if request.GET.get("export"):
        heads = [
            _("版本"), _("名称"), _("生效日期"), _("失效日期"), _("依据"), _("限量数"), _("项目数"), _("所列项目齐全"),
            _("演示数据"), _("来源"), _("载入人"), _("载入时间"),
        ]  # fmt: skip
        cells = (
            (one.code, one.title, one.valid_from, one.valid_to, one.get_authority_display(), one.rows, one.items,
             _("是") if one.complete else _("否"), _("是") if one.demonstration else "", one.source, one.by, one.at)
            for one in rows.order_by(*lists.EDITION_ORDER)
        )  # fmt: skip
        return download(write_table(_("标准版本"), heads, cells), _("标准版本") + ".xlsx", XLSX)
    context = {
        "page": listed(request, rows, order=lists.EDITION_ORDER),
        "today": timezone.localdate(),
        "may_edit": request.user.may(Permission.STANDARDS_EDIT),
    }
    return page(request, "standards/editions.html", context, part="list")


@require_GET
def edition(request: PageRequest, edition_id: int) -> HttpResponse:
    require(request.user, Permission.STANDARDS_VIEW)
    found = get_object_or_404(lists.editions(), pk=edition_id)
    context = {
        "found": found,
        "today": timezone.localdate(),
        "may_edit": request.user.may(Permission.STANDARDS_EDIT),
        "history": timeline(found),
    }
    return page(request, "standards/edition.html", context)


@require_http_methods(["GET", "POST"])
def end_edition(request: PageRequest, edition_id: int) -> HttpResponse:
    """Until which day it is in force."""
    require(request.user, Permission.STANDARDS_EDIT)
    found = get_object_or_404(lists.editions(), pk=edition_id)
    form = EndEditionForm(request.POST or None, initial={"valid_to": found.valid_to, "version": found.version})
    if form.is_valid():
        typed = form.cleaned_data
        try:
            services.end_edition(
                edition_id=found.pk, valid_to=typed["valid_to"], seen=typed["version"], by=request.user,
                at=timezone.now(),
            )  # fmt: skip
            return go(request, "standards:edition", found.pk)
        except Stale as refusal:
            renew(form, refusal, found.version)
        except RuleBroken as refusal:
            form.add_error("valid_to", str(refusal))
    context = {"form": form, "found": found, "cancel": reverse("standards:edition", args=[found.pk])}
    return page(request, "standards/end_edition.html", context, status=422 if form.errors else 200)
