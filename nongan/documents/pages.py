"""Files by signed link, and the pages of every import."""

from io import BytesIO

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nongan.common.errors import RuleBroken
from nongan.common.http import PageRequest, download, go, page
from nongan.common.media import XLSX
from nongan.common.spreadsheet import marked_copy, template
from nongan.documents import queries, services
from nongan.documents.forms import ImportForm
from nongan.documents.models import Import

SHOWN = 200  # problems on the page; all of them are in the marked copy


@require_GET
def file(request: PageRequest, token: str) -> HttpResponse:
    document = queries.document_of(token, request.user.username)
    response = download(BytesIO(services.content_of(document)), document.name, document.content_type)
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_http_methods(["GET", "POST"])
def new_import(request: PageRequest, kind: str) -> HttpResponse:
    how = _kind(kind, request)
    form = ImportForm(request.POST or None, request.FILES or None, options=how.options)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            found = services.begin_import(
                kind=kind, name=file.name or "", data=file.read(), options=form.options, by=request.user,
                at=timezone.now(),
            )  # fmt: skip
            return go(request, "documents:import", found.pk)
        except RuleBroken as broken:
            form.add_error("file", str(broken))
    context = {
        "how": how,
        "form": form,
        "cancel": reverse(how.back),
        "waiting": queries.waiting(request.user.username).filter(kind=kind)[:5],
    }
    return page(request, "documents/new_import.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def show_import(request: PageRequest, import_id: int) -> HttpResponse:
    found = _import(request, import_id)
    refusal = ""
    if request.method == "POST":
        try:
            services.finish_import(import_id=import_id, by=request.user, at=timezone.now())
            return go(request, "documents:import", import_id)
        except RuleBroken as broken:
            refusal = str(broken)
            found = _import(request, import_id)
    how = services.KINDS[found.kind]
    context = {
        "found": found,
        "how": how,
        "back": reverse(how.back),
        "problems": found.problems[:SHOWN],
        "shown": SHOWN,
        "options": [(label, found.options.get(name, "")) for name, label in how.options.items()],
        "refusal": refusal,
    }
    return page(request, "documents/import.html", context, status=422 if refusal else 200)


@require_POST
def drop_import(request: PageRequest, import_id: int) -> HttpResponse:
    found = services.drop_import(import_id=import_id, by=request.user, at=timezone.now())
    return go(request, services.KINDS[found.kind].back)


@require_GET
def import_template(request: PageRequest, kind: str) -> HttpResponse:
    how = _kind(kind, request)
    return download(template(how.columns, how.title), f"{how.title}模板.xlsx", XLSX)


@require_GET
def import_marked(request: PageRequest, import_id: int) -> HttpResponse:
    found = _import(request, import_id)
    data, how = services.content_of(found.document), services.KINDS[found.kind]
    copy = marked_copy(data, found.document.name, how.columns, found.problems)
    return download(copy, f"错误标注-{found.document.name.rsplit('.', 1)[0]}.xlsx", XLSX)


def _kind(kind: str, request: PageRequest) -> services.ImportKind:
    if kind not in services.KINDS:
        raise Http404
    services.KINDS[kind].allow(request.user)
    return services.KINDS[kind]


def _import(request: PageRequest, import_id: int) -> Import:
    return get_object_or_404(queries.imports_of(request.user.username), pk=import_id)
