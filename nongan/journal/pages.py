"""The journal as people read it: filtered, by key, exportable."""

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from nongan.common.http import PageRequest, download, listed, page
from nongan.common.media import XLSX
from nongan.common.spreadsheet import write_table
from nongan.journal import queries
from nongan.journal.forms import LineFilter

NEWEST = ("-at", "-sequence")
EXPORTED = 50_000  # lines at most in one file


@require_GET
def lines(request: PageRequest) -> HttpResponse:
    queries.require_reader(request.user)
    chosen = LineFilter(request.GET, queryset=queries.lines_visible_to(request.user))
    if request.GET.get("export"):
        rows = chosen.qs.order_by(*NEWEST)[:EXPORTED]
        table = ((x.sequence, x.at, x.by, x.name, x.on_model, x.on_id, x.division, x.details, x.hash) for x in rows)
        heads = [
            _("序号"), _("时间"), _("操作人"), _("动作"), _("对象类型"), _("对象"), _("区划"), _("内容"), _("哈希")
        ]  # fmt: skip
        return download(write_table(_("操作日志"), heads, table), _("操作日志") + ".xlsx", XLSX)
    context = {
        "page": listed(request, chosen.qs, order=NEWEST),
        "form": chosen.form,
        "waiting": queries.waiting().count(),
    }
    return page(request, "journal/lines.html", context, part="list")
