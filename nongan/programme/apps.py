from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from nongan.journal.rules import name_acts


class ProgrammeConfig(AppConfig):
    name = "nongan.programme"

    def ready(self) -> None:
        name_acts(
            {
                "programme.file.read": _("读取方案文件"),
                "programme.draft.begun": _("开始校正方案"),
                "programme.draft.saved": _("保存方案草稿"),
                "programme.draft.confirmed": _("确认方案内容"),
                "programme.draft.reopened": _("退回草稿"),
                "programme.draft.dropped": _("放弃草稿"),
                "programme.plan.adopted": _("采纳方案"),
                "programme.plan.superseded": _("方案被新版替代"),
                "programme.report.submitted": _("提交进展"),
                "programme.report.returned": _("退回进展"),
                "programme.report.accepted": _("通过进展"),
                "programme.task.done": _("任务完成"),
                "programme.schedule.changed": _("修改配档"),
                "programme.item.added": _("登记清单项"),
                "programme.item.rectified": _("整改"),
                "programme.item.verified": _("核实销号"),
                "programme.item.reopened": _("核实未通过"),
                "programme.duty.assigned": _("指定责任人"),
            }
        )
