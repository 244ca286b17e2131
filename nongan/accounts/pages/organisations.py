"""Organisations: list, facts, new, change."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from nongan.accounts import queries, services
from nongan.accounts.forms import OrganisationFilter, OrganisationForm
from nongan.accounts.rules import Permission
from nongan.common.editing import Stale, renew
from nongan.common.errors import RuleBroken
from nongan.common.http import PageRequest, asked, download, go, listed, page
from nongan.common.media import XLSX
from nongan.common.spreadsheet import write_table
from nongan.journal.queries import timeline

ORDER = ("division_id", "name", "pk")


@require_GET
def organisations(request: PageRequest) -> HttpResponse:
    services.require(request.user, Permission.ACCOUNT_VIEW)
    chosen = OrganisationFilter(request.GET, queryset=queries.organisations_visible_to(request.user), request=request)
    if request.GET.get("export"):
        heads = [_("名称"), _("别名"), _("类型"), _("区划代码"), _("区划"), _("状态")]
        rows = (
            (o.name, "；".join(o.aliases), o.get_kind_display(), o.division_id, o.division.name,
             _("在用") if o.active else _("停用"))
            for o in chosen.qs.order_by(*ORDER)
        )  # fmt: skip
        return download(write_table(_("机构"), heads, rows), _("机构") + ".xlsx", XLSX)
    context = {
        "page": listed(request, chosen.qs, order=ORDER),
        "form": chosen.form,
        "may_manage": request.user.may(Permission.ACCOUNT_MANAGE),
    }
    return page(request, "accounts/organisations.html", context, part="list")


@require_GET
def organisation_options(request: PageRequest) -> HttpResponse:
    """Suggestions for a box of any name in which somebody picks an organisation."""
    text = asked(request, next(iter(request.GET), ""))
    return page(request, "ui/widgets/options.html", {"options": queries.pick_organisations(request.user, text)})


@require_GET
def organisation(request: PageRequest, organisation_id: int) -> HttpResponse:
    services.require(request.user, Permission.ACCOUNT_VIEW)
    found = get_object_or_404(queries.organisations_visible_to(request.user), pk=organisation_id)
    context = {
        "found": found,
        "people": queries.people_visible_to(request.user).filter(organisation=found).order_by("username"),
        "history": timeline(found),
        "may_manage": request.user.may(Permission.ACCOUNT_MANAGE),
    }
    return page(request, "accounts/organisation.html", context)


@require_http_methods(["GET", "POST"])
def new_organisation(request: PageRequest) -> HttpResponse:
    services.require(request.user, Permission.ACCOUNT_MANAGE)
    form = OrganisationForm(request.POST or None, by=request.user, new=True)
    if form.is_valid():
        try:
            added = services.add_organisation(**form.cleaned_data, by=request.user, at=timezone.now())
            return go(request, "accounts:organisation", added.pk)
        except RuleBroken as refusal:
            form.add_error("name", str(refusal))
    context = {"form": form, "cancel": reverse("accounts:organisations")}
    return page(request, "accounts/edit_organisation.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def change_organisation(request: PageRequest, organisation_id: int) -> HttpResponse:
    services.require(request.user, Permission.ACCOUNT_MANAGE)
    found = get_object_or_404(queries.organisations_visible_to(request.user), pk=organisation_id)
    initial = {
        "name": found.name, "kind": found.kind, "aliases": "\n".join(found.aliases), "active": found.active,
        "version": found.version,
    }  # fmt: skip
    form = OrganisationForm(request.POST or None, initial=initial, by=request.user, new=False)
    if form.is_valid():
        typed = {**form.cleaned_data, "seen": form.cleaned_data["version"]}
        typed.pop("version")
        try:
            services.change_organisation(organisation_id=found.pk, **typed, by=request.user, at=timezone.now())
            return go(request, "accounts:organisation", found.pk)
        except Stale as refusal:
            renew(form, refusal, found.version)
        except RuleBroken as refusal:
            form.add_error("name", str(refusal))
    context = {"form": form, "found": found, "cancel": reverse("accounts:organisation", args=[found.pk])}
    return page(request, "accounts/edit_organisation.html", context, status=422 if form.errors else 200)
