"""The document and its reading side by side; a person corrects and confirms."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from nongan.accounts.rules import Permission
from nongan.accounts.services import require
from nongan.common.editing import Stale
from nongan.common.http import PageRequest, go, page
from nongan.programme.forms.content import typed_content
from nongan.programme.models import PlanVersion
from nongan.programme.queries.drafts import indicator_names, machine_content
from nongan.programme.queries.plans import drafts_visible_to
from nongan.programme.rules import checking, editing
from nongan.programme.rules.content import FIELDS, Content, Row, differences, missing_rows, rows_by_id
from nongan.programme.rules.marking import anchors, marked
from nongan.programme.rules.reading.shapes import Comparator, Reason, Role
from nongan.programme.rules.states import VersionState
from nongan.programme.rules.units import split_units
from nongan.programme.services import drafts

WIDTH = {"tasks": 40, "targets": 40, "goals": 44, "phases": 44, "safeguards": 48}  # characters in a line of its box
TAKE = (("tasks", _("任务")), ("targets", _("指标")), ("goals", _("目标")), ("phases", _("阶段")))


@dataclass
class Shown:
    """A row as the page shows it, with what is said beside its fields."""

    row: Row
    group: str
    anchor: str = ""
    faults: dict[str, str] = field(default_factory=dict)
    warnings: dict[str, str] = field(default_factory=dict)
    now: dict[str, str] = field(default_factory=dict)

    @property
    def lines(self) -> int:
        """The height of the text box, so that the text is read without scrolling."""
        return max(sum(math.ceil(len(line) / WIDTH[self.group]) for line in self.row["text"].split("\n")), 1)

    @property
    def common(self) -> list[str]:
        return split_units(self.row["common"])

    @property
    def opened(self) -> bool:
        """Show the further fields of a task at once when one of them says something."""
        further = ("lead", "support", "score", "due", "standard")
        return any(self.row[name] for name in further) or any(
            name in said for said in (self.faults, self.now) for name in (*further, "chapter", "common")
        )


@require_http_methods(["GET", "POST"])
def review(request: PageRequest, version_id: int) -> HttpResponse:
    require(request.user, Permission.PLAN_EDIT)
    found = drafts_visible_to(request.user).select_related("file__document")
    version = get_object_or_404(found, pk=version_id)
    if version.state == VersionState.CONFIRMED:
        return go(request, "programme:match", version.pk)
    if version.state != VersionState.DRAFT:
        return go(request, "programme:plan", version.plan_id)
    if request.method == "POST":
        return _act(request, version)
    return _show(request, version, version.content)


def _act(request: PageRequest, version: PlanVersion) -> HttpResponse:
    """Every button saves first: what was typed is kept before anything else happens."""
    act = request.POST.get("act", "save")
    seen = request.POST.get("version", "")
    typed = typed_content(request.POST, version.content)
    content, row = editing.apply(typed, machine_content(version), act)
    by, at = request.user, timezone.now()
    try:
        saved = drafts.save_draft(
            version_id=version.pk, seen=int(seen) if seen.isdecimal() else -1, content=content, by=by, at=at
        )
        if act == "drop":
            drafts.drop_draft(version_id=version.pk, seen=saved.version, by=by, at=at)
            return go(request, "programme:plans")
        if act == "confirm":
            drafts.confirm_draft(version_id=version.pk, seen=saved.version, by=by, at=at)
            return go(request, "programme:match", version.pk)
    except Stale as refusal:
        fresh = drafts_visible_to(by).select_related("file__document").get(pk=version.pk)
        return _show(request, fresh, typed, str(refusal), dict(differences(fresh.content, typed)), status=422)
    except drafts.NotReady as refusal:
        fresh = drafts_visible_to(by).select_related("file__document").get(pk=version.pk)
        return _show(request, fresh, content, str(refusal), status=422)
    return go(request, reverse("programme:review", args=[version.pk]) + (f"#row-{row}" if row else ""))


def _show(
    request: PageRequest, version: PlanVersion, content: Content, refusal: str = "", now: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    machine = machine_content(version)
    faults = checking.faults(content, indicator_names())
    groups = _groups(content, machine, faults, now or {})
    context = {
        "version": version,
        "content": content,
        "head": Shown({}, "", faults=_by_field(faults, ""), now={k: v for k, v in (now or {}).items() if "." not in k}),
        "groups": groups,
        "chapters": _chapters(groups),
        "blocks": marked(version.file.text, machine, rows_by_id(content)),
        "missing": {group: [_name(row) for row in rows] for group, rows in missing_rows(content, machine).items()},
        "faults": faults,
        "unsettled": sum(not row["settled"] for row in content["unread"]),
        "indicators": sorted(indicator_names().items(), key=lambda pair: pair[1]),
        "comparators": Comparator.choices,
        "roles": [(role.value, role.label) for role in (Role.LEAD, Role.SUPPORT, Role.COMMON)],
        "reasons": dict(Reason.choices),
        "take": TAKE,
        "refusal": refusal,
    }
    return page(request, "programme/review.html", context, status=status)


def _name(row: Row) -> tuple[str, str]:
    """The id of a row, and what it is called."""
    return row["id"], row.get("text") or row.get("heading") or row.get("name") or ""


def _by_field(found: Iterable[checking.Fault], prefix: str) -> dict[str, str]:
    """The messages of one row (or of no row, for the head), by the name of the field."""
    own = [fault for fault in found if fault.field.startswith(prefix) and "." not in fault.field[len(prefix) :]]
    return {fault.field[len(prefix) :]: fault.message for fault in own}


def _groups(
    content: Content, machine: Content, faults: list[checking.Fault], now: dict[str, str]
) -> dict[str, list[Shown]]:
    places = anchors(machine)
    said: dict[tuple[str, str], dict[str, str]] = {}
    for kind, messages in (("faults", faults), ("warnings", checking.warnings(content))):
        for fault in messages:
            row, _dot, name = fault.field.rpartition(".")
            said.setdefault((kind, row), {})[name] = fault.message
    for place, value in now.items():
        row, _dot, name = place.rpartition(".")
        said.setdefault(("now", row), {})[name] = value
    return {
        group: [
            Shown(
                row, group, places.get(row["id"], ""),
                *(said.get((kind, f"{group}.{row['id']}"), {}) for kind in ("faults", "warnings", "now")),
            )
            for row in content[group]
        ]
        for group in FIELDS
    }  # fmt: skip


def _chapters(groups: dict[str, list[Shown]]) -> list[dict[str, Any]]:
    """Chapters with their tasks; tasks of no known chapter come last, so that nothing is out of sight."""
    known = {chapter.row["id"] for chapter in groups["chapters"]}
    chapters: list[dict[str, Any]] = [
        {"head": chapter, "tasks": [task for task in groups["tasks"] if task.row["chapter"] == chapter.row["id"]]}
        for chapter in groups["chapters"]
    ]
    stray = [task for task in groups["tasks"] if task.row["chapter"] not in known]
    return [*chapters, {"head": None, "tasks": stray}] if stray else chapters
