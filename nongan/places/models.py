"""Divisions of the country, their population and boundaries, and the calendar of working days."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from nongan.common.divisions import Level, within
from nongan.places.rules import LEVELS


class DivisionQuerySet(models.QuerySet["Division"]):
    def inside(self, code: str) -> "DivisionQuerySet":
        """The division itself and everything in it."""
        return self.filter(within("code", code))

    def at(self, level: Level) -> "DivisionQuerySet":
        return self.filter(level=level)


class Division(models.Model):
    """A province, city, county, township or village by its 12-digit statistical code (国家统计局)."""

    code = models.CharField(_("区划代码"), max_length=12, primary_key=True)
    name = models.CharField(_("名称"), max_length=100)
    level = models.PositiveSmallIntegerField(_("层级"), choices=[(level.value, name) for level, name in LEVELS.items()])
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", verbose_name=_("上级"))

    objects = DivisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("行政区划")
        constraints = [
            models.CheckConstraint(name="division_code_is_12_digits", condition=Q(code__regex=r"^[0-9]{12}$"))
        ]

    def __str__(self) -> str:
        return self.name


class Population(models.Model):
    """Residents (常住人口) of a division in a year."""

    division = models.ForeignKey("places.Division", models.PROTECT, related_name="+", verbose_name=_("区划"))
    year = models.PositiveSmallIntegerField(_("年份"))
    residents = models.PositiveIntegerField(_("常住人口"))
    source = models.CharField(_("来源"), max_length=200)
    demonstration = models.BooleanField(_("演示数据"), default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("人口")
        constraints = [models.UniqueConstraint(fields=["division", "year"], name="population_once_a_year")]

    def __str__(self) -> str:
        return f"{self.division_id} {self.year}: {self.residents}"


class Boundary(models.Model):
    """The outline of a division as GeoJSON geometry, imported by the operator."""

    division = models.OneToOneField("places.Division", models.PROTECT, primary_key=True, related_name="+")
    geometry = models.JSONField(_("GeoJSON 几何"))
    source = models.CharField(_("来源"), max_length=200)

    class Meta:
        verbose_name = _("边界")

    def __str__(self) -> str:
        return self.division_id


class Holiday(models.Model):
    """A day that differs from the week: a holiday, or a Saturday or Sunday worked in exchange (调休)."""

    day = models.DateField(_("日期"), primary_key=True)
    works = models.BooleanField(_("上班"))
    name = models.CharField(_("名称"), max_length=50)
    source = models.CharField(_("来源"), max_length=200)

    class Meta:
        verbose_name = _("节假日")

    def __str__(self) -> str:
        return f"{self.day} {self.name}"
