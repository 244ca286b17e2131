from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from nongan.journal.rules import name_acts


class RegistryConfig(AppConfig):
    name = "nongan.registry"

    def ready(self) -> None:
        import_module("nongan.documents.services").register(import_module("nongan.registry.services.imports").kind())
        name_acts(
            {
                "registry.subject.registered": _("纳入名录"),
                "registry.subject.changed": _("修改主体"),
                "registry.subject.supervised": _("落实监管"),
                "registry.subject.closed": _("退出名录"),
                "registry.subject.reopened": _("恢复纳入名录"),
            }
        )
