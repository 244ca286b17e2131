"""What pages and the API receive and send back."""

from typing import TYPE_CHECKING, Any, TypeVar

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.utils.cache import patch_vary_headers
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
    """The whole page, or its named part when htmx swaps it in. One URL and one template serve both."""
    htmx = request.htmx
    swap = part and htmx and not htmx.boosted and not htmx.history_restore_request
    response = render(request, f"{template}#{part}" if swap else template, context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def listed(request: PageRequest, rows: "QuerySet[Any, Row]", *, order: tuple[str, ...]) -> "Page[Row]":
    """The page of a list that the address bar asks for (`at`, `size`)."""
    size = request.GET.get("size", "")
    return keyset_page(rows, order=order, at=request.GET.get("at", ""), size=int(size) if size.isdigit() else 0)


def go(request: PageRequest, to: Any, *args: object, **kwargs: object) -> HttpResponse:
    """Send the reader on, whether the browser asked or htmx did."""
    url = resolve_url(to, *args, **kwargs)
    return HttpResponseClientRedirect(url) if request.htmx else HttpResponseRedirect(url)


def download(content: "BytesIO", name: str, content_type: str) -> FileResponse:
    """A file made for this reader, with a name that survives in any language."""
    content.seek(0)
    return FileResponse(content, as_attachment=True, filename=name, content_type=content_type)
