"""Organisations, people and the keys of systems."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from nongan.accounts.rules import Permission, Role, may
from nongan.common.divisions import within


class OrganisationKind(models.TextChoices):
    GOVERNMENT = "government", _("政府及部门")
    ENFORCEMENT = "enforcement", _("执法机构")
    LABORATORY = "laboratory", _("检测机构")
    TOWNSHIP = "township", _("乡镇监管站")
    SUBJECT = "subject", _("生产经营主体")


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def in_division(self, code: str) -> "OrganisationQuerySet":
        return self.filter(within("division_id", code))


class Organisation(models.Model):
    """A unit that people belong to and that plans give tasks to."""

    name = models.CharField(_("名称"), max_length=100)
    aliases = models.JSONField(_("别名"), default=list, blank=True, help_text=_("文件中的简称或机构改革前的名称"))
    kind = models.CharField(_("类型"), max_length=20, choices=OrganisationKind)
    division = models.ForeignKey("places.Division", models.PROTECT, related_name="+", verbose_name=_("区划"))
    active = models.BooleanField(_("在用"), default=True)
    version = models.PositiveIntegerField(default=1)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("机构")
        constraints = [models.UniqueConstraint(fields=["division", "name"], name="organisation_name_in_division")]

    def __str__(self) -> str:
        return self.name


class User(AbstractUser):
    """A person: one role, one organisation, one division that bounds what is seen.

    `subject_number` ties a producer or dealer to the own subject (registry stands above, so a text).
    """

    full_name = models.CharField(_("姓名"), max_length=50)
    role = models.CharField(_("角色"), max_length=30, choices=Role)
    organisation = models.ForeignKey(
        "accounts.Organisation", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("机构")
    )
    division = models.ForeignKey(
        "places.Division", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("管辖区划")
    )
    subject_number = models.CharField(_("所属主体"), max_length=32, blank=True)
    phone = models.CharField(_("手机"), max_length=20, blank=True)
    must_change_password = models.BooleanField(_("须修改密码"), default=True)
    totp_required = models.BooleanField(_("已启用动态口令"), default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("用户")

    def __str__(self) -> str:
        """As journal and documents keep who did it: whoever reads it, in whatever language."""
        return f"{self.full_name}（{self.username}）"

    @property
    def scope(self) -> str:
        """The full code of the division that bounds what this person sees; blank sees nothing."""
        return self.division_id or ""

    def may(self, permission: Permission) -> bool:
        return may(self.role, permission)


class ApiToken(models.Model):
    """A key with which a system speaks as a person. Only its SHA-256 is kept."""

    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name=_("用户"))
    label = models.CharField(_("用途"), max_length=100)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(_("创建时间"))
    expires_at = models.DateTimeField(_("到期时间"))
    revoked_at = models.DateTimeField(_("撤销时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("接口令牌")

    def __str__(self) -> str:
        return self.label
