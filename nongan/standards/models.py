"""The law as dated data."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Commodity(models.Model):
    """A food, or a category of foods, in the tree of GB 2763 Annex A and its animal counterparts."""

    code = models.CharField(_("编码"), max_length=20, primary_key=True)
    name = models.CharField(_("名称"), max_length=100, db_index=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", verbose_name=_("上级分类"))

    class Meta:
        verbose_name = _("食品分类")

    def __str__(self) -> str:
        return self.name


class Analyte(models.Model):
    """What is looked for in a sample: a pesticide, drug or contaminant with its residue definition."""

    code = models.CharField(_("编码"), max_length=20, primary_key=True)
    name = models.CharField(_("名称"), max_length=100, unique=True)

    class Meta:
        verbose_name = _("检测项目")

    def __str__(self) -> str:
        return self.name
