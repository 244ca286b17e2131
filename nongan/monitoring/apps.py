from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from nongan.common.related import register
from nongan.journal.rules import name_acts


class MonitoringConfig(AppConfig):
    name = "nongan.monitoring"

    def ready(self) -> None:
        import_module("nongan.monitoring.handlers")
        register("registry.Subject", import_module("nongan.monitoring.queries").of_subject)
        import_module("nongan.documents.services").register(import_module("nongan.monitoring.services.imports").kind())
        name_acts(
            {
                "monitoring.sample.taken": _("抽样"),
                "monitoring.sample.corrected": _("更正抽样单"),
                "monitoring.sample.attached": _("上传附件"),
                "monitoring.sample.sent": _("送检"),
                "monitoring.sample.returned": _("检测机构拒收，退回待送检"),
                "monitoring.sample.judged": _("判定"),
                "monitoring.sample.reopened": _("检测报告撤回，退回检测中"),
                "monitoring.sample.published": _("公布结果"),
                "monitoring.sample.voided": _("作废"),
            }
        )
