"""Kinds and states of official samples. Pure."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class SampleKind(TextChoices):
    ROUTINE = "routine", _("例行监测")
    RISK = "risk", _("风险监测")
    SUPERVISION = "supervision", _("监督抽查")


class SampleState(TextChoices):
    TAKEN = "taken", _("已抽样")
    SENT = "sent", _("检测中")
    JUDGED = "judged", _("已判定")
    VOID = "void", _("已作废")
