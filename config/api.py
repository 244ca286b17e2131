"""The one NinjaAPI: routers in, refusals out."""

import json
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, Throttled, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.parser import Parser
from ninja.security import HttpBearer, SessionAuth
from ninja.throttling import AnonRateThrottle, AuthRateThrottle

from nongan.accounts.api import router as accounts
from nongan.accounts.models import User
from nongan.accounts.queries import person_of_token, settled
from nongan.common.api import Malformed, Refusal
from nongan.common.errors import RuleBroken
from nongan.documents.api import router as documents
from nongan.enforcement.api import router as enforcement
from nongan.indicators.api import router as indicators
from nongan.journal.api import router as journal
from nongan.laboratory.api import router as laboratory
from nongan.monitoring.api import router as monitoring
from nongan.places.api import router as places
from nongan.portal.api import router as public
from nongan.programme.api import router as programme
from nongan.registry.api import router as registry
from nongan.standards.api import router as standards

# The refusals of a public operation, and of one that asks who you are: status → shape.
OPEN = {400: "Refusal", 404: "Refusal", 409: "Refusal", 422: "Malformed", 429: "Refusal"}
CLOSED = {**OPEN, 401: "Refusal", 403: "Refusal"}


class Token(HttpBearer):
    def authenticate(self, request: HttpRequest, token: str) -> User | None:
        return person_of_token(token, timezone.now())


class Session(SessionAuth):
    """The browser's own session, once the first password is changed and the second factor given."""

    def authenticate(self, request: HttpRequest, key: str | None) -> User | None:
        user: Any = request.user
        return user if settled(user) else None


class Reader(Parser):
    """JSON without NUL, which PostgreSQL keeps in no text, and without lone surrogates, which UTF-8 has not."""

    def parse_body(self, request: HttpRequest) -> Any:
        found = super().parse_body(request)
        if b"\\u" in request.body:
            try:
                text = json.dumps(found, ensure_ascii=False).encode()
            except UnicodeEncodeError:
                text = b"\\u0000"
            if b"\\u0000" in text:
                raise HttpError(400, _("请求内容中有不可用的字符（NUL 或不完整的字符）。"))
        return found


class Api(NinjaAPI):
    def get_openapi_schema(self, **how: Any) -> OpenAPISchema:
        """Every operation names the refusals that it shares with all others."""
        schema = super().get_openapi_schema(**how)
        shapes: dict[str, Any] = schema["components"].setdefault("schemas", {})
        for model in (Refusal, Malformed):
            described = model.model_json_schema(ref_template="#/components/schemas/{model}")
            shapes.update(described.pop("$defs", {}))
            shapes[model.__name__] = described
        for path in schema["paths"].values():
            for operation in path.values():
                for status, name in (CLOSED if operation.get("security") else OPEN).items():
                    answer = {"$ref": f"#/components/schemas/{name}"}
                    content = {"application/json": {"schema": answer}}
                    operation["responses"].setdefault(status, {"description": "Refused", "content": content})
        return schema


api = Api(
    title="农安 nongan",
    version="1",
    description="Every act and list of the platform, for systems. Tokens are issued on “我的账号”.",
    auth=[Token(), Session()],
    parser=Reader(),
    throttle=[AuthRateThrottle("600/m"), AnonRateThrottle("120/m")],
)
api.add_router("/accounts", accounts)
api.add_router("/documents", documents)
api.add_router("/enforcement", enforcement)
api.add_router("/indicators", indicators)
api.add_router("/journal", journal)
api.add_router("/laboratory", laboratory)
api.add_router("/monitoring", monitoring)
api.add_router("/places", places)
api.add_router("/programme", programme)
api.add_router("/public", public)
api.add_router("/registry", registry)
api.add_router("/standards", standards)


def answer(request: HttpRequest, status: int, code: str, message: str, **more: Any) -> HttpResponse:
    return api.create_response(request, {"code": code, "message": message, **more}, status=status)


@api.exception_handler(AuthenticationError)
def unknown(request: HttpRequest, exc: AuthenticationError) -> HttpResponse:
    return answer(request, 401, "not_authenticated", _("请先登录，或在请求头中带上有效的接口令牌。"))


@api.exception_handler(PermissionDenied)
def forbidden(request: HttpRequest, exc: PermissionDenied) -> HttpResponse:
    message = _("您的角色没有这项权限，或对象不在您的管辖范围内：%(what)s。") % {"what": exc}
    return answer(request, 403, "not_permitted", message)


@api.exception_handler(ObjectDoesNotExist)
def unseen(request: HttpRequest, exc: ObjectDoesNotExist) -> HttpResponse:
    return answer(request, 404, "not_found", _("没有这条记录，或不在您的管辖范围内。"))


@api.exception_handler(RuleBroken)
def refused(request: HttpRequest, exc: RuleBroken) -> HttpResponse:
    return answer(request, 409, exc.code, str(exc))


@api.exception_handler(ValidationError)
def malformed(request: HttpRequest, exc: ValidationError) -> HttpResponse:
    faults = [{"field": ".".join(str(p) for p in fault["loc"]), "message": fault["msg"]} for fault in exc.errors]
    return answer(request, 422, "malformed", _("请求内容有误，请按 faults 逐项改正。"), faults=faults)


@api.exception_handler(Throttled)
def too_many(request: HttpRequest, exc: Throttled) -> HttpResponse:
    return answer(request, 429, "too_many", _("请求过于频繁，请稍后再试。"))


@api.exception_handler(HttpError)
def unreadable(request: HttpRequest, exc: HttpError) -> HttpResponse:
    return answer(request, exc.status_code, "unreadable", str(exc))


@api.exception_handler(Http404)
def no_such_address(request: HttpRequest, exc: Http404) -> HttpResponse:
    return answer(request, 404, "not_found", _("没有这条记录，或不在您的管辖范围内。"))
