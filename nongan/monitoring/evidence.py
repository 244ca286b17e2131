"""Official results for counting: one row for each sample whose report is in force."""

from typing import Any, cast

from django.db.models import BooleanField, ExpressionWrapper, F, Q, QuerySet, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext_lazy as _

from nongan.common.evidence import EvidenceView
from nongan.monitoring.models import Sample
from nongan.monitoring.rules import Verdict


def official_results(ids: list[int] | None) -> "QuerySet[Any, dict[str, Any]]":
    """Concluded samples, judged or published. A sample whose report is withdrawn leaves the view.

    Two joins, both by primary key. `commodity` and `subject` stand last: once they are names of the result, what they
    were in the model is out of reach.
    """
    samples = Sample.objects.concluded() if ids is None else Sample.objects.concluded().filter(pk__in=ids)
    plain = samples.values("id", "number", "division", "kind", "verdict", "tested_banned", "quantitative")
    rows = plain.annotate(
        date=F("sampled_on"),
        title=Concat("commodity__name", Value(" · "), "subject__name"),
        passed=_is(Q(verdict=Verdict.PASS)),
        failed=_is(Q(verdict=Verdict.FAIL)),
        banned_free=_is(Q(tested_banned=True, banned=False)),
        subject=F("subject__number"),
        commodity=F("commodity__name"),
    )
    return cast("QuerySet[Any, dict[str, Any]]", rows)


def _is(condition: Q) -> Any:
    return ExpressionWrapper(condition, output_field=BooleanField())


VIEWS = [
    EvidenceView(
        name="monitoring.official_results",
        title=_("官方抽检结果"),
        rows=official_results,
        link="monitoring:sample",
        facts={
            "kind": "text",
            "commodity": "text",
            "subject": "text",
            "verdict": "text",
            "passed": "bool",
            "failed": "bool",
            "tested_banned": "bool",
            "banned_free": "bool",
            "quantitative": "bool",
        },
        touched_by={"monitoring.sample.judged": "sample", "monitoring.sample.reopened": "sample"},
    )
]
