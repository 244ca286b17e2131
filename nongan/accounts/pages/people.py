"""People: list, facts, new, change, lost passwords and phones; and the table of roles."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nongan.accounts import queries, services
from nongan.accounts.forms import PersonFilter, PersonForm
from nongan.accounts.rules import CHAPTERS, ROLES, Permission, Role
from nongan.common.editing import Stale, renew
from nongan.common.errors import RuleBroken
from nongan.common.http import PageRequest, download, go, listed, page
from nongan.common.media import XLSX
from nongan.common.spreadsheet import write_table
from nongan.journal.queries import timeline

ORDER = ("username",)


@require_GET
def people(request: PageRequest) -> HttpResponse:
    services.require(request.user, Permission.ACCOUNT_VIEW)
    chosen = PersonFilter(request.GET, queryset=queries.people_visible_to(request.user), request=request)
    if request.GET.get("export"):
        heads = [_("用户名"), _("姓名"), _("角色"), _("机构"), _("区划代码"), _("管辖区划"), _("手机"), _("状态")]
        rows = (
            (p.username, p.full_name, p.get_role_display(), p.organisation or "", p.scope, p.division or "", p.phone,
             _("在用") if p.is_active else _("停用"))
            for p in chosen.qs.order_by(*ORDER)
        )  # fmt: skip
        return download(write_table(_("人员"), heads, rows), _("人员") + ".xlsx", XLSX)
    context = {
        "page": listed(request, chosen.qs, order=ORDER),
        "form": chosen.form,
        "may_manage": request.user.may(Permission.ACCOUNT_MANAGE),
    }
    return page(request, "accounts/people.html", context, part="list")


@require_GET
def person(request: PageRequest, person_id: int) -> HttpResponse:
    services.require(request.user, Permission.ACCOUNT_VIEW)
    found = get_object_or_404(queries.people_visible_to(request.user), pk=person_id)
    context = {
        "found": found,
        "history": timeline(found),
        "may_manage": request.user.may(Permission.ACCOUNT_MANAGE),
        "self": found.pk == request.user.pk,
    }
    return page(request, "accounts/person.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def new_person(request: PageRequest) -> HttpResponse:
    """The answer to a good form is the only page that ever shows the first password."""
    services.require(request.user, Permission.ACCOUNT_MANAGE)
    initial = {"division": request.user.scope, "organisation": request.GET.get("organisation", "")}
    form = PersonForm(request.POST or None, initial=initial, by=request.user, new=True)
    if form.is_valid():
        typed = {**form.cleaned_data, "organisation_id": _key(form.cleaned_data["organisation"])}
        typed.pop("organisation")
        try:
            added, password = services.add_person(**typed, by=request.user, at=timezone.now())
            return page(request, "accounts/first_password.html", {"found": added, "password": password})
        except RuleBroken as refusal:
            form.add_error("username", str(refusal))
    context = {"form": form, "cancel": reverse("accounts:people")}
    return page(request, "accounts/edit_person.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def change_person(request: PageRequest, person_id: int) -> HttpResponse:
    services.require(request.user, Permission.ACCOUNT_MANAGE)
    found = get_object_or_404(queries.people_visible_to(request.user), pk=person_id)
    initial = {
        "full_name": found.full_name, "role": found.role, "organisation": found.organisation_id,
        "division": found.division_id, "phone": found.phone, "subject_number": found.subject_number,
        "is_active": found.is_active, "version": found.version,
    }  # fmt: skip
    form = PersonForm(request.POST or None, initial=initial, by=request.user, new=False)
    if form.is_valid():
        typed = {
            **form.cleaned_data,
            "organisation_id": _key(form.cleaned_data["organisation"]),
            "seen": form.cleaned_data["version"],
        }
        typed.pop("organisation"), typed.pop("version")
        try:
            services.change_person(person_id=found.pk, **typed, by=request.user, at=timezone.now())
            return go(request, "accounts:person", found.pk)
        except Stale as refusal:
            renew(form, refusal, found.version)
        except RuleBroken as refusal:
            form.add_error(None, str(refusal))
    context = {"form": form, "found": found, "cancel": reverse("accounts:person", args=[found.pk])}
    return page(request, "accounts/edit_person.html", context, status=422 if form.errors else 200)


@never_cache
@require_POST
def reset_password(request: PageRequest, person_id: int) -> HttpResponse:
    """The answer is the only page that ever shows the new password."""
    password = services.reset_password(person_id=person_id, by=request.user, at=timezone.now())
    found = queries.people_visible_to(request.user).get(pk=person_id)
    return page(request, "accounts/first_password.html", {"found": found, "password": password})


@require_POST
def reset_second_factor(request: PageRequest, person_id: int) -> HttpResponse:
    services.reset_second_factor(person_id=person_id, by=request.user, at=timezone.now())
    return go(request, "accounts:person", person_id)


@require_GET
def roles(request: PageRequest) -> HttpResponse:
    """One line a permission, one column a role: the table of `accounts.rules`, as it is enforced."""
    services.require(request.user, Permission.ACCOUNT_VIEW)
    chapters = [
        (chapter, [(name, [permission in ROLES[role] for role in Role]) for permission, name in names.items()])
        for chapter, names in CHAPTERS
    ]
    return page(request, "accounts/roles.html", {"chapters": chapters, "roles": Role.labels})


def _key(text: str) -> int | None:
    return int(text) if text else None
