from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from nongan.journal.rules import name_acts


class StandardsConfig(AppConfig):
    name = "nongan.standards"

    def ready(self) -> None:
        register = import_module("nongan.documents.services").register
        for kind in import_module("nongan.standards.services.imports").kinds():
            register(kind)
        name_acts(
            {
                "standards.edition.imported": _("导入标准版本"),
                "standards.edition.ended": _("修改标准有效期"),
                "standards.limit.added": _("新增限量"),
                "standards.limit.changed": _("改正限量"),
                "standards.limit.ended": _("修改限量有效期"),
                "standards.commodity.imported": _("导入食品分类"),
                "standards.analyte.imported": _("导入检测项目"),
                "standards.ban.imported": _("导入禁限用"),
            }
        )
