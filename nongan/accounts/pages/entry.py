"""Coming in: login, first password, second factor."""

import base64
from typing import Any

import segno
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.forms import PasswordChangeForm, SetPasswordForm
from django.contrib.auth.views import LoginView
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST
from django_otp import login as verified

from nongan.accounts import queries, services
from nongan.accounts.forms import CodeForm, LoginForm
from nongan.common.errors import RuleBroken
from nongan.common.http import PageRequest, go, page

login = LoginView.as_view(
    template_name="accounts/login.html", authentication_form=LoginForm, redirect_authenticated_user=True
)


@never_cache
@require_http_methods(["GET", "POST"])
def password(request: PageRequest) -> HttpResponse:
    """A new password. At the first login the first one was typed a moment ago: it is not asked again."""
    first = request.user.must_change_password
    form: Any = (SetPasswordForm if first else PasswordChangeForm)(request.user, request.POST or None)
    if form.is_valid():
        services.change_own_password(password=form.cleaned_data["new_password1"], by=request.user, at=timezone.now())
        update_session_auth_hash(request, request.user)
        return go(request, next_of(request, "home" if first else "accounts:me"))
    context = {"form": form, "first": first, "cancel": "" if first else reverse("accounts:me")}
    return page(request, "accounts/password.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "POST"])
def second_factor(request: PageRequest) -> HttpResponse:
    """The six digits, for those who have turned the second factor on."""
    if not request.user.totp_required:
        return go(request, next_of(request, "home"))
    form = CodeForm(request.POST or None)
    if form.is_valid():
        try:
            device = services.check_code(code=form.cleaned_data["code"], by=request.user)
        except RuleBroken as refusal:
            form.add_error("code", str(refusal))
        else:
            verified(request, device)
            return go(request, next_of(request, "home"))
    return page(request, "accounts/second_factor.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
def begin_totp(request: PageRequest) -> HttpResponse:
    services.begin_second_factor(by=request.user)
    return go(request, "accounts:totp")


@never_cache
@require_http_methods(["GET", "POST"])
def totp(request: PageRequest) -> HttpResponse:
    """The secret as a QR code until it is confirmed with a first right code."""
    device = queries.second_factor_of(request.user, confirmed=False)
    if device is None:
        return go(request, "accounts:me")
    form = CodeForm(request.POST or None)
    if form.is_valid():
        try:
            device = services.confirm_second_factor(code=form.cleaned_data["code"], by=request.user, at=timezone.now())
        except RuleBroken as refusal:
            form.add_error("code", str(refusal))
        else:
            verified(request, device)
            return go(request, "accounts:me")
    context = {"form": form, "secret": secret_text(device.bin_key), "picture": qr(device.config_url)}
    return page(request, "accounts/totp.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def drop_totp(request: PageRequest) -> HttpResponse:
    form = CodeForm(request.POST or None)
    if form.is_valid():
        try:
            services.drop_second_factor(code=form.cleaned_data["code"], by=request.user, at=timezone.now())
            return go(request, "accounts:me")
        except RuleBroken as refusal:
            form.add_error("code", str(refusal))
    context = {"form": form, "cancel": reverse("accounts:me")}
    return page(request, "accounts/drop_totp.html", context, status=422 if form.errors else 200)


def qr(text: str) -> str:
    """A QR code as a `data:` URI, which the content policy allows for pictures."""
    uri: str = segno.make(text, error="m").svg_data_uri(scale=5, border=2, dark="#16241c", light="#fff")
    return uri


def secret_text(key: bytes) -> str:
    """The secret in base32 in groups of four, to be typed where no camera is at hand."""
    text = base64.b32encode(key).decode()
    return " ".join(text[i : i + 4] for i in range(0, len(text), 4))


def next_of(request: PageRequest, otherwise: str) -> str:
    """Where the reader wanted to go, if that is a page of ours."""
    to = request.POST.get("next") or request.GET.get("next", "")
    ours = url_has_allowed_host_and_scheme(to, {request.get_host()}, require_https=request.is_secure())
    return to if ours else otherwise
