from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from nongan.journal.rules import name_acts


class DocumentsConfig(AppConfig):
    name = "nongan.documents"

    def ready(self) -> None:
        name_acts(
            {
                "documents.file.stored": _("保存文件"),
                "documents.import.done": _("导入表格"),
                "documents.import.dropped": _("放弃导入"),
            }
        )
