from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, Warning, register
from django.utils.translation import gettext_lazy as _

from nongan.indicators.queries.catalogue import faults
from nongan.journal.rules import name_acts


def check_definitions(**kwargs: Any) -> list[CheckMessage]:
    """A definition that cannot be used stops the server; one whose evidence is not offered yet is only left out."""
    found: list[CheckMessage] = [Error(text, id="indicators.E001") for text in faults().unusable]
    return found + [Warning(text, id="indicators.W001") for text in faults().waiting]


class IndicatorsConfig(AppConfig):
    name = "nongan.indicators"

    def ready(self) -> None:
        register(check_definitions)
        name_acts({"indicators.recount.asked": _("要求重新计算指标")})
