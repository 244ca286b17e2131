"""Kinds of subjects. Pure."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class SubjectType(TextChoices):
    ENTERPRISE = "enterprise", _("农产品生产企业")
    COOPERATIVE = "cooperative", _("农民专业合作社")
    GROWER = "grower", _("种植大户")
    BREEDER = "breeder", _("养殖大户")
    FAMILY_FARM = "family_farm", _("家庭农场")
    SLAUGHTERHOUSE = "slaughterhouse", _("畜禽屠宰企业")
    STORAGE = "storage", _("收购储运企业")
    BROKER = "broker", _("经纪人")
    WHOLESALE = "wholesale", _("批发市场")
    RETAIL = "retail", _("零售市场")
    INPUT_MAKER = "input_maker", _("投入品生产企业")
    INPUT_DEALER = "input_dealer", _("农资经营店")


class Scale(TextChoices):
    ABOVE = "above", _("规模以上")
    BELOW = "below", _("规模以下")
