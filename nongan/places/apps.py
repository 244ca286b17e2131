from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from nongan.journal.rules import name_acts


class PlacesConfig(AppConfig):
    name = "nongan.places"

    def ready(self) -> None:
        from nongan.documents.services import register
        from nongan.places.services import POPULATION

        register(POPULATION)
        name_acts(
            {
                "places.population.set": _("登记常住人口"),
                "places.population.removed": _("删除常住人口"),
                "places.boundary.set": _("导入边界"),
            }
        )
