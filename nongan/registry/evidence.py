"""What the registry offers for counting: one row per subject that stands or stood in it."""

from typing import Any, cast

from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from nongan.common.evidence import FIXED, EvidenceView
from nongan.registry.models import Subject

FACTS = {"type": "text", "scale": "text", "supervised_from": "date", "closed_on": "date"}


def subjects(ids: list[int] | None) -> "QuerySet[Any, dict[str, Any]]":
    """Every subject, or some; counted from the day it was entered, whether or not it has left since."""
    rows = Subject.objects.all() if ids is None else Subject.objects.filter(pk__in=ids)
    named = rows.annotate(title=F("name"), date=F("registered_on"))
    return cast("QuerySet[Any, dict[str, Any]]", named.values(*FIXED, *FACTS))


VIEWS = [
    EvidenceView(
        name="registry.subjects",
        title=_("监管名录中的主体"),
        rows=subjects,
        link="registry:subject",
        facts=FACTS,
        touched_by={
            "registry.subject.registered": "",
            "registry.subject.changed": "",
            "registry.subject.supervised": "",
            "registry.subject.closed": "",
            "registry.subject.reopened": "",
        },
    )
]
