"""The first page of the workspace and the global search: they know every context, so they stand here."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from nongan.accounts import queries as accounts
from nongan.accounts.rules import Permission
from nongan.common.http import PageRequest, asked, page
from nongan.common.work import Hit, Todo
from nongan.journal.queries import lines_in

TODOS: list[Callable[[Any, datetime], list[Todo]]] = []
SEARCHES: list[Callable[[Any, str], list[Hit]]] = [accounts.search]
URGENCY = {"bad": 0, "warn": 1, "info": 2}


@require_GET
def home(request: PageRequest) -> HttpResponse:
    """待办: what is late, due and returned, most urgent first."""
    todos = [todo for source in TODOS for todo in source(request.user, timezone.now())]
    todos.sort(key=lambda todo: (URGENCY.get(todo.tone, 3), todo.due is None, todo.due))
    recent = []
    if request.user.may(Permission.JOURNAL_VIEW):
        recent = list(lines_in(request.user.scope).order_by("-sequence")[:8])
    return page(request, "ui/home.html", {"todos": todos, "recent": recent})


@require_GET
def search(request: PageRequest) -> HttpResponse:
    text = asked(request, "q")
    hits = [hit for source in SEARCHES for hit in source(request.user, text)] if text else []
    return page(request, "ui/search.html", {"hits": hits, "text": text})
