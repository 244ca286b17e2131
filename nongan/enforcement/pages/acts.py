"""Every act on a case: a small page with its form; what the law refuses is said there, and nothing typed is lost."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from nongan.common.editing import Stale
from nongan.common.errors import RuleBroken
from nongan.common.http import PageRequest, go, page
from nongan.enforcement import services
from nongan.enforcement.forms.acts import FORMS, ActForm
from nongan.enforcement.models import Case
from nongan.enforcement.pages.cases import found_case
from nongan.enforcement.pages.shown import clock_of
from nongan.enforcement.queries.cases import hands_of, standing_of, transfer_of
from nongan.enforcement.rules.acts import SPECS, Act, refusal
from nongan.enforcement.rules.transfer import PapersMissing

DO: dict[Act, Callable[..., Any]] = {
    Act.DISMISS: services.dismiss_case, Act.SUSPECT: services.suspect_crime, Act.APPROVE: services.approve_transfer,
    Act.REFUSE: services.refuse_transfer, Act.HAND_OVER: services.hand_over, Act.RECEIPT: services.record_receipt,
    Act.POLICE: services.record_police_decision, Act.RECONSIDER: services.ask_reconsideration,
    Act.RECONSIDERED: services.record_reconsideration, Act.RESUME: services.resume_case, Act.FILE: services.file_case,
    Act.ASK_FILING: services.ask_filing, Act.DECLINE: services.decline_case, Act.PROPOSE: services.propose_outcome,
    Act.INQUIRE: services.record_inquiry, Act.REVIEW: services.review_case, Act.NOTIFY: services.notify_party,
    Act.ANSWER: services.record_answer, Act.HEARING: services.set_hearing, Act.HELD: services.record_hearing,
    Act.DECIDE: services.decide_case, Act.EXECUTE: services.execute_case, Act.CLOSE: services.close_case,
    Act.GOODS: services.hand_over_goods, Act.RETURN: services.return_case, Act.EXTEND: services.extend_deadline,
}  # fmt: skip


@require_http_methods(["GET", "POST"])
def act(request: PageRequest, number: str, name: str) -> HttpResponse:
    if name not in Act.values:
        raise Http404
    wanted = Act(name)
    found, at = found_case(request, number), timezone.now()
    if SPECS[wanted].hand not in hands_of(found, request.user):
        raise PermissionDenied(str(wanted.label))
    posted = request.method == "POST"
    form = FORMS[wanted](
        request.POST if posted else None, request.FILES if posted else None, case=found, by=request.user
    )
    if form.is_valid():
        try:
            DO[wanted](number=number, **form.arguments(), seen=form.cleaned_data["version"], by=request.user, at=at)
            return go(request, "enforcement:case", number)
        except RuleBroken as refused:
            _say(form, refused, number, request)
    context = {
        "form": form,
        "case": found,
        "act": wanted,
        "transfer": transfer_of(found),
        "clock": clock_of(found, at),
        "refusal": "" if posted else str(refusal(wanted, standing_of(found), at) or ""),
        "cancel": reverse("enforcement:case", args=[number]),
    }
    return page(request, "enforcement/act.html", context, status=422 if form.errors else 200)


def _say(form: ActForm, refused: RuleBroken, number: str, request: PageRequest) -> None:
    """The refusal at its field; after `Stale` the next save knows the case as it stands now."""
    if isinstance(refused, PapersMissing):
        for paper in refused.missing:
            form.add_error(f"paper_{paper.value}", str(refused))
        return
    field = {"files": "attachments"}.get(getattr(refused, "field", ""), getattr(refused, "field", ""))
    if refused.code in ("file_not_accepted", "file_refused") and "attachments" in form.fields:
        field = "attachments"
    form.add_error(field if field in form.fields else None, str(refused))
    if isinstance(refused, Stale):
        data: Any = form.data.copy()  # type: ignore[attr-defined]  # a QueryDict
        data["version"] = str(Case.objects.get(number=number).version)
        form.data = data
