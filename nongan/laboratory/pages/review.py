"""The desks of the verifier and the signatory: many specimens at once, each result beside its limit and verdict."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from nongan.accounts.rules import Permission
from nongan.accounts.services import require
from nongan.common.errors import RuleBroken
from nongan.common.http import PageRequest, asked, go, page
from nongan.laboratory import services
from nongan.laboratory.pages.specimens import TONES
from nongan.laboratory.queries.review import queue
from nongan.laboratory.rules.report import LimitsChanged, Verdict
from nongan.laboratory.rules.states import SpecimenState


@dataclass(frozen=True)
class Desk:
    """Which specimens lie on it, who sits at it, and what is done with them."""

    state: SpecimenState
    permission: Permission
    act: Callable[..., object]
    template: str


VERIFY = Desk(SpecimenState.ENTERED, Permission.RESULT_VERIFY, services.verify, "laboratory/verify.html")
SIGN = Desk(SpecimenState.VERIFIED, Permission.REPORT_SIGN, services.sign, "laboratory/sign.html")


@require_http_methods(["GET", "POST"])
def verify(request: PageRequest) -> HttpResponse:
    return _desk(request, VERIFY)


@require_http_methods(["GET", "POST"])
def sign(request: PageRequest) -> HttpResponse:
    return _desk(request, SIGN)


def _desk(request: PageRequest, desk: Desk) -> HttpResponse:
    require(request.user, desk.permission)
    refused: dict[str, Any] = {}
    if request.method == "POST":
        try:
            _act(request, desk)
            return go(request, request.get_full_path())
        except RuleBroken as broken:
            refused = {"refusal": str(broken), "limits_changed": isinstance(broken, LimitsChanged)}
    text, verdict = asked(request, "q"), asked(request, "verdict")
    context = refused | {
        "queue": queue(request.user, desk.state, verdict=verdict, text=text),
        "verdicts": [(v.value, v.label, v.value == verdict) for v in Verdict],
        "text": text,
        "narrowed": bool(text or verdict),
        "picked": set(request.POST.getlist("pick")),
        "reason": request.POST.get("reason", ""),
        "returning": request.POST.get("do") == "return",
        "tones": TONES,
    }
    return page(request, desk.template, context, status=422 if refused else 200)


def _act(request: PageRequest, desk: Desk) -> None:
    """Raises RuleBroken; Specimen.DoesNotExist for one that is not there."""
    typed = request.POST
    seen = {code: _whole(typed.get(f"seen-{code}", "")) for code in typed.getlist("pick")}
    if not seen:
        raise RuleBroken(_("还没有勾选样品。请勾选要办理的样品。"))
    at = timezone.now()
    if typed.get("do") == "return":
        services.return_for_correction(seen=seen, reason=typed.get("reason", ""), by=request.user, at=at)
    elif typed.get("do") == "rejudge":
        services.rejudge(seen=seen, by=request.user, at=at)
    else:
        desk.act(seen=seen, by=request.user, at=at)


def _whole(text: str) -> int:
    return int(text) if text.isdecimal() else 0
