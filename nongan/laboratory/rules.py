"""States of a specimen in a laboratory. Pure."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class SpecimenState(TextChoices):
    RECEIVED = "received", _("待检")
    ENTERED = "entered", _("待复核")
    VERIFIED = "verified", _("待签发")
    SIGNED = "signed", _("已签发")
    REJECTED = "rejected", _("拒收")
