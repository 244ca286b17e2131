"""What a laboratory knows: blind-coded specimens, results and reports. Never whose the food is."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from nongan.laboratory.rules import SpecimenState


class Specimen(models.Model):
    """A blind-coded portion of a sample. The laboratory sees the food and the dates, not the origin (盲样)."""

    code = models.CharField(_("盲样编号"), max_length=32, unique=True)
    laboratory = models.ForeignKey(
        "accounts.Organisation", models.PROTECT, related_name="+", verbose_name=_("检测机构")
    )
    commodity = models.ForeignKey("standards.Commodity", models.PROTECT, related_name="+", verbose_name=_("食品"))
    produced_on = models.DateField(_("生产日期"), null=True, blank=True)
    sampled_on = models.DateField(_("抽样日期"))
    received_at = models.DateTimeField(_("收样时间"))
    state = models.CharField(_("状态"), max_length=10, choices=SpecimenState, default=SpecimenState.RECEIVED)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("检测样品")

    def __str__(self) -> str:
        return self.code
