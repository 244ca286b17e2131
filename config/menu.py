"""The left menu: eight groups by chapter of work, each entry with the permission that shows it."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from nongan.accounts.rules import Permission as P
from nongan.places.queries import names_of


@dataclass(frozen=True)
class Entry:
    label: Any
    name: str
    permission: P | None = None
    args: tuple[str, ...] = ()


@dataclass(frozen=True)
class Group:
    label: Any
    icon: str
    entries: tuple[Entry, ...]


MENU = (
    Group(_("工作台"), "home", (Entry(_("待办"), "home"), Entry(_("驾驶舱"), "programme:cockpit", P.INDICATOR_VIEW))),
    Group(
        _("创建"),
        "flag",
        (
            Entry(_("创建方案"), "programme:plans", P.PLAN_VIEW),
            Entry(_("任务"), "programme:tasks", P.PLAN_VIEW),
            Entry(_("三个清单"), "programme:lists", P.PLAN_VIEW),
            Entry(_("工作配档表"), "programme:schedule", P.PLAN_VIEW),
            Entry(_("指标"), "indicators:list", P.INDICATOR_VIEW),
        ),
    ),
    Group(_("主体"), "building-store", (Entry(_("监管名录"), "registry:subjects", P.SUBJECT_VIEW),)),
    Group(_("监测"), "flask", (Entry(_("抽样"), "monitoring:samples", P.SAMPLE_VIEW),)),
    Group(
        _("检测"),
        "microscope",
        (
            Entry(_("检测样品"), "laboratory:specimens", P.SPECIMEN_VIEW),
            Entry(_("录入结果"), "laboratory:worksheet", P.RESULT_ENTER),
            Entry(_("复核"), "laboratory:verify", P.RESULT_VERIFY),
            Entry(_("签发"), "laboratory:sign", P.REPORT_SIGN),
        ),
    ),
    Group(
        _("执法"),
        "gavel",
        (
            Entry(_("案件"), "enforcement:cases", P.CASE_VIEW),
            Entry(_("不合格处置"), "enforcement:disposals", P.CASE_VIEW),
        ),
    ),
    Group(
        _("法规标准"),
        "books",
        (
            Entry(_("限量查询"), "standards:look-up", P.STANDARDS_VIEW),
            Entry(_("限量标准"), "standards:limits", P.STANDARDS_VIEW),
            Entry(_("禁限用名录"), "standards:bans", P.STANDARDS_VIEW),
            Entry(_("食品分类"), "standards:commodities", P.STANDARDS_VIEW),
            Entry(_("检测项目"), "standards:analytes", P.STANDARDS_VIEW),
        ),
    ),
    Group(
        _("系统"),
        "settings",
        (
            Entry(_("机构"), "accounts:organisations", P.ACCOUNT_VIEW),
            Entry(_("人员"), "accounts:people", P.ACCOUNT_VIEW),
            Entry(_("角色与权限"), "accounts:roles", P.ACCOUNT_VIEW),
            Entry(_("行政区划"), "places:divisions"),
            Entry(_("操作日志"), "journal:lines", P.JOURNAL_VIEW),
            Entry(_("界面组件"), "ui:gallery", P.ACCOUNT_MANAGE),
        ),
    ),
)


def there(entry: Entry) -> str:
    try:
        return reverse(entry.name, args=entry.args)
    except NoReverseMatch:
        return ""


def shell(request: HttpRequest) -> dict[str, Any]:
    """What every page shows around its content. Without a login there is no menu."""
    user = getattr(request, "user", None)
    menu = menu_of(user, request.path) if user is not None and user.is_authenticated else []
    return {"menu": menu, "city_name": city_name()}


def menu_of(user: Any, path: str) -> list[dict[str, Any]]:
    groups = []
    for group in MENU:
        entries = [
            {"label": entry.label, "url": url}
            for entry in group.entries
            if (entry.permission is None or user.may(entry.permission)) and (url := there(entry))
        ]
        if entries:
            groups.append({"label": group.label, "icon": group.icon, "entries": entries})
    here = max((e["url"] for g in groups for e in g["entries"] if path.startswith(e["url"])), key=len, default="")
    for group_shown in groups:
        for shown in group_shown["entries"]:
            shown["active"] = shown["url"] == here
        group_shown["active"] = any(e["active"] for e in group_shown["entries"])
    return groups


def city_name() -> str:
    name: str | None = cache.get("city-name")
    if name is None:
        name = names_of([settings.CITY]).get(settings.CITY, "")
        if name:
            cache.set("city-name", name, 3600)
    return name
