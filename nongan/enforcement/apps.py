from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from nongan.common.related import register
from nongan.journal.rules import name_acts


class EnforcementConfig(AppConfig):
    name = "nongan.enforcement"

    def ready(self) -> None:
        import_module("nongan.enforcement.handlers")
        for thing in ("monitoring.Sample", "registry.Subject"):
            register(thing, import_module("nongan.enforcement.queries.cases").of_thing)
        name_acts(
            {
                "enforcement.case.opened": _("登记线索"),
                "enforcement.case.confirmed": _("检测结果更新"),
                "enforcement.case.withdrawn": _("检测报告撤回"),
                "enforcement.case.refuted": _("检测结果推翻"),
                "enforcement.case.filing_asked": _("提请立案"),
                "enforcement.case.filed": _("立案"),
                "enforcement.case.declined": _("不予立案"),
                "enforcement.case.extended": _("延长期限"),
                "enforcement.case.inquired": _("调查取证"),
                "enforcement.case.proposed": _("提出处理意见"),
                "enforcement.case.reviewed": _("法制审核通过"),
                "enforcement.case.returned": _("退回补充调查"),
                "enforcement.case.notified": _("告知当事人"),
                "enforcement.case.answered": _("陈述申辩"),
                "enforcement.case.hearing_set": _("安排听证"),
                "enforcement.case.heard": _("举行听证"),
                "enforcement.case.decided": _("作出决定"),
                "enforcement.case.executed": _("执行完毕"),
                "enforcement.case.resumed": _("恢复行政处理"),
                "enforcement.case.closed": _("结案"),
                "enforcement.case.dismissed": _("撤销案件"),
                "enforcement.transfer.suspected": _("发现涉嫌犯罪"),
                "enforcement.transfer.approved": _("批准移送"),
                "enforcement.transfer.refused": _("不批准移送"),
                "enforcement.transfer.handed_over": _("移送公安机关"),
                "enforcement.transfer.received": _("公安机关签收"),
                "enforcement.transfer.answered": _("公安机关决定"),
                "enforcement.transfer.reconsidered": _("提请复议"),
                "enforcement.transfer.goods_moved": _("移交涉案物品"),
                "enforcement.transfer.lifted": _("排除嫌疑"),
                "enforcement.disposal.opened": _("产生处置责任"),
                "enforcement.disposal.established": _("登记涉案数量"),
                "enforcement.disposal.recorded": _("登记处置"),
                "enforcement.disposal.reversed": _("冲销处置记录"),
                "enforcement.disposal.withdrawn": _("暂停处置"),
                "enforcement.disposal.renewed": _("恢复处置责任"),
                "enforcement.disposal.lifted": _("解除处置责任"),
            }
        )
