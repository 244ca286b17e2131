"""My account: what is known of me, my keys, my language."""

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from nongan.accounts import queries, services
from nongan.accounts.forms import TokenForm
from nongan.accounts.rules import CHAPTERS
from nongan.common.http import PageRequest, go, page


@never_cache
@require_GET
def me(request: PageRequest) -> HttpResponse:
    return _me(request, TokenForm())


@never_cache
@require_POST
def issue_token(request: PageRequest) -> HttpResponse:
    """The answer is the only page that ever shows the token."""
    form = TokenForm(request.POST)
    if not form.is_valid():
        return _me(request, form, status=422)
    token = services.issue_token(**form.cleaned_data, by=request.user, at=timezone.now())
    return page(request, "accounts/token.html", {"token": token, "label": form.cleaned_data["label"]})


@require_POST
def revoke_token(request: PageRequest, token_id: int) -> HttpResponse:
    services.revoke_token(token_id=token_id, by=request.user, at=timezone.now())
    return go(request, "accounts:me")


def _me(request: PageRequest, form: TokenForm, status: int = 200) -> HttpResponse:
    mine = [
        (chapter, [name for permission, name in names.items() if request.user.may(permission)])
        for chapter, names in CHAPTERS
    ]
    context = {
        "form": form,
        "tokens": queries.tokens_of(request.user),
        "now": timezone.now(),
        "permissions": [(chapter, names) for chapter, names in mine if names],
    }
    return page(request, "accounts/me.html", context, status=status)
