"""The component gallery: every piece of the interface once, in every state."""

from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from nongan.common.http import PageRequest, page
from nongan.common.keyset import Page
from nongan.ui.forms import GalleryForm

LONG = "宜春市袁州区慈化镇生态循环农业种植养殖专业合作社联合社第一生产基地"


@require_GET
def gallery(request: PageRequest) -> HttpResponse:
    """Filled, empty, wrong and refused, side by side. Accounts stand above: a person is known by `may` alone."""
    user: object = request.user
    if not getattr(user, "may", lambda _permission: False)("account.manage"):
        raise PermissionDenied("account.manage")
    return page(request, "ui/gallery.html", {**_lists(), **_forms()})


def _lists() -> dict[str, object]:
    at = timezone.now()
    return {
        "at": at,
        "weight": Decimal("1250.50"),
        "nothing": None,
        "none": [],
        "tones": [
            (_("合格"), "ok"), (_("不合格"), "bad"), (_("临期"), "warn"), (_("检测中"), "info"), (_("停用"), "idle")
        ],
        "rows": [
            {"number": "YP-2026-000001", "name": LONG, "word": _("合格"), "tone": "ok", "weight": Decimal("1250.50")},
            {"number": "YP-2026-000002", "name": "李家菜场", "word": _("不合格"), "tone": "bad", "weight": 80},
            {"number": "YP-2026-000003", "name": "王家鱼塘", "word": _("待判定"), "tone": "warn", "weight": None},
        ],
        "listed": Page(rows=[1], next="x", previous="y", count=9_876, size=50),
        "lines": [
            {"at": at, "name": _("签发报告"), "by": "王签发（wang）", "note": ""},
            {"at": at, "name": _("退回进展"), "by": "钱主任（qian）", "note": _("附件看不清，请重新拍照上传。")},
        ],
        "todos": [
            {"word": _("超期"), "tone": "bad", "text": _("移送涉嫌犯罪案件 1 件"), "note": LONG},
            {"word": _("临期"), "tone": "warn", "text": _("抽样 3 件"), "note": ""},
            {"word": _("待办"), "tone": "info", "text": _("填报 5 项任务的进展"), "note": _("十一月")},
        ],
        "alerts": [
            ("danger", _("未保存：抽样日期晚于今天。请核对。")),
            ("warning", _("离移送期限还有 5 小时（国务院令第310号 第五条）。")),
            ("info", _("已恢复您上次未提交的内容。")),
            ("success", _("2,000 行全部通过检查，等您确认。")),
        ],
    }  # fmt: skip


def _forms() -> dict[str, object]:
    wrong = GalleryForm({"name": "", "weight": "-1", "kind": "a"})
    refusal = _("这批产品已由上级抽样，同一批不再抽样（农产品质量安全法 第四十七条）。请换一批。")
    return {"fresh": GalleryForm(), "wrong": wrong, "refusal": refusal}
