"""The figures that plans set targets for: code and name (the table of both plans in the system's mission).

A plan may be adopted before its indicator can be computed: the catalogue names every code that the reader knows.
"""

from django.utils.translation import gettext_lazy as _

NAMES = {
    "pass_rate": _("食用农产品抽检合格率"),
    "banned_pass_rate": _("禁用药物监测合格率"),
    "failed_disposed": _("不合格产品处置率"),
    "major_incidents": _("重大质量安全事件数"),
    "counties_at_standard": _("达到安全县标准的县比例"),
    "certified_share": _("绿色优质农产品比重"),
    "supervision_coverage": _("监管覆盖率"),
    "notice_rate": _("责任告知率"),
    "subject_training_rate": _("主体培训率"),
    "records_rate": _("生产记录建立率"),
    "commitment_rate": _("质量承诺落实率"),
    "staff_training_rate": _("从业人员培训率"),
    "self_test_rate": _("自检落实率"),
    "incoming_check_rate": _("进货查验落实率"),
    "carcass_disposal": _("病死畜禽无害化处理率"),
    "inputs_on_platform": _("投入品平台管理率"),
    "chain_share": _("投入品连锁配送比例"),
    "input_samples": _("投入品抽查样品数"),
    "patrol_frequency": _("现场巡查频次"),
    "quantitative_batches": _("定量监测批次"),
    "case_transfer": _("涉嫌犯罪案件移送率"),
    "sop_delivery": _("操作规程入户率"),
    "manure_treatment": _("规模养殖粪污处理率"),
    "supervisor_training": _("监管人员培训"),
    "traced_bases": _("获证基地纳入追溯率"),
    "reports_handled": _("投诉举报查处率"),
    "reports_answered": _("投诉举报回复率"),
    "satisfaction": _("公众满意率"),
    "budget_growth": _("监管经费增幅高于经常性收入增幅"),
    "six_haves": _("乡镇监管站六有达标率"),
    "labs_qualified": _("检测机构资质达标率"),
}
