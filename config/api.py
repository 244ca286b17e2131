"""The one NinjaAPI: routers in, refusals out."""

from typing import Any

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import NinjaAPI
from ninja.security import HttpBearer, SessionAuth
from ninja.throttling import AnonRateThrottle, AuthRateThrottle

from nongan.accounts.models import User
from nongan.accounts.queries import person_of_token
from nongan.common.errors import RuleBroken


class Token(HttpBearer):
    def authenticate(self, request: HttpRequest, token: str) -> User | None:
        return person_of_token(token, timezone.now())


class Session(SessionAuth):
    """The browser's own session, once the first password is changed and the second factor given."""

    def authenticate(self, request: HttpRequest, key: str | None) -> Any:
        user: Any = request.user
        settled = user.is_authenticated and not user.must_change_password
        return user if settled and (not user.totp_required or user.is_verified()) else None


api = NinjaAPI(
    title="农安 nongan",
    version="1",
    description="Every act and list of the platform, for systems. Tokens are issued on “我的账号”.",
    auth=[Token(), Session()],
    throttle=[AuthRateThrottle("600/m"), AnonRateThrottle("120/m")],
)


@api.exception_handler(ObjectDoesNotExist)
def unseen(request: HttpRequest, exc: ObjectDoesNotExist) -> HttpResponse:
    return api.create_response(
        request, {"code": "not_found", "message": "没有这条记录，或不在您的管辖范围内。"}, status=404
    )


@api.exception_handler(PermissionDenied)
def forbidden(request: HttpRequest, exc: PermissionDenied) -> HttpResponse:
    return api.create_response(request, {"code": "not_permitted", "message": str(exc)}, status=403)


@api.exception_handler(RuleBroken)
def refused(request: HttpRequest, exc: RuleBroken) -> HttpResponse:
    return api.create_response(request, {"code": exc.code, "message": str(exc)}, status=409)
