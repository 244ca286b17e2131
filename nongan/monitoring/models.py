"""Official samples: whose food was taken, where, when, and what came of it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from nongan.common.divisions import within
from nongan.monitoring.rules import SampleKind, SampleState


class SampleQuerySet(models.QuerySet["Sample"]):
    def in_division(self, code: str) -> "SampleQuerySet":
        return self.filter(within("division_id", code))


class Sample(models.Model):
    """A quantity of one product taken from a subject (抽样)."""

    number = models.CharField(_("抽样单号"), max_length=32, unique=True)
    kind = models.CharField(_("类别"), max_length=12, choices=SampleKind)
    subject = models.ForeignKey("registry.Subject", models.PROTECT, related_name="+", verbose_name=_("被抽样主体"))
    division = models.ForeignKey("places.Division", models.PROTECT, related_name="+", verbose_name=_("抽样地区划"))
    commodity = models.ForeignKey("standards.Commodity", models.PROTECT, related_name="+", verbose_name=_("产品"))
    produced_on = models.DateField(_("生产日期"), null=True, blank=True)
    sampled_on = models.DateField(_("抽样日期"))
    state = models.CharField(_("状态"), max_length=10, choices=SampleState, default=SampleState.TAKEN)
    specimen = models.OneToOneField(
        "laboratory.Specimen", models.PROTECT, null=True, related_name="+", verbose_name=_("检测样品")
    )
    verdict = models.CharField(_("结论"), max_length=12, blank=True)
    banned = models.BooleanField(_("检出禁用物质"), default=False)
    version = models.PositiveIntegerField(default=1)

    objects = SampleQuerySet.as_manager()

    class Meta:
        verbose_name = _("样品")

    def __str__(self) -> str:
        return self.number
