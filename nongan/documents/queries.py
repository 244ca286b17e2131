"""Reading what was kept."""

from datetime import datetime
from typing import Any

from django.core import signing
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from nongan.common.work import Todo
from nongan.documents.models import Document, Import, ImportState

LINK_LASTS = 2 * 60 * 60  # seconds
SALT = "documents.link"


def link_to(document: Document, username: str) -> str:
    """A link for this reader, for two hours. Who may see the page may see its files: the page gives the link."""
    return reverse("documents:file", args=[token_for(document, username)])


def token_for(document: Document, username: str) -> str:
    """What `document_of` takes: the file for this reader, for two hours."""
    return signing.dumps([str(document.pk), username], salt=SALT)


def document_of(token: str, username: str) -> Document:
    """The file behind a link. Raises Document.DoesNotExist when the link is another's, expired or damaged."""
    try:
        pk, owner = signing.loads(token, salt=SALT, max_age=LINK_LASTS)
    except signing.BadSignature:
        raise Document.DoesNotExist from None
    if owner != username:
        raise Document.DoesNotExist
    return Document.objects.get(pk=pk)


def imports_of(username: str) -> "QuerySet[Import]":
    """One's own imports, newest first."""
    return Import.objects.filter(owner=username).select_related("document").order_by("-pk")


def waiting(username: str) -> "QuerySet[Import]":
    """One's own imports that were checked and neither confirmed nor given up; without their long reports."""
    return imports_of(username).filter(state=ImportState.CHECKED).defer("problems")


def todos(user: Any, at: datetime) -> list[Todo]:
    """待办: tables without faults that wait for a confirmation. Accounts stand above: a person is known by name."""
    return [
        Todo(
            _("确认导入“%(name)s”（%(n)s 行）") % {"name": found.document.name, "n": f"{found.rows:,}"},
            reverse("documents:import", args=[found.pk]),
            "info",
        )
        for found in waiting(user.username).filter(bad_rows=0)[:5]
    ]
