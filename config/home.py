"""The first page of the workspace and the global search: they know every context, so they stand here."""

from collections.abc import Callable, Iterable
from datetime import datetime
from itertools import groupby
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from nongan.accounts import queries as accounts
from nongan.accounts.rules import Permission
from nongan.common.http import PageRequest, asked, page
from nongan.common.work import Hit, Todo
from nongan.documents import queries as documents
from nongan.enforcement import queries as enforcement
from nongan.journal.queries import lines_in
from nongan.laboratory import queries as laboratory
from nongan.monitoring import queries as monitoring
from nongan.programme.queries import work as programme
from nongan.registry import queries as registry
from nongan.standards import queries as standards

TODOS: list[Callable[[Any, datetime], list[Todo]]] = [
    documents.todos,
    registry.todos,
    monitoring.todos,
    laboratory.todos,
    enforcement.todos,
    programme.todos,
]
SEARCHES: list[Callable[[Any, str], list[Hit]]] = [
    registry.search,
    monitoring.search,
    laboratory.search,
    enforcement.search,
    standards.search,
    accounts.search,
    programme.search,
]
RECENT, MOST_LINES = 8, 400  # what happened lately; lines that are looked at for it
URGENCY = {"bad": 0, "warn": 1, "info": 2}


@require_GET
def home(request: PageRequest) -> HttpResponse:
    """待办: what is late, due and returned, most urgent first."""
    now = timezone.now()
    todos = [todo for source in TODOS for todo in source(request.user, now)]
    todos.sort(key=lambda todo: (URGENCY.get(todo.tone, 3), todo.due is None, todo.due))
    recent = []
    if request.user.may(Permission.JOURNAL_VIEW):
        recent = _together(lines_in(request.user.scope).order_by("-at", "-sequence")[:MOST_LINES])
    late = sum(todo.tone == "bad" for todo in todos)
    return page(request, "ui/home.html", {"todos": todos, "late": late, "recent": recent, "now": now})


def _together(lines: Iterable[Any]) -> list[tuple[Any, int]]:
    """Each line with how many acts alike, of one person, stand together: an import is one thing that happened."""
    runs = [list(run) for _act, run in groupby(lines, key=lambda line: (line.action, line.by))]
    return [(run[0], len(run)) for run in runs[:RECENT]]


@require_GET
def search(request: PageRequest) -> HttpResponse:
    text = asked(request, "q")
    hits = [hit for source in SEARCHES for hit in source(request.user, text)] if text else []
    return page(request, "ui/search.html", {"hits": hits, "text": text})
