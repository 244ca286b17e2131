"""Who may do what. Read it with the client: one line a role, one column a permission."""

from enum import StrEnum
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from nongan.common.errors import RuleBroken


class Permission(StrEnum):
    JOURNAL_VIEW = "journal.view"
    ACCOUNT_VIEW = "account.view"
    ACCOUNT_MANAGE = "account.manage"
    PLACE_EDIT = "place.edit"
    STANDARDS_VIEW = "standards.view"
    STANDARDS_EDIT = "standards.edit"
    SUBJECT_VIEW = "subject.view"
    SUBJECT_EDIT = "subject.edit"  # enter, change, import
    SAMPLE_VIEW = "sample.view"
    SAMPLE_TAKE = "sample.take"  # take, send to a laboratory
    SAMPLE_PUBLISH = "sample.publish"
    SPECIMEN_VIEW = "specimen.view"  # what a laboratory sees: blind codes, no origin
    RESULT_ENTER = "result.enter"
    RESULT_VERIFY = "result.verify"
    REPORT_SIGN = "report.sign"  # sign, withdraw and reissue
    CASE_VIEW = "case.view"
    CASE_HANDLE = "case.handle"  # file, investigate, propose, hand over
    CASE_DECIDE = "case.decide"  # the head of the agency: file a case, decide a transfer, decide a penalty
    DISPOSAL_RECORD = "disposal.record"
    INDICATOR_VIEW = "indicator.view"
    INDICATOR_COMPUTE = "indicator.compute"
    PLAN_VIEW = "plan.view"
    PLAN_EDIT = "plan.edit"  # upload, correct, confirm, adopt
    TASK_REPORT = "task.report"  # report on tasks of the own organisation
    TASK_REVIEW = "task.review"  # accept or return reports, keep the lists


# What each permission is called, by chapter of work: the rows of the table on “角色与权限”.
CHAPTERS: list[tuple[Any, dict[Permission, Any]]] = [
    (_("创建"), {
        Permission.PLAN_VIEW: _("查看创建方案和任务"),
        Permission.PLAN_EDIT: _("上传、校正、采纳方案"),
        Permission.TASK_REPORT: _("填报本单位任务进展"),
        Permission.TASK_REVIEW: _("审核进展，维护三个清单"),
        Permission.INDICATOR_VIEW: _("查看指标和驾驶舱"),
        Permission.INDICATOR_COMPUTE: _("重新计算指标"),
    }),
    (_("主体"), {
        Permission.SUBJECT_VIEW: _("查看监管名录"),
        Permission.SUBJECT_EDIT: _("登记、修改、导入主体"),
    }),
    (_("监测"), {
        Permission.SAMPLE_VIEW: _("查看样品"),
        Permission.SAMPLE_TAKE: _("抽样、送检"),
        Permission.SAMPLE_PUBLISH: _("公布抽检结果"),
    }),
    (_("检测"), {
        Permission.SPECIMEN_VIEW: _("查看盲样"),
        Permission.RESULT_ENTER: _("录入检测结果"),
        Permission.RESULT_VERIFY: _("复核检测结果"),
        Permission.REPORT_SIGN: _("签发、撤回检测报告"),
    }),
    (_("执法"), {
        Permission.CASE_VIEW: _("查看案件和处置"),
        Permission.CASE_HANDLE: _("立案调查、提出处理意见、移送"),
        Permission.CASE_DECIDE: _("批准立案、移送和处罚决定"),
        Permission.DISPOSAL_RECORD: _("登记不合格产品处置"),
    }),
    (_("法规标准"), {
        Permission.STANDARDS_VIEW: _("查询限量和名录"),
        Permission.STANDARDS_EDIT: _("导入、修订标准"),
    }),
    (_("系统"), {
        Permission.ACCOUNT_VIEW: _("查看机构和人员"),
        Permission.ACCOUNT_MANAGE: _("新增、修改机构和人员"),
        Permission.PLACE_EDIT: _("维护人口和边界"),
        Permission.JOURNAL_VIEW: _("查看操作日志"),
    }),
]  # fmt: skip


