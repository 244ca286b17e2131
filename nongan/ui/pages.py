"""The component gallery: every piece of the interface once, in every state."""

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from nongan.common.http import PageRequest, page
from nongan.common.keyset import Page
from nongan.ui.forms import GalleryForm


@require_GET
def gallery(request: PageRequest) -> HttpResponse:
    """Filled, empty, wrong and refused, side by side."""
    wrong = GalleryForm({"name": "", "weight": "-1"})
    return page(
        request,
        "ui/gallery.html",
        {
            "fresh": GalleryForm(),
            "wrong": wrong,
            "listed": Page(rows=[1], next="x", previous="y", count=10_001, size=50),
            "tones": ["ok", "bad", "warn", "info", "idle"],
        },
    )
