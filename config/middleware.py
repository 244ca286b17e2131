"""What happens around every page: sessions end, first things come first, refusals look like refusals."""

from collections.abc import Callable
from urllib.parse import urlencode

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

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


def first_things_first(get_response: Respond) -> Respond:
    """A new password at the first login, and the second factor where it is set up, before anything else."""

    def middleware(request: HttpRequest) -> HttpResponse:
        user = request.user
        if user.is_authenticated and not request.path.startswith("/api/"):
            for needed, name in [
                (user.must_change_password, "accounts:password"),
                (user.totp_required and not user.is_verified(), "accounts:second-factor"),
            ]:
                url = reverse(name)
                if needed and request.path not in {url, reverse("accounts:logout"), reverse("set_language")}:
                    wanted = request.get_full_path() if request.method == "GET" else request.path
                    return redirect(f"{url}?{urlencode({'next': wanted})}")
        return get_response(request)

    return middleware


class Refusals:
    """A refusal that no page caught: “not yours to see” is a 404, “not lawful now” a 409 with its reason."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, RuleBroken):
            return render(request, "ui/refused.html", {"message": str(exception)}, status=409)
        if isinstance(exception, ObjectDoesNotExist):
            raise Http404 from exception
        return None
