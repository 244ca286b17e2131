"""Well-formed input about organisations and people."""

from functools import partial
from typing import TYPE_CHECKING, Any

import django_filters
from django import forms
from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm
from django.core.validators import RegexValidator
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from nongan.accounts import queries
from nongan.accounts.models import Organisation, OrganisationKind, OrganisationQuerySet, User
from nongan.accounts.rules import Role
from nongan.accounts.services import TOKEN_DAYS
from nongan.common.divisions import within
from nongan.common.fields import Option, PickField, PickInput
from nongan.places.queries import find_divisions, pick_divisions

if TYPE_CHECKING:
    from nongan.accounts.models import User as Person

USERNAME = RegexValidator(
    r"^[a-z0-9][a-z0-9._-]{2,29}$", _("请用 3 到 30 个小写字母、数字或 . _ -，以字母或数字开头。")
)
PHONE = RegexValidator(r"^(1\d{10}|0\d{2,3}-?\d{7,8})$", _("请填 11 位手机号，或带区号的固定电话。"))
ACTIVE = [("1", _("在用")), ("0", _("停用"))]


def nothing(text: str) -> list[Option]:
    """Until a form knows its reader it finds nothing."""
    return []


def division_field(label: Any, help_text: Any = "") -> PickField:
    return PickField(url_name="places:division-options", find=nothing, label=label, help_text=help_text)


class LoginForm(AuthenticationForm):
    """The refusal says how many tries are left before the lock."""

    def get_invalid_login_error(self) -> forms.ValidationError:
        """django-axes has counted the failure on the request before this is asked."""
        left = settings.AXES_FAILURE_LIMIT - int(getattr(self.request, "axes_failures_since_start", 0) or 0)
        message = _("用户名或密码不正确。再错 %(left)s 次将锁定 15 分钟；忘记密码请联系本单位的系统管理员。")
        return forms.ValidationError(message, code="invalid_login", params={"left": max(left, 0)})


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("6 位动态口令"),
        validators=[RegexValidator(r"^\d{6}$", _("请输入 6 位数字。"))],
        widget=forms.TextInput(
            {"inputmode": "numeric", "autocomplete": "one-time-code", "maxlength": "7", "autofocus": True}
        ),
    )

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        """Apps show the digits in two groups: the blank between them is not part of the code."""
        if data is not None:
            data = {"code": data.get("code", "").replace(" ", "")}
        super().__init__(data, **kwargs)


class TokenForm(forms.Form):
    label = forms.CharField(label=_("用途"), max_length=100, help_text=_("哪个系统、做什么，如“省追溯平台对接”"))
    days = forms.IntegerField(label=_("有效期（天）"), min_value=1, max_value=TOKEN_DAYS, initial=TOKEN_DAYS - 1)


class OrganisationForm(forms.Form):
    name = forms.CharField(label=_("名称"), max_length=100, help_text=_("机构全称，与印章一致"))
    kind = forms.ChoiceField(label=_("类型"), choices=OrganisationKind)
    division = division_field(_("区划"), _("输入代码或名称，从提示中选择"))
    aliases = forms.CharField(
        label=_("别名"),
        required=False,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("每行一个：文件中的简称、机构改革前的名称。读取方案时按这些名称认出本机构"),
    )
    active = forms.BooleanField(label=_("在用"), required=False, initial=True)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, by: "Person", new: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["division"].find = partial(pick_divisions, scope=by.scope)  # type: ignore[attr-defined]
        for name in ["active", "version"] if new else ["division"]:
            del self.fields[name]

    def clean_aliases(self) -> list[str]:
        """Lines without blanks at the ends, each once."""
        lines = [line.strip() for line in self.cleaned_data["aliases"].splitlines()]
        return list(dict.fromkeys(line for line in lines if line))


class PersonForm(forms.Form):
    username = forms.CharField(
        label=_("用户名"), validators=[USERNAME], widget=forms.TextInput({"autocapitalize": "none"}),
        help_text=_("登录用，建好后不能修改"),
    )  # fmt: skip
    full_name = forms.CharField(label=_("姓名"), max_length=50)
    role = forms.ChoiceField(label=_("角色"), choices=[("", _("请选择")), *Role.choices])
    organisation = PickField(
        label=_("机构"), url_name="accounts:organisation-options", find=nothing, required=False,
        help_text=_("输入名称，从提示中选择"),
    )  # fmt: skip
    division = division_field(_("管辖区划"), _("能看到该区划及其下级的数据。输入代码或名称，从提示中选择"))
    phone = forms.CharField(label=_("手机"), required=False, validators=[PHONE], widget=forms.TelInput)
    subject_number = forms.CharField(
        label=_("所属主体编号"), required=False, max_length=32,
        help_text=_("生产经营主体和农资经营者填写，如 ZT-360902-000001"),
    )  # fmt: skip
    is_active = forms.BooleanField(label=_("在用（停用后不能登录，记录保留）"), required=False, initial=True)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, by: "Person", new: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["division"].find = partial(pick_divisions, scope=by.scope)  # type: ignore[attr-defined]
        self.fields["organisation"].find = partial(queries.pick_organisations, by)  # type: ignore[attr-defined]
        for name in ["is_active", "version"] if new else ["username"]:
            del self.fields[name]

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or {}
        if typed.get("role") in {Role.SUBJECT, Role.DEALER} and not typed.get("subject_number"):
            self.add_error("subject_number", _("这个角色须填写所属主体编号。"))
        return typed


class OrganisationFilter(django_filters.FilterSet):
    name = django_filters.CharFilter(label=_("名称或别名"), method="matching")
    kind = django_filters.ChoiceFilter(label=_("类型"), choices=OrganisationKind, empty_label=_("全部"))
    division = django_filters.CharFilter(label=_("区划"), method="inside", widget=PickInput("places:division-options"))
    active = django_filters.ChoiceFilter(label=_("状态"), choices=ACTIVE, empty_label=_("全部"))

    class Meta:
        model = Organisation
        fields: list[str] = []

    def matching(self, rows: OrganisationQuerySet, name: str, value: str) -> OrganisationQuerySet:
        return queries.organisations_matching(rows, value.strip())

    def inside(self, rows: OrganisationQuerySet, name: str, value: str) -> OrganisationQuerySet:
        found = find_divisions(value.strip(), self.request.user.scope, most=1)
        return rows.filter(within("division_id", found[0].code)) if found else rows.none()


class PersonFilter(django_filters.FilterSet):
    text = django_filters.CharFilter(label=_("姓名、用户名、手机"), method="matching")
    role = django_filters.ChoiceFilter(label=_("角色"), choices=Role, empty_label=_("全部"))
    division = django_filters.CharFilter(label=_("区划"), method="inside", widget=PickInput("places:division-options"))
    is_active = django_filters.ChoiceFilter(label=_("状态"), choices=ACTIVE, empty_label=_("全部"))

    class Meta:
        model = User
        fields: list[str] = []

    def matching(self, rows: "QuerySet[User]", name: str, value: str) -> "QuerySet[User]":
        return queries.people_matching(rows, value.strip())

    def inside(self, rows: "QuerySet[User]", name: str, value: str) -> "QuerySet[User]":
        found = find_divisions(value.strip(), self.request.user.scope, most=1)
        return rows.filter(within("division_id", found[0].code)) if found else rows.none()
