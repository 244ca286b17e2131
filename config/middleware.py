"""What happens around every page: sessions end, first things come first, refusals look like refusals."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from nongan.accounts.queries import verified
from nongan.common.errors import RuleBroken

Respond = Callable[[HttpRequest], HttpResponse]
TOUCH_EVERY = 5 * 60  # seconds; so a reading session writes to the database once in five minutes


def keep_session(get_response: Respond) -> Respond:
    """A session ends SESSION_COOKIE_AGE after the last request, without a write on every request."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            now = int(timezone.now().timestamp())
            if now - request.session.get("touched", 0) > TOUCH_EVERY:
                request.session["touched"] = now
        return get_response(request)

    return middleware


def refuse_nul(get_response: Respond) -> Respond:
    """No text of ours holds the character NUL, and PostgreSQL keeps none: an address with it is refused at the door."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if "\x00" not in request.path and "%00" not in request.META.get("QUERY_STRING", ""):
            return get_response(request)
        refusal = {"code": "unreadable", "message": _("地址中有不可用的字符（NUL）。")}
        if request.path.startswith("/api/"):
            return JsonResponse(refusal, status=400)
        return render(request, "ui/refused.html", {"message": refusal["message"]}, status=400)

    return middleware


class AskLogin(LoginRequiredMiddleware):
    """Whoever is not logged in is sent to the login and comes back to the page, also from its form or a part of it."""

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> HttpResponse:  # type: ignore[override]
        url = f"{resolve_url(self.get_login_url(view_func))}?{urlencode({'next': place_of(request)})}"
        return HttpResponseClientRedirect(url) if request.headers.get("HX-Request") else redirect(url)


def place_of(request: HttpRequest) -> str:
    """The page on which the reader was: this one, or the one whose form or part was sent."""
    if request.headers.get("HX-Request"):
        page = request.headers.get("HX-Current-URL", "")
    elif request.method in {"GET", "HEAD"}:
        return request.get_full_path()
    else:
        page = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(page, {request.get_host()}, require_https=request.is_secure()):
        return request.path
    parts = urlsplit(page)
    return urlunsplit(("", "", parts.path, parts.query, ""))


def first_things_first(get_response: Respond) -> Respond:
    """A new password at the first login, and the second factor where it is set up, before anything else."""

    def middleware(request: HttpRequest) -> HttpResponse:
        user = request.user
        if user.is_authenticated and not request.path.startswith("/api/"):
            for needed, name in [
                (user.must_change_password, "accounts:password"),
                (user.totp_required and not verified(user), "accounts:second-factor"),
            ]:
                url = reverse(name)
                if needed and request.path not in {url, reverse("accounts:logout"), reverse("set_language")}:
                    return redirect(f"{url}?{urlencode({'next': place_of(request)})}")
        return get_response(request)

    return middleware


class Refusals:
    """A refusal that no page caught: “not yours to see” is a 404, “not lawful now” a 409 with its reason."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED and not response.content:  # an address of a button
            words = {"message": _("这个地址是按钮提交用的，不能直接打开。请回到原来的页面操作。")}
            page = render(request, "ui/refused.html", words, status=response.status_code)
            page["Allow"] = response["Allow"]
            return page
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, RuleBroken):
            back = "" if request.method in {"GET", "HEAD"} else place_of(request)
            return render(request, "ui/refused.html", {"message": str(exception), "back": back}, status=409)
        if isinstance(exception, ObjectDoesNotExist):
            raise Http404 from exception
        return None
