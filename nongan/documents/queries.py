"""Reading what was kept."""

from django.core import signing
from django.db.models import QuerySet
from django.urls import reverse

from nongan.documents.models import Document, Import

LINK_LASTS = 2 * 60 * 60  # seconds
SALT = "documents.link"


def link_to(document: Document, username: str) -> str:
    """A link for this reader, for two hours. Who may see the page may see its files: the page gives the link."""
    token = signing.dumps([str(document.pk), username], salt=SALT)
    return reverse("documents:file", args=[token])


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