class Role(TextChoices):
    ADMINISTRATOR = "administrator", _("系统管理员")
    PROGRAMME_OFFICE = "programme_office", _("创建办")
    UNIT = "unit", _("责任单位")
    SUPERVISOR = "supervisor", _("监管员")
    ASSISTANT = "assistant", _("村级协管员")
    OFFICER = "officer", _("执法人员")
    OFFICER_HEAD = "officer_head", _("执法机构负责人")
    ANALYST = "analyst", _("检测员")
    VERIFIER = "verifier", _("检测复核人")
    SIGNATORY = "signatory", _("授权签字人")
    SUBJECT = "subject", _("生产经营主体")
    DEALER = "dealer", _("农资经营者")


P = Permission
READING = {P.STANDARDS_VIEW, P.SUBJECT_VIEW, P.SAMPLE_VIEW, P.INDICATOR_VIEW, P.PLAN_VIEW}
LABORATORY = {P.STANDARDS_VIEW, P.SPECIMEN_VIEW}

ROLES: dict[str, set[Permission]] = {
    Role.ADMINISTRATOR: READING | {
        P.JOURNAL_VIEW, P.ACCOUNT_VIEW, P.ACCOUNT_MANAGE, P.PLACE_EDIT, P.STANDARDS_EDIT, P.INDICATOR_COMPUTE,
        P.CASE_VIEW,
    },
    Role.PROGRAMME_OFFICE: READING | {
        P.JOURNAL_VIEW, P.ACCOUNT_VIEW, P.CASE_VIEW, P.INDICATOR_COMPUTE, P.PLAN_EDIT, P.TASK_REPORT, P.TASK_REVIEW,
        P.SUBJECT_EDIT, P.SAMPLE_PUBLISH, P.STANDARDS_EDIT, P.PLACE_EDIT,
    },
    Role.UNIT: READING | {P.CASE_VIEW, P.TASK_REPORT},
    Role.SUPERVISOR: READING | {P.SUBJECT_EDIT, P.SAMPLE_TAKE, P.CASE_VIEW, P.DISPOSAL_RECORD, P.TASK_REPORT},
    Role.ASSISTANT: {P.STANDARDS_VIEW, P.SUBJECT_VIEW, P.SAMPLE_VIEW, P.SUBJECT_EDIT},
    Role.OFFICER: READING | {P.SAMPLE_TAKE, P.CASE_VIEW, P.CASE_HANDLE, P.DISPOSAL_RECORD},
    Role.OFFICER_HEAD: READING | {P.CASE_VIEW, P.CASE_HANDLE, P.CASE_DECIDE, P.DISPOSAL_RECORD, P.JOURNAL_VIEW},
    Role.ANALYST: LABORATORY | {P.RESULT_ENTER},
    Role.VERIFIER: LABORATORY | {P.RESULT_ENTER, P.RESULT_VERIFY},
    Role.SIGNATORY: LABORATORY | {P.RESULT_VERIFY, P.REPORT_SIGN},
    Role.SUBJECT: {P.STANDARDS_VIEW},
    Role.DEALER: {P.STANDARDS_VIEW},
}  # fmt: skip


class OwnAccount(RuleBroken):
    """Nobody takes away the own keys: the last administrator would lock everybody out."""

    code = "own_account"


def check_not_self(person: str, by: str) -> None:
    """Role, division and state of an account are changed by another person. Raises OwnAccount."""
    if person == by:
        raise OwnAccount(_("不能修改自己的角色、管辖区划和账号状态，也不能重置自己的密码。请由另一位系统管理员办理。"))


def may(role: str, permission: Permission) -> bool:
    """May a person of this role do this? An unknown role may do nothing."""
    return permission in ROLES.get(role, set())
