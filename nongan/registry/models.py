"""The registry (监管名录): everyone who grows, makes, stores, moves or sells food, and everyone who sells inputs."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from nongan.common.divisions import within
from nongan.common.words import bracketed
from nongan.registry.rules import PERSONS, Facts, Scale, SubjectType


class SubjectQuerySet(models.QuerySet["Subject"]):
    def in_division(self, code: str) -> "SubjectQuerySet":
        return self.filter(within("division_id", code))

    def active(self) -> "SubjectQuerySet":
        return self.filter(closed_on__isnull=True)

    def closed(self) -> "SubjectQuerySet":
        return self.filter(closed_on__isnull=False)

    def supervised(self) -> "SubjectQuerySet":
        return self.filter(supervised_from__isnull=False)

    def unsupervised(self) -> "SubjectQuerySet":
        return self.filter(supervised_from__isnull=True)


class Subject(models.Model):
    """A producer, dealer or establishment under supervision (主体)."""

    number = models.CharField(_("主体编号"), max_length=32, unique=True)
    name = models.CharField(_("名称"), max_length=200, db_index=True)
    type = models.CharField(_("类型"), max_length=20, choices=SubjectType)
    scale = models.CharField(_("规模"), max_length=10, choices=Scale)
    uscc = models.CharField(_("统一社会信用代码"), max_length=18, blank=True, db_index=True)
    division = models.ForeignKey(
        "places.Division", models.PROTECT, related_name="+", verbose_name=_("所在区划"), db_index=False
    )
    address = models.CharField(_("地址"), max_length=200, blank=True)
    contact = models.CharField(_("联系人"), max_length=50)
    phone = models.CharField(_("联系电话"), max_length=20)
    products = models.CharField(_("主要产品"), max_length=200, blank=True)
    registered_on = models.DateField(_("纳入名录日期"))
    closed_on = models.DateField(_("退出日期"), null=True, blank=True)
    close_reason = models.CharField(_("退出原因"), max_length=200, blank=True)
    supervising = models.ForeignKey(
        "accounts.Organisation", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("监管单位")
    )
    supervisor = models.CharField(_("监管责任人"), max_length=50, blank=True)
    supervised_from = models.DateField(_("落实监管日期"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = SubjectQuerySet.as_manager()

    class Meta:
        verbose_name = _("主体")
        # Lists go by place and number. The name stands in the first index so that a search for a part of it reads
        # the index and not the rows; the others hold the few rows that the common filters leave.
        indexes = [
            models.Index(fields=["division", "number", "name"], name="subject_by_place"),
            models.Index(fields=["type", "division", "number"], name="subject_by_type"),
            models.Index(
                fields=["division", "number"], name="subject_unsupervised", condition=Q(supervised_from__isnull=True)
            ),
            models.Index(fields=["division", "number"], name="subject_closed", condition=Q(closed_on__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["uscc"], condition=~Q(uscc=""), name="subject_uscc_once"),
            models.CheckConstraint(
                name="subject_has_code_unless_a_person", condition=Q(type__in=sorted(PERSONS)) | ~Q(uscc="")
            ),
            models.CheckConstraint(
                name="subject_supervised_wholly_or_not_at_all",
                condition=Q(supervised_from__isnull=True, supervising__isnull=True, supervisor="")
                | (Q(supervised_from__isnull=False, supervising__isnull=False) & ~Q(supervisor="")),
            ),
            models.CheckConstraint(
                name="subject_closed_after_registered",
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=models.F("registered_on")),
            ),
            models.CheckConstraint(
                name="subject_closed_with_a_reason",
                condition=Q(closed_on__isnull=True, close_reason="") | Q(closed_on__isnull=False) & ~Q(close_reason=""),
            ),
        ]

    def __str__(self) -> str:
        return bracketed(self.name, self.number)

    @property
    def facts(self) -> Facts:
        """What the entry says, for the rules."""
        return Facts(
            name=self.name, type=self.type, scale=self.scale, uscc=self.uscc, division=self.division_id,
            contact=self.contact, phone=self.phone, registered_on=self.registered_on, address=self.address,
            products=self.products,
        )  # fmt: skip


class Serial(models.Model):
    """The last number given out under a prefix (ZT-360902-). The row is locked while a number is taken."""

    prefix = models.CharField(max_length=32, primary_key=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.prefix}{self.last:06d}"
