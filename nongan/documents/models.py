"""Files that people brought, and tables on their way in."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class Document(models.Model):
    """A stored file: what it is, who brought it, and the hash of its bytes. The bytes lie outside the web root."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    name = models.CharField(_("文件名"), max_length=200)
    content_type = models.CharField(_("类型"), max_length=100)
    size = models.PositiveBigIntegerField(_("大小（字节）"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    by = models.CharField(_("上传人"), max_length=200)
    at = models.DateTimeField(_("上传时间"))

    class Meta:
        verbose_name = _("文件")

    def __str__(self) -> str:
        return self.name


class ImportState(models.TextChoices):
    CHECKED = "checked", _("待确认")
    DONE = "done", _("已导入")
    DROPPED = "dropped", _("已放弃")


class Import(models.Model):
    """A table that was read and checked, and waits for a person to confirm; nothing is saved before."""

    kind = models.CharField(_("种类"), max_length=50)
    document = models.ForeignKey("documents.Document", models.PROTECT, related_name="+", verbose_name=_("文件"))
    state = models.CharField(_("状态"), max_length=10, choices=ImportState, default=ImportState.CHECKED)
    rows = models.PositiveIntegerField(_("行数"))
    bad_rows = models.PositiveIntegerField(_("有错误的行数"), default=0)
    problems = models.JSONField(_("问题"), default=list)
    options = models.JSONField(_("选项"), default=dict)
    owner = models.CharField(_("经办账号"), max_length=150)
    by = models.CharField(_("经办人"), max_length=200)
    at = models.DateTimeField(_("上传时间"))
    done_at = models.DateTimeField(_("导入时间"), null=True)

    class Meta:
        verbose_name = _("导入")

    def __str__(self) -> str:
        return f"{self.kind} {self.document_id}"
