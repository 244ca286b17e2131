"""One limit: what it says, and a person's adding, correcting and ending of it."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from nongan.accounts.rules import Permission
from nongan.accounts.services import require
from nongan.common.editing import Stale, renew
from nongan.common.http import PageRequest, go, page
from nongan.journal.queries import timeline
from nongan.standards import services
from nongan.standards.forms import ChangeLimitForm, EndLimitForm, NewLimitForm
from nongan.standards.models import Limit
from nongan.standards.queries import lists


@require_GET
def limit(request: PageRequest, limit_id: int) -> HttpResponse:
    require(request.user, Permission.STANDARDS_VIEW)
    found = get_object_or_404(lists.limits(), pk=limit_id)
    context = {
        "found": found,
        "today": timezone.localdate(),
        "may_edit": request.user.may(Permission.STANDARDS_EDIT),
        "history": timeline(found),
    }
    return page(request, "standards/limit.html", context)


@require_http_methods(["GET", "POST"])
def new_limit(request: PageRequest) -> HttpResponse:
    """`?edition=` is the edition that it is added to."""
    require(request.user, Permission.STANDARDS_EDIT)
    form = NewLimitForm(request.POST or None, initial={"edition": request.GET.get("edition", "")})
    if form.is_valid():
        typed = form.cleaned_data
        try:
            added = services.add_limit(
                edition_id=typed["edition"].pk, facts=form.facts(), reason=typed["reason"], by=request.user,
                at=timezone.now(),
            )  # fmt: skip
            return go(request, "standards:limit", added.pk)
        except services.LimitRowRefused as refusal:
            form.add_error(refusal.field, str(refusal))
    context = {"form": form, "cancel": reverse("standards:limits")}
    return page(request, "standards/edit_limit.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def change_limit(request: PageRequest, limit_id: int) -> HttpResponse:
    require(request.user, Permission.STANDARDS_EDIT)
    found = get_object_or_404(lists.limits(), pk=limit_id)
    form = ChangeLimitForm(request.POST or None, initial=_stands(found))
    if form.is_valid():
        typed = form.cleaned_data
        try:
            services.change_limit(
                limit_id=found.pk, facts=form.facts(), reason=typed["reason"], seen=typed["version"], by=request.user,
                at=timezone.now(),
            )  # fmt: skip
            return go(request, "standards:limit", found.pk)
        except Stale as refusal:
            renew(form, refusal, found.version)
        except services.LimitRowRefused as refusal:
            form.add_error(refusal.field, str(refusal))
    context = {"form": form, "found": found, "cancel": reverse("standards:limit", args=[found.pk])}
    return page(request, "standards/edit_limit.html", context, status=422 if form.errors else 200)


def _stands(limit: Limit) -> dict[str, Any]:
    """The row as the form shows it."""
    fields = ("food_text", "condition", "note", "source", "valid_from", "valid_to", "version")
    return {name: getattr(limit, name) for name in fields} | {
        "item": limit.analyte_id,
        "food": limit.commodity_id,
        "exclusions": "、".join(food.name for food in limit.exclusions.all()),
        "limit": str(limit.bounds),
    }


@require_http_methods(["GET", "POST"])
def end_limit(request: PageRequest, limit_id: int) -> HttpResponse:
    """Until which day it holds."""
    require(request.user, Permission.STANDARDS_EDIT)
    found = get_object_or_404(lists.limits(), pk=limit_id)
    form = EndLimitForm(request.POST or None, initial={"valid_to": found.valid_to, "version": found.version})
    if form.is_valid():
        typed = form.cleaned_data
        try:
            services.end_limit(
                limit_id=found.pk, valid_to=typed["valid_to"], source=typed["source"], reason=typed["reason"],
                seen=typed["version"], by=request.user, at=timezone.now(),
            )  # fmt: skip
            return go(request, "standards:limit", found.pk)
        except Stale as refusal:
            renew(form, refusal, found.version)
        except services.LimitRowRefused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else "valid_to", str(refusal))
    context = {"form": form, "found": found, "cancel": reverse("standards:limit", args=[found.pk])}
    return page(request, "standards/end_limit.html", context, status=422 if form.errors else 200)
