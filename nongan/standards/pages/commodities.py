"""The tree of foods, and one food."""

from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from nongan.accounts.rules import Permission
from nongan.accounts.services import require
from nongan.common.http import PageRequest, asked, download, page
from nongan.common.media import XLSX
from nongan.common.spreadsheet import write_table
from nongan.common.words import listed
from nongan.journal.queries import timeline
from nongan.standards import queries
from nongan.standards.models import Commodity
from nongan.standards.queries.lists import limit_counts
from nongan.standards.rules import Tree

MOST = 100  # foods that a search shows


@require_GET
def commodities(request: PageRequest) -> HttpResponse:
    """The roots with what stands under them; `?q=` finds by any name."""
    require(request.user, Permission.STANDARDS_VIEW)
    tree = queries.book().tree
    if request.GET.get("export"):
        heads = [_("编码"), _("名称"), _("上级分类"), _("别名"), _("加工食品"), _("来源")]
        return download(write_table(_("食品分类"), heads, _table(tree)), _("食品分类") + ".xlsx", XLSX)
    text = asked(request, "q")
    found = [tree.nodes[code] for code, _label in queries.pick_commodities(text, MOST)] if text else []
    context = {
        "text": text,
        "found": [(one, tree.line(one.code)[:-1]) for one in found],
        "roots": [_branch(tree, one.code, 2) for one in tree.nodes.values() if not one.parents],
        "total": len(tree.nodes),
        "may_edit": request.user.may(Permission.STANDARDS_EDIT),
    }
    return page(request, "standards/commodities.html", context, part="tree")


def _branch(tree: Tree, code: str, depth: int) -> dict[str, Any]:
    """A node with those that are shown under it, `depth` levels down."""
    children = [child for child in tree.children.get(code, ()) if tree.nodes[child].parents[0] == code]
    return {
        "food": tree.nodes[code],
        "count": len(tree.below(code)),
        "below": _names_below(tree, code),
        "children": [_branch(tree, child, depth - 1) for child in children] if depth else [],
    }


def _names_below(tree: Tree, code: str) -> str:
    names = [tree.name(child) for child in tree.children.get(code, ())]
    return listed(names[:8]) + ("…" if len(names) > 8 else "")


def _table(tree: Tree) -> Iterator[tuple[Any, ...]]:
    for one in tree.nodes.values():
        parents = "；".join(tree.name(parent) for parent in one.parents)
        synonyms = "；".join((*one.synonyms, *one.heads))
        yield one.code, one.name, parents, synonyms, _("是") if one.processed else "", one.source


@require_GET
def commodity(request: PageRequest, code: str) -> HttpResponse:
    """A food: where it stands, what stands under it, what is limited in it today."""
    require(request.user, Permission.STANDARDS_VIEW)
    law, today = queries.book(), timezone.localdate()
    found = law.tree.nodes.get(code)
    if found is None:
        raise Http404
    children = [law.tree.nodes[child] for child in law.tree.children.get(code, ())]
    context = {
        "found": found,
        "names": dict.fromkeys([*found.heads, *found.synonyms]),
        "lines": [law.tree.line(parent) for parent in found.parents],
        "children": children,
        "counts": limit_counts([child.code for child in children]),
        "limits": queries.limits_in(code, today),
        "panel": [law.analytes.by_code[item] for item in queries.usual_panel(code) if item in law.analytes.by_code],
        "today": today,
        "history": timeline(Commodity(code=code)),
    }
    return page(request, "standards/commodity.html", context)
