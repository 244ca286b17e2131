from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from nongan.journal.rules import name_acts


class LaboratoryConfig(AppConfig):
    name = "nongan.laboratory"

    def ready(self) -> None:
        register = import_module("nongan.documents.services").register
        register(import_module("nongan.laboratory.services.imports").kind())
        name_acts(
            {
                "laboratory.specimen.received": _("收到样品"),
                "laboratory.specimen.rejected": _("拒收样品"),
                "laboratory.results.entered": _("录入结果"),
                "laboratory.results.submitted": _("提交复核"),
                "laboratory.results.verified": _("复核通过"),
                "laboratory.results.returned": _("退回修改"),
                "laboratory.results.rejudged": _("重新判定"),
                "laboratory.item.left_unjudged": _("项目不判定"),
                "laboratory.report.signed": _("签发报告"),
                "laboratory.report.withdrawn": _("撤回报告"),
            }
        )
