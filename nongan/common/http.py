"""What pages and the API receive and send back."""

from typing import TYPE_CHECKING, Any, TypeVar

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.utils.cache import patch_vary_headers
from django.utils.http import content_disposition_header
from django_htmx.http import HttpResponseClientRedirect

from nongan.common.keyset import Page, keyset_page

if TYPE_CHECKING:
    from io import BytesIO

    from django.db.models import QuerySet
    from django_htmx.middleware import HtmxDetails

    from nongan.accounts.models import User

Row = TypeVar("Row")


class PageRequest(HttpRequest):
    user: "User"
    htmx: "HtmxDetails"


class ApiRequest(HttpRequest):
    auth: "User"


def page(
    request: PageRequest, template: str, context: dict[str, Any], *, part: str = "", status: int = 200
) -> HttpResponse:
    """The whole page, or its named part when htmx swaps it in. One URL and one template serve both.

    The part is the template's own `{% partialdef %}`, or the block `part` of the frame that it extends
    (`ui/list.html`, `ui/edit.html`): partials are not inherited, blocks are.
    """
    htmx = request.htmx
    if part and htmx and not htmx.boosted and not htmx.history_restore_request:
        if _has_partial(template, part):
            template = f"{template}#{part}"
        else:
            context = {**context, "outer": "ui/part.html"}
    response = render(request, template, context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _has_partial(template: str, part: str) -> bool:
    try:
        get_template(f"{template}#{part}")
    except TemplateDoesNotExist:
        return False
    return True


def listed(request: PageRequest, rows: "QuerySet[Any, Row]", *, order: tuple[str, ...]) -> "Page[Row]":
    """The page of a list that the address bar asks for (`at`, `size`)."""
    size = asked(request, "size")
    return keyset_page(rows, order=order, at=asked(request, "at"), size=int(size) if size.isdecimal() else 0)


def go(request: PageRequest, to: Any, *args: object, **kwargs: object) -> HttpResponse:
    """Send the reader on, whether the browser asked or htmx did."""
    url = resolve_url(to, *args, **kwargs)
    return HttpResponseClientRedirect(url) if request.htmx else HttpResponseRedirect(url)


def download(content: "BytesIO", name: str, content_type: str) -> HttpResponse:
    """A file made for this reader, with a name that survives in any language."""
    headers = {"Content-Disposition": content_disposition_header(True, name) or "attachment"}
    return HttpResponse(content.getvalue(), content_type=content_type, headers=headers)


def asked(request: HttpRequest, name: str) -> str:
    """A value of the address bar, without blanks around it; blank where it is not there."""
    return str(request.GET.get(name, "")).strip()
