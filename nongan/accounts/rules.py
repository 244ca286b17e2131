"""Who may do what. Read it with the client: one line a role, one column a permission."""

from enum import StrEnum

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


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


def may(role: str, permission: Permission) -> bool:
    """May a person of this role do this? An unknown role may do nothing."""
    return permission in ROLES.get(role, set())
