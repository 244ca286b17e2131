from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from nongan.journal.rules import name_acts


class DemoConfig(AppConfig):
    name = "nongan.demo"

    def ready(self) -> None:
        name_acts({"demo.city.built": _("建成演示城市")})
